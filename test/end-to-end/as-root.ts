/** What only root may do, and on Linux alone: file systems and containers of a test's own. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Starts a command as the first process of a PID namespace of its own, as a container does. */
export const IN_CONTAINER: readonly string[] = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** Why there can be no PID namespace here; undefined where there can. */
export const noNamespaces: string | undefined = whyNot([...IN_CONTAINER, 'true']);

/** Why nothing can be mounted here; undefined where it can. */
export const noMounts: string | undefined = whyNot([
  'unshare',
  '--mount',
  'mount',
  '-t',
  'tmpfs',
  'tmpfs',
  '/mnt',
]);

/** A file system of its own, as small as is wanted. */
export interface SmallDisk {
  readonly folder: string;
  /** With the options of mount: `size=8m`, `ro`. */
  remount(options: string): Promise<void>;
  unmount(): Promise<void>;
}

/** Mounts a tmpfs at `folder`, which is made. */
export async function mountSmallDisk(folder: string, options: string): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  await run('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', folder);
  return {
    folder,
    remount: (changed) => run('mount', '-o', `remount,${changed}`, folder),
    unmount: () => run('umount', '--lazy', folder),
  };
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args);
}

function whyNot([program = '', ...args]: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${program} is refused: ${(error?.message ?? stderr).trim()}`;
}
