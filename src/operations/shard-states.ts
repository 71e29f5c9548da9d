import pLimit from 'p-limit';
import { BackfillError } from '../errors.ts';
import { failedOutcomes } from '../run/checkpoint.ts';
import type { DoneMarker } from '../run/done-marker.ts';
import { shardOfPrefix, shardsPrefix } from '../run/keys.ts';
import type { ShardWork, ShardsRead } from '../run/progress.ts';
import type { Checkpoint, OutcomeCounts } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { listDoneMarkers } from '../worker/done-markers.ts';
import { readCheckpoint } from '../worker/shard-checkpoint.ts';

/**
 * Checkpoints of shards under way are read one by one, so many at most for one look; of more, an evenly spread sample
 * is read. In S3 that is $0.0016 a look ($0.0004 a thousand reads). With this many, the committed share of what is
 * under way is known to half a point (one standard error, of shards that are anywhere between none and all).
 */
export const MAX_CHECKPOINTS_READ = 4096;
/** As many as the client of S3 ever has under way. */
const READS_AT_ONCE = 128;

/** Whoever watches a run looks this often at most... */
const LOOK_MILLISECONDS = 2000;
/** ...so that looking takes a twentieth of the time at most: a look at many shards is many requests... */
const MILLISECONDS_PER_LOOK_MILLISECOND = 20;
/**
 * ...and makes no more than a hundred requests a second: in S3, $0.14 an hour. With 4,000 shards under way that is a
 * look every 40 seconds, and their workers take $48 an hour.
 */
const MILLISECONDS_PER_REQUEST = 10;

/** A page of a listing. */
const KEYS_PER_REQUEST = 1000;

/** What the store tells about a run's shards. */
export interface ShardStates extends ShardsRead {
  /** Committed outcomes of all finished shards, but for those of {@link unmarked}. */
  readonly finishedCounts: Readonly<Record<string, OutcomeCounts>>;
  /** Whether a part of `finishedCounts` is scaled up: shards whose markers had no room for them, too many to read. */
  readonly finishedCountsEstimated: boolean;
  /** Committed outcomes of {@link unmarked} and of the shards under way that were read. */
  readonly readCounts: Readonly<Record<string, OutcomeCounts>>;
  /** Shards whose checkpoint can not be used, and why. Nothing of them is counted but their being there. */
  readonly unreadable: readonly { readonly shard: number; readonly reason: string }[];
  /** How many requests it took, in a store that is asked for a thousand keys at a time. */
  readonly requests: number;
}

/**
 * Reads the states of all shards: two listings, a request a thousand shards each, and the checkpoints of shards under
 * way, up to {@link MAX_CHECKPOINTS_READ}. A claimed shard whose checkpoint says that it is finished is finished,
 * though its marker may be lost or not written yet. Memory is some hundred bytes a shard.
 *
 * @param options `signal` aborted: rejects with its reason
 */
export async function readShardStates(
  store: ObjectStore,
  run: string,
  { signal, limit = MAX_CHECKPOINTS_READ }: { readonly signal?: AbortSignal; readonly limit?: number } = {},
): Promise<ShardStates> {
  // Side by side: listing is what a status of many shards waits for.
  const [marked, claimed] = await Promise.all([
    readMarkers(store, run, signal),
    listClaimed(store, run, signal),
  ]);
  const { finished, counts: finishedCounts, work, bare } = marked;
  const started = claimed.filter((shard) => !finished.has(shard)).toSorted((a, b) => a - b);
  const reader = new CheckpointReader(store, run, signal);

  const unmarked = new Set<number>();
  const readCounts = new CountSum();
  const sample = evenlySpread(started, limit);
  for (const shard of sample) work.set(shard, NOTHING_KNOWN);
  await reader.read(sample, (checkpoint) => {
    work.set(checkpoint.shard, workOf(checkpoint));
    readCounts.add(checkpoint.counts);
    if (checkpoint.state === 'finished') unmarked.add(checkpoint.shard);
  });

  const bareSample = evenlySpread([...bare.keys()], limit);
  const bareCounts = new CountSum();
  let bareOutcomes = 0;
  await reader.read(bareSample, (checkpoint) => {
    bareCounts.add(checkpoint.counts);
    bareOutcomes += bare.get(checkpoint.shard) ?? 0;
  });
  const left = [...bare.values()].reduce((sum, outcomes) => sum + outcomes, 0) - bareOutcomes;
  finishedCounts.add(bareCounts.byAlgorithm());
  if (bareOutcomes > 0) finishedCounts.add(scaleCounts(bareCounts.byAlgorithm(), left / bareOutcomes));
  for (const shard of unmarked) finished.add(shard);

  return {
    finished,
    unmarked,
    started: new Set(started.filter((shard) => !unmarked.has(shard))),
    work,
    finishedCounts: finishedCounts.byAlgorithm(),
    finishedCountsEstimated: left > 0,
    readCounts: readCounts.byAlgorithm(),
    unreadable: reader.unreadable,
    requests: pages(work.size) + pages(claimed.length) + sample.length + bareSample.length,
  };
}

/**
 * Milliseconds between two looks of whoever watches a run.
 * @param lookMilliseconds what the last look took
 * @param requests how many it made
 */
export function pauseAfterLook(lookMilliseconds: number, requests: number): number {
  return Math.max(
    LOOK_MILLISECONDS,
    MILLISECONDS_PER_LOOK_MILLISECOND * lookMilliseconds,
    MILLISECONDS_PER_REQUEST * requests,
  );
}

