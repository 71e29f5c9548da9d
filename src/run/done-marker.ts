/**
 * The marker of a finished shard: an empty object whose key says it all, so that the status of a run of
 * tens of thousands of shards is one listing.
 *
 *     done/000012-58-2-fingerprint.20_chorus.18.too-short.2_pitch.20~843.1
 *
 * The shard, its succeeded and failed outcomes, and the same by algorithm and failure code; then the seconds
 * that its workers took, and how often one was reclaimed. What is too long for a file's name goes on in folders:
 * a slash says nothing here. Where it is too long for a key, the counts by algorithm are left out, and the
 * shard's checkpoint has them.
 */
import { failedOutcomes } from './checkpoint.ts';
import { storeDamaged } from './damage.ts';
import { donePrefix, shardName } from './keys.ts';
import type { Checkpoint, OutcomeCounts } from './records.ts';

/** File systems allow 255 bytes in a name. */
const MAX_NAME_BYTES = 250;

/** S3 allows 1,024 bytes in a key, with that of the store and of the run before it. */
const MAX_MARKER_BYTES = 700;

export interface DoneMarker {
  readonly shard: number;
  readonly succeeded: number;
  readonly failed: number;
  /** By algorithm; undefined where only the checkpoint has it. */
  readonly counts: Readonly<Record<string, OutcomeCounts>> | undefined;
  /** Seconds that its attempts have worked for it, rounded. */
  readonly workSeconds: number;
  /** How many of its attempts came after one whose machine was taken away. */
  readonly reclaims: number;
}

/** The key of a finished shard's marker. */
export function doneMarkerKey(
  run: string,
  {
    shard,
    counts,
    workSeconds,
    reclaims = 0,
  }: Pick<Checkpoint, 'shard' | 'counts' | 'workSeconds' | 'reclaims'>,
): string {
  let [succeeded, failed] = [0, 0];
  const details: string[] = [];
  for (const [algorithm, outcome] of sorted(counts)) {
    succeeded += outcome.succeeded;
    const words: (string | number)[] = [algorithm, outcome.succeeded];
    for (const [code, count] of sorted(outcome.failed)) {
      failed += count;
      words.push(code, count);
    }
    details.push(words.join('.'));
  }
  const short = `${shardName(shard)}-${succeeded}-${failed}`;
  const full = [short, details.join('_')].join('-');
  const work = `~${Math.round(workSeconds)}.${reclaims}`;
  return donePrefix(run) + folded((full.length + work.length > MAX_MARKER_BYTES ? short : full) + work);
}

/** Cut into names, each but the last of which ends with a dot: no name may begin with one. */
function folded(marker: string): string {
  if (marker.length <= MAX_NAME_BYTES) return marker;
  const end = marker.lastIndexOf('.', MAX_NAME_BYTES - 1) + 1;
  return `${marker.slice(0, end)}/${folded(marker.slice(end))}`;
}

const MARKER = /^(\d{6,10})-(\d{1,10})-(\d{1,10})(?:-([a-z0-9._-]*))?(?:~(\d{1,12})\.(\d{1,6}))?$/;

/**
 * Reads a marker's key; undefined for a key that is none.
 * @throws BackfillError `store-damaged` where its counts do not add up
 */
export function parseDoneMarker(run: string, key: string): DoneMarker | undefined {
  const match = MARKER.exec(key.slice(donePrefix(run).length).replaceAll('/', ''));
  if (match === null) return undefined;
  const [, shard, succeeded, failed, details, workSeconds = 0, reclaims = 0] = match;
  const counts = details === undefined ? undefined : parseDetails(details);
  if (counts !== undefined && !addsUp(counts, Number(succeeded), Number(failed))) {
    throw storeDamaged(key, 'the counts in its name do not add up');
  }
  return {
    shard: Number(shard),
    succeeded: Number(succeeded),
    failed: Number(failed),
    counts,
    workSeconds: Number(workSeconds),
    reclaims: Number(reclaims),
  };
}

function addsUp(counts: Readonly<Record<string, OutcomeCounts>>, succeeded: number, failed: number): boolean {
  const outcomes = Object.values(counts);
  const sum = outcomes.reduce((total, outcome) => total + outcome.succeeded, 0);
  return sum === succeeded && failedOutcomes(counts) === failed;
}

function parseDetails(details: string): Record<string, OutcomeCounts> {
  const counts: Record<string, OutcomeCounts> = {};
  for (const detail of details === '' ? [] : details.split('_')) {
    const [algorithm, succeeded, ...failures] = detail.split('.');
    const failed: Record<string, number> = {};
    for (let i = 0; i + 1 < failures.length; i += 2) failed[failures[i] ?? ''] = Number(failures[i + 1]);
    counts[algorithm ?? ''] = { succeeded: Number(succeeded), failed };
  }
  return counts;
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
