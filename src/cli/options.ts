/** Options and arguments that several commands share, and the parsing of their values. */
import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import type { RejectionLimit } from '../plan/rejections.ts';

/** Where runs are kept when nothing else is said: a folder of the current one. */
const DEFAULT_STORE = './.backfill';

/** `--store`. */
export function storeOption(): Option {
  return new Option('--store <folder>', 'where runs are kept')
    .argParser(storeLocation)
    .default(DEFAULT_STORE)
    .env('BACKFILL_STORE');
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document on stdout');
}

/** `--concurrency`. */
export function concurrencyOption(): Option {
  return new Option('-c, --concurrency <n>', 'worker processes at one time')
    .argParser(positiveInteger)
    .default(availableParallelism(), 'as many as there are cores');
}

/** `--grace`. */
export function graceOption(): Option {
  return new Option('--grace <seconds>', 'how long tracks in flight may go on when interrupted')
    .argParser(positiveNumber)
    .default(20);
}

/** Anything but nothing: an unset variable of a script is not to make the current folder a store. */
function storeLocation(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('a folder is expected');
  return text;
}

/** A whole number from 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1 is expected');
  return value;
}

/** A number over 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0 || text.trim() === '') {
    throw new InvalidArgumentError('a number over 0 is expected');
  }
  return value;
}

/** No limit on a track's length may be longer: a week. (ffmpeg counts microseconds in 64 bits.) */
export const MAX_DURATION_SECONDS: number = 7 * 24 * 3600;

/** Seconds that a track may last. */
export function durationLimit(text: string): number {
  const value = positiveNumber(text);
  if (value > MAX_DURATION_SECONDS) {
    throw new InvalidArgumentError(`at most ${MAX_DURATION_SECONDS}, a week, is possible`);
  }
  return value;
}

/** Names between commas, added to those of the option's earlier uses. */
export function nameList(text: string, earlier: readonly string[] | undefined): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('names with commas between them are expected');
  return [...(earlier ?? []), ...names];
}

/** `100` or `2.5%`. */
export function rejectionLimit(text: string): RejectionLimit {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const value = Number(match?.[1]);
  if (match?.[2] === '%' && value <= 100) return { fraction: value / 100 };
  if (match?.[2] === '' && Number.isSafeInteger(value)) return { count: value };
  throw new InvalidArgumentError('a count such as 100, or a share such as 2.5%, is expected');
}

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** `4g`, `500M`, `1048576`. */
export function byteCount(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  const value = Number(match?.[1]) * (BYTES_PER_UNIT[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
  if (!Number.isFinite(value) || value < 1)
    throw new InvalidArgumentError('a size such as 500m or 4g is expected');
  return Math.floor(value);
}

/** ` --store X` as it has to be repeated in a hint; nothing where it was not given. */
export function storeHint(store: string): string {
  return store === DEFAULT_STORE
    ? ''
    : ` --store ${/^[\w./:@+-]+$/.test(store) ? store : shellQuoted(store)}`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