/** Outcomes in proportion, as whole numbers that come to no more than there are rows: failures are rounded down. */
export function scaleCounts(
  counts: Readonly<Record<string, OutcomeCounts>>,
  by: number,
): Record<string, OutcomeCounts> {
  const scaled = Object.entries(counts).map(([algorithm, { succeeded, failed }]) => [
    algorithm,
    {
      succeeded: Math.round(succeeded * by),
      failed: Object.fromEntries(
        Object.entries(failed).map(([code, count]) => [code, Math.floor(count * by)]),
      ),
    },
  ]);
  return Object.fromEntries(scaled) as Record<string, OutcomeCounts>;
}

/** All of them, or `limit` of them, spread evenly. */
function evenlySpread<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  return Array.from(
    { length: limit },
    (_, index) => items[Math.floor(((index + 0.5) * items.length) / limit)] as T,
  );
}

interface MarkedShards {
  readonly finished: Set<number>;
  readonly work: Map<number, ShardWork>;
  /** Outcomes by algorithm of those that have them in their markers. */
  readonly counts: CountSum;
  /** Those whose checkpoints alone have them, and how many outcomes each has. */
  readonly bare: ReadonlyMap<number, number>;
}

async function readMarkers(
  store: ObjectStore,
  run: string,
  signal: AbortSignal | undefined,
): Promise<MarkedShards> {
  const work = new Map<number, ShardWork>();
  const bare = new Map<number, number>();
  const counts = new CountSum();
  for await (const marker of listDoneMarkers(store, run, signal)) {
    if (work.has(marker.shard)) continue;
    work.set(marker.shard, workOfMarker(marker));
    if (marker.counts === undefined) {
      bare.set(marker.shard, marker.succeeded + marker.failed);
    } else {
      counts.add(marker.counts);
    }
  }
  return { finished: new Set(work.keys()), work, counts, bare };
}

/** Adds up outcomes of tens of thousands of shards, in place. */
class CountSum {
  readonly #algorithms = new Map<string, { succeeded: number; readonly failed: Map<string, number> }>();

  add(counts: Readonly<Record<string, OutcomeCounts>>): void {
    for (const algorithm in counts) {
      const { succeeded, failed } = counts[algorithm] as OutcomeCounts;
      let sum = this.#algorithms.get(algorithm);
      if (sum === undefined) this.#algorithms.set(algorithm, (sum = { succeeded: 0, failed: new Map() }));
      sum.succeeded += succeeded;
      for (const code in failed) sum.failed.set(code, (sum.failed.get(code) ?? 0) + (failed[code] as number));
    }
  }

  byAlgorithm(): Record<string, OutcomeCounts> {
    return Object.fromEntries(
      Array.from(this.#algorithms, ([algorithm, { succeeded, failed }]) => [
        algorithm,
        { succeeded, failed: Object.fromEntries(failed) },
      ]),
    );
  }
}

/** Rolled up, since shards under way hold parts as well: one entry a shard, whatever it holds. */
async function listClaimed(
  store: ObjectStore,
  run: string,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const claimed: number[] = [];
  const options = signal === undefined ? {} : { signal };
  for await (const { key } of store.list(shardsPrefix(run), { delimiter: '/', ...options })) {
    const shard = shardOfPrefix(run, key);
    if (shard !== undefined) claimed.push(shard);
  }
  return claimed;
}

/** Reads checkpoints; one that can not be used is remembered, and keeps none of the others from being read. */
class CheckpointReader {
  readonly unreadable: { shard: number; reason: string }[] = [];
  readonly #store: ObjectStore;
  readonly #run: string;
  readonly #signal: AbortSignal | undefined;

  constructor(store: ObjectStore, run: string, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#run = run;
    this.#signal = signal;
  }

  /** Hands on each that is there and of use, as it comes: there is none before a shard's first. */
  async read(shards: readonly number[], take: (checkpoint: Checkpoint) => void): Promise<void> {
    const limit = pLimit(READS_AT_ONCE);
    await Promise.all(
      shards.map((shard) =>
        limit(async () => {
          const checkpoint = await this.#readOne(shard);
          if (checkpoint !== undefined) take(checkpoint);
        }),
      ),
    );
  }

  async #readOne(shard: number): Promise<Checkpoint | undefined> {
    this.#signal?.throwIfAborted();
    try {
      return (await readCheckpoint(this.#store, this.#run, shard))?.checkpoint;
    } catch (error) {
      if (!(error instanceof BackfillError) || error.code !== 'store-damaged') throw error;
      this.unreadable.push({ shard, reason: error.message });
      return undefined;
    }
  }
}

const NOTHING_KNOWN: ShardWork = { fraction: 0, failed: 0, workSeconds: 0, reclaims: 0 };

function workOf({ next, rows, state, counts, workSeconds, reclaims = 0 }: Checkpoint): ShardWork {
  const fraction = state === 'finished' || rows === 0 ? 1 : Math.min(1, next / rows);
  return { fraction, failed: failedOutcomes(counts), workSeconds, reclaims };
}

function workOfMarker({ failed, workSeconds, reclaims }: DoneMarker): ShardWork {
  return { fraction: 1, failed, workSeconds, reclaims };
}

function pages(keys: number): number {
  return Math.floor(keys / KEYS_PER_REQUEST) + 1;
}
