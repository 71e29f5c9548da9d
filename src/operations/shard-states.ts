import { addCounts } from '../run/checkpoint.ts';
import { parseDoneMarker } from '../run/done-marker.ts';
import { donePrefix, shardOfCheckpointKey, shardsPrefix } from '../run/keys.ts';
import type { Checkpoint, OutcomeCounts } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readCheckpoint } from '../worker/shard-checkpoint.ts';

/** Checkpoints of shards under way are read one by one: so many at most for a status. */
const MAX_CHECKPOINTS_READ = 40;

/** What the store tells about a run's shards. */
export interface ShardStates {
  readonly finished: ReadonlySet<number>;
  /** Claimed, and not finished. */
  readonly started: ReadonlySet<number>;
  /** Committed outcomes: of all finished shards, and of those under way as far as they were read. */
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  /** Of shards under way, as far as they were read. */
  readonly checkpoints: readonly Checkpoint[];
}

/**
 * Reads the states of all shards by two listings, one request a thousand shards each, and the checkpoints
 * of at most forty shards under way. Memory is a few bytes a shard.
 */
export async function readShardStates(store: ObjectStore, run: string): Promise<ShardStates> {
  const finished = new Set<number>();
  const unread: number[] = [];
  let counts: Record<string, OutcomeCounts> = {};
  for await (const { key } of store.list(donePrefix(run))) {
    const marker = parseDoneMarker(run, key);
    if (marker === undefined || finished.has(marker.shard)) continue;
    finished.add(marker.shard);
    if (marker.counts === undefined) unread.push(marker.shard);
    else counts = addCounts(counts, marker.counts);
  }
  const started = new Set<number>();
  for await (const { key } of store.list(shardsPrefix(run))) {
    const shard = shardOfCheckpointKey(run, key);
    if (shard !== undefined && !finished.has(shard)) started.add(shard);
  }
  const checkpoints: Checkpoint[] = [];
  const underWay = [...started].slice(0, MAX_CHECKPOINTS_READ);
  for (const { checkpoint } of await readAll(store, run, underWay)) {
    checkpoints.push(checkpoint);
    counts = addCounts(counts, checkpoint.counts);
  }
  for (const { checkpoint } of await readAll(store, run, unread)) {
    counts = addCounts(counts, checkpoint.counts);
  }
  return { finished, started, counts, checkpoints };
}

async function readAll(
  store: ObjectStore,
  run: string,
  shards: readonly number[],
): Promise<{ readonly checkpoint: Checkpoint }[]> {
  const read = await Promise.all(shards.map((shard) => readCheckpoint(store, run, shard)));
  return read.filter((found) => found !== undefined);
}
