/** Options and arguments that several commands share, and the parsing of their values. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { homePath } from '../home-path.ts';
import { LANGUAGE_TAG_EXPECTED, languageTag } from '../language-tag.ts';
import type { RejectionLimit } from '../plan/rejections.ts';

/** Where runs are kept when nothing else is said: a folder of the current one. */
const DEFAULT_STORE = './.backfill';

/** `--store`. (main.ts adds the options of AWS to every command that has it.) */
export function storeOption(): Option {
  return new Option('--store <folder>', 'where runs are kept: a folder, or s3://bucket/prefix')
    .argParser(storeLocation)
    .default(DEFAULT_STORE)
    .env('BACKFILL_STORE');
}

const AWS_GROUP = 'AWS (default: as all its tools find it):';

/** Adds `--region`, `--profile` and `--endpoint-url`. */
export function addAwsOptions(command: Command): Command {
  return command
    .addOption(new Option('--region <name>', 'such as eu-west-1').helpGroup(AWS_GROUP))
    .addOption(new Option('--profile <name>', 'of ~/.aws/config').helpGroup(AWS_GROUP))
    .addOption(new Option('--endpoint-url <url>', 'of another server that speaks S3').helpGroup(AWS_GROUP));
}

/**
 * Says the AWS options as the environment variables of all AWS tools: so every client heeds them, and the
 * workers that are started from here inherit them.
 */
export function exportAwsOptions(options: Readonly<Record<string, unknown>>): void {
  for (const [option, variable] of [
    ['region', 'AWS_REGION'],
    ['profile', 'AWS_PROFILE'],
    ['endpointUrl', 'AWS_ENDPOINT_URL_S3'],
  ] as const) {
    const value = options[option];
    if (typeof value === 'string') process.env[variable] = value;
  }
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON document on stdout');
}

/** `--vcpu-price`: what estimates and costs are reckoned with. */
export function vcpuPriceOption(): Option {
  return new Option('--vcpu-price <dollars>', 'of one vCPU for an hour, on spot as a rule')
    .argParser(positiveNumber)
    .default(DEFAULT_VCPU_PRICE)
    .env('BACKFILL_VCPU_PRICE');
}

/** About what spot took for one vCPU of a general-purpose machine in us-east-1 in 2026, USD an hour. */
const DEFAULT_VCPU_PRICE = 0.012;

/** `--grace`. */
export function graceOption(): Option {
  return new Option('--grace <seconds>', 'how long tracks in flight may go on when interrupted')
    .argParser(positiveNumber)
    .default(20);
}

/** Anything but nothing: an unset variable of a script is not to make the current folder a store. */
function storeLocation(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('a folder or s3://bucket/prefix is expected');
  return text;
}

/** The name of a file or a folder: anything but nothing. */
export function fileName(text: string): string {
  if (text === '') throw new InvalidArgumentError('a name is expected');
  return homePath(text);
}

/** A language, in whatever spelling manifests may have it. */
export function language(text: string): string {
  const tag = languageTag(text);
  if (tag === undefined) throw new InvalidArgumentError(LANGUAGE_TAG_EXPECTED);
  return tag;
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
