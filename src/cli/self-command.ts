import { fileURLToPath } from 'node:url';

/** The command line of this very program. */
export const SELF_COMMAND: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../bin/backfill.js', import.meta.url)),
];
