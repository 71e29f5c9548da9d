import type { Writable } from 'node:stream';
import { BackfillError } from '../../errors.ts';
import { EXIT } from '../exit.ts';

/** Says what went wrong, and whose turn it is; a bug of ours with its stack. Returns the exit code. */
export function renderError(error: unknown, out: Writable): number {
  if (error instanceof BackfillError && error.fault !== 'internal') {
    out.write(`backfill: ${error.message}\n`);
    if (error.hint !== undefined) out.write(`  ${error.hint}\n`);
    return error.fault === 'usage' ? EXIT.usage : EXIT.unable;
  }
  const system = error as NodeJS.ErrnoException;
  if (error instanceof Error && system.syscall !== undefined) {
    out.write(`backfill: ${withoutErrno(error.message)}\n`);
    return EXIT.unable;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  out.write(`backfill: a bug in backfill; please report this:\n${stack}\n`);
  return EXIT.unable;
}

/** `EACCES: permission denied, open 'x'` without the first word. */
function withoutErrno(text: string): string {
  return text.replace(/^E[A-Z0-9]+: /, '');
}
