/** What only root may do, and on Linux alone: containers of a test's own. */
import { spawnSync } from 'node:child_process';

/** Starts a command as the first process of a PID namespace of its own, as a container does. */
export const IN_CONTAINER: readonly string[] = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** Why there can be no PID namespace here; undefined where there can. */
export const noNamespaces: string | undefined = whyNot([...IN_CONTAINER, 'true']);

function whyNot([program = '', ...args]: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${program} is refused: ${(error?.message ?? stderr).trim()}`;
}
