import { addCounts } from '../run/checkpoint.ts';
import { shardOfPrefix, shardsPrefix } from '../run/keys.ts';
import type { Checkpoint, OutcomeCounts } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { listDoneMarkers } from '../worker/done-markers.ts';
import { readCheckpoint } from '../worker/shard-checkpoint.ts';

/** Checkpoints of shards under way are read one by one: so many at most for a status. */
const MAX_CHECKPOINTS_READ = 24;

/** What the store tells about a run's shards. */
export interface ShardStates {
  readonly finished: ReadonlySet<number>;
  /** Claimed, and not finished. */
  readonly started: ReadonlySet<number>;
  /** Committed outcomes: of all finished shards, and of those under way as far as they were read. */
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  /** Of shards under way, as far as they were read. */
  readonly checkpoints: readonly Checkpoint[];
  /** Seconds that workers have taken for the shards that `counts` holds. */
  readonly workSeconds: number;
  /** How often their machines were taken away. */
  readonly reclaims: number;
}

/**
 * Reads the states of all shards by two listings, one request a thousand shards each, and the checkpoints
 * of some shards under way. Memory is a few bytes a shard.
 */
export async function readShardStates(store: ObjectStore, run: string): Promise<ShardStates> {
  // Side by side: listing is what a status of many shards waits for.
  const [finishedShards, claimed] = await Promise.all([readMarkers(store, run), listClaimed(store, run)]);
  const { finished, unread } = finishedShards;
  let { counts, workSeconds, reclaims } = finishedShards;
  const started = new Set([...claimed].filter((shard) => !finished.has(shard)));
  const checkpoints: Checkpoint[] = [];
  const underWay = [...started].slice(0, MAX_CHECKPOINTS_READ);
  for (const { checkpoint } of await readAll(store, run, underWay)) {
    checkpoints.push(checkpoint);
    workSeconds += checkpoint.workSeconds;
    reclaims += checkpoint.reclaims ?? 0;
    counts = addCounts(counts, checkpoint.counts);
  }
  for (const { checkpoint } of await readAll(store, run, unread)) {
    counts = addCounts(counts, checkpoint.counts);
  }
  return { finished, started, counts, checkpoints, workSeconds, reclaims };
}

interface FinishedShards {
  readonly finished: ReadonlySet<number>;
  /** Finished shards whose counts only their checkpoints have. */
  readonly unread: readonly number[];
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  readonly workSeconds: number;
  readonly reclaims: number;
}

async function readMarkers(store: ObjectStore, run: string): Promise<FinishedShards> {
  const finished = new Set<number>();
  const unread: number[] = [];
  let counts: Record<string, OutcomeCounts> = {};
  let [workSeconds, reclaims] = [0, 0];
  for await (const marker of listDoneMarkers(store, run)) {
    if (finished.has(marker.shard)) continue;
    finished.add(marker.shard);
    workSeconds += marker.workSeconds;
    reclaims += marker.reclaims;
    if (marker.counts === undefined) unread.push(marker.shard);
    else counts = addCounts(counts, marker.counts);
  }
  return { finished, unread, counts, workSeconds, reclaims };
}

/** Rolled up, since shards under way hold parts as well: one entry a shard, whatever it holds. */
async function listClaimed(store: ObjectStore, run: string): Promise<Set<number>> {
  const claimed = new Set<number>();
  for await (const { key } of store.list(shardsPrefix(run), { delimiter: '/' })) {
    const shard = shardOfPrefix(run, key);
    if (shard !== undefined) claimed.add(shard);
  }
  return claimed;
}

async function readAll(
  store: ObjectStore,
  run: string,
  shards: readonly number[],
): Promise<{ readonly checkpoint: Checkpoint }[]> {
  const read = await Promise.all(shards.map((shard) => readCheckpoint(store, run, shard)));
  return read.filter((found) => found !== undefined);
}
