import { BackfillError, reasonOf } from '../../errors.ts';
import { systemFailure } from '../../system-failures.ts';
import { EXIT } from '../exit.ts';

/** What went wrong, and whose turn it is: for people, and as an exit code. A bug of ours comes with its stack. */
export function renderError(thrown: unknown): { readonly text: string; readonly code: number } {
  // A limit that is reached may show anywhere.
  const error = thrown instanceof BackfillError ? thrown : (systemFailure(thrown) ?? thrown);
  if (error instanceof BackfillError && error.fault !== 'internal') {
    const hint = error.hint === undefined ? '' : `  ${error.hint}\n`;
    const code = error.fault === 'usage' ? EXIT.usage : EXIT.unable;
    return { text: `backfill: ${error.message}\n${hint}`, code };
  }
  const refused = refusalOf(error);
  if (refused !== undefined) return { text: `backfill: ${refusalText(refused)}\n`, code: EXIT.unable };
  const stack = error instanceof Error ? error.stack : String(error);
  return { text: `backfill: a bug in backfill; please report this:\n${stack}\n`, code: EXIT.unable };
}

/** An error of the system, as Node has it. */
interface Refusal extends NodeJS.ErrnoException {
  readonly syscall: string;
  readonly dest?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

/** Of several addresses that were tried, the first. */
function refusalOf(error: unknown): Refusal | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'syscall' in first ? (first as Refusal) : undefined;
}

/** System calls as people say them; any other stands for itself. */
const DOINGS: Readonly<Record<string, string>> = {
  access: 'look at',
  connect: 'connect to',
  copyfile: 'copy',
  fdatasync: 'write to the disk',
  fsync: 'write to the disk',
  getaddrinfo: 'find the host',
  link: 'link',
  lstat: 'look at',
  mkdir: 'make the folder',
  mkdtemp: 'make the folder',
  opendir: 'list the folder',
  rm: 'remove',
  rmdir: 'remove the folder',
  scandir: 'list the folder',
  stat: 'look at',
  unlink: 'remove',
};

/** `could not open '/x': permission denied`. */
function refusalText(error: Refusal): string {
  const { syscall, path, dest, address, port, hostname } = error;
  const host = address === undefined ? hostname : `${address}${port === undefined ? '' : `:${port}`}`;
  const what = path === undefined ? (host ?? '') : `'${path}'`;
  const to = dest === undefined ? '' : ` to '${dest}'`;
  const doing = DOINGS[syscall] ?? syscall.replace(/^spawn .*/, 'start');
  return `could not ${doing}${what === '' ? '' : ` ${what}`}${to}: ${reasonOf(error)}`;
}
