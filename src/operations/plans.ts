import { messageOf } from '../errors.ts';
import { type ShardEntry, readShardTable } from '../plan/shard-table.ts';
import { type PlannedTrack, decodeFrame, decodeRowsOf } from '../plan/plan-rows.ts';
import { readingPlan, storeDamaged } from '../run/damage.ts';
import { type ShardSpan, planHeader, shardSpans } from '../run/generations.ts';
import { RUN_PLAN, planKey, shardTableKey } from '../run/keys.ts';
import { assertDigest, digestBytes } from '../run/object-digest.ts';
import { readNamedObject } from '../run/read-object.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readAhead } from './read-ahead.ts';
import type { OpenRun } from './runs.ts';

/** Neighbouring frames are read together, up to so many bytes. */
const RANGE_BYTES = 1024 * 1024;
const RANGES_AHEAD = 8;

/** All shards of a run, of all its generations, in order. Memory: some tens of bytes a shard. */
export async function readShards(store: ObjectStore, run: OpenRun): Promise<SubmissionEntry[]> {
  const shards: SubmissionEntry[] = [];
  for (const span of shardSpans(run.record, run.generations)) {
    shards.push(...(await readGenerationShards(store, run.record.run, span)));
  }
  return shards;
}

/** The shards of one generation. */
export async function readGenerationShards(
  store: ObjectStore,
  run: string,
  { generation, plan, firstShard, shards, files }: ShardSpan,
): Promise<SubmissionEntry[]> {
  const key = shardTableKey(run, plan);
  const table = await readNamedObject(store, key);
  assertDigest(key, digestBytes(table), files?.shardTable);
  const entries = decodeShardTable(key, table);
  if (entries.length !== shards) throw storeDamaged(key, `it lists ${entries.length} shards, not ${shards}`);
  return entries.map((entry, index) => ({ shard: firstShard + index, generation, ...entry }));
}

function decodeShardTable(key: string, table: Uint8Array): ShardEntry[] {
  try {
    return Array.from(readShardTable(table));
  } catch (error) {
    throw storeDamaged(key, messageOf(error), { cause: error });
  }
}

/** The tracks of one shard. */
export async function readShardTracks(
  store: ObjectStore,
  run: OpenRun,
  entry: SubmissionEntry,
): Promise<PlannedTrack[]> {
  return decodeShardFrame(run, entry, await readShardFrame(store, run, entry));
}

/** One shard's piece of its plan, as it is stored. */
export async function readShardFrame(
  store: ObjectStore,
  run: OpenRun,
  { generation, frame }: SubmissionEntry,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const options = signal === undefined ? { range: frame } : { range: frame, signal };
  return readNamedObject(store, keyOfPlan(run, generation), options);
}

/**
 * The tracks of a piece that {@link readShardFrame} has read.
 * @throws BackfillError `store-damaged`
 */
export function decodeShardFrame(
  run: OpenRun,
  { generation, rows, shard }: SubmissionEntry,
  bytes: Uint8Array,
): PlannedTrack[] {
  return readingPlan(keyOfPlan(run, generation), `the rows of shard ${shard}`, () =>
    decodeFrame(bytes, planHeader(run.record, generation), rows),
  );
}

/** Those tracks of such a piece whose ids are wanted. @throws BackfillError `store-damaged` */
export function decodeWantedTracks(
  run: OpenRun,
  { generation, rows, shard }: SubmissionEntry,
  bytes: Uint8Array,
  wanted: ReadonlySet<string>,
): PlannedTrack[] {
  return readingPlan(keyOfPlan(run, generation), `the rows of shard ${shard}`, () =>
    decodeRowsOf(bytes, planHeader(run.record, generation), rows, wanted),
  );
}

/**
 * The tracks of many shards of one generation, shard by shard: a request a mebibyte of the plan, some of
 * them ahead. Memory: these, still compressed, and one shard's tracks.
 */
export async function* readTracksOfShards(
  store: ObjectStore,
  run: OpenRun,
  entries: readonly SubmissionEntry[],
): AsyncGenerator<{ readonly entry: SubmissionEntry; readonly tracks: readonly PlannedTrack[] }> {
  const shards = entries.map((entry) => ({ entry }));
  for await (const { entry, frame } of readFramesOfShards(store, run, shards)) {
    yield { entry, tracks: decodeShardFrame(run, entry, frame) };
  }
}

/**
 * The pieces of the plan of many shards, as they are stored, each with the item that asked for it: a request a
 * mebibyte where they lie one behind the other, some of them ahead.
 */
export async function* readFramesOfShards<Item extends { readonly entry: SubmissionEntry }>(
  store: ObjectStore,
  run: OpenRun,
  items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<Item & { readonly frame: Uint8Array }> {
  const ranges = readAhead(
    neighbours(items),
    async (shards, signal) => {
      const [first] = shards;
      const { offset } = first.entry.frame;
      const length = shards.reduce((sum, { entry }) => sum + entry.frame.length, 0);
      const key = keyOfPlan(run, first.entry.generation);
      const bytes = await readNamedObject(store, key, { range: { offset, length }, signal });
      return { shards, offset, bytes };
    },
    RANGES_AHEAD,
  );
  for await (const { shards, offset, bytes } of ranges) {
    for (const item of shards) {
      const start = item.entry.frame.offset - offset;
      yield { ...item, frame: bytes.subarray(start, start + item.entry.frame.length) };
    }
  }
}

/** Cuts items into runs of frames that lie one behind the other in one plan. */
async function* neighbours<Item extends { readonly entry: SubmissionEntry }>(
  items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<readonly [Item, ...Item[]]> {
  let run: [Item, ...Item[]] | undefined;
  let [generation, end, bytes] = [0, 0, 0];
  for await (const item of items) {
    const { offset, length } = item.entry.frame;
    const follows = item.entry.generation === generation && offset === end && bytes + length <= RANGE_BYTES;
    if (run !== undefined && follows) {
      run.push(item);
    } else {
      if (run !== undefined) yield run;
      [run, bytes] = [[item], 0];
    }
    generation = item.entry.generation;
    end = offset + length;
    bytes += length;
  }
  if (run !== undefined) yield run;
}

function keyOfPlan({ record, generations }: OpenRun, generation: number): string {
  const plan = generations.find((retry) => retry.generation === generation)?.plan ?? RUN_PLAN;
  return planKey(record.run, plan);
}
