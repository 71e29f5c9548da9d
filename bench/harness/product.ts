/** The built product as its users run it. */
import { fileURLToPath } from 'node:url';
import type { TimedCommand } from './command.ts';

const BIN = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));

/** A command of backfill: `backfill(['plan', 'manifest.csv'])`. */
export function backfill(args: readonly string[], options: Partial<TimedCommand> = {}): TimedCommand {
  return { ...options, program: process.execPath, arguments: [BIN, ...args] };
}
