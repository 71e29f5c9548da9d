import { readShardTable } from '../plan/shard-table.ts';
import { type PlannedTrack, decodeFrame } from '../plan/plan-rows.ts';
import { type ShardSpan, planHeader, shardSpans } from '../run/generations.ts';
import { RUN_PLAN, planKey, shardTableKey } from '../run/keys.ts';
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
  { generation, plan, firstShard }: ShardSpan,
): Promise<SubmissionEntry[]> {
  const table = await store.get(shardTableKey(run, plan));
  return Array.from(readShardTable(table.bytes), (entry, index) => ({
    shard: firstShard + index,
    generation,
    ...entry,
  }));
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
  return (await store.get(keyOfPlan(run, generation), options)).bytes;
}

/** The tracks of a piece that {@link readShardFrame} has read. @throws where it is damaged */
export function decodeShardFrame(
  { record }: OpenRun,
  { generation, rows }: SubmissionEntry,
  bytes: Uint8Array,
): PlannedTrack[] {
  return decodeFrame(bytes, planHeader(record, generation), rows);
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
  const ranges = readAhead(
    neighbours(entries),
    async (shards, signal) => {
      const { offset, generation } = startOf(shards);
      const length = shards.reduce((sum, { frame }) => sum + frame.length, 0);
      const read = await store.get(keyOfPlan(run, generation), { range: { offset, length }, signal });
      return { shards, offset, bytes: read.bytes };
    },
    RANGES_AHEAD,
  );
  for await (const { shards, offset, bytes } of ranges) {
    for (const entry of shards) {
      const start = entry.frame.offset - offset;
      const frame = bytes.subarray(start, start + entry.frame.length);
      yield { entry, tracks: decodeShardFrame(run, entry, frame) };
    }
  }
}

/** Cuts entries into runs of frames that lie one behind the other. */
function* neighbours(entries: readonly SubmissionEntry[]): Generator<readonly SubmissionEntry[]> {
  let shards: SubmissionEntry[] = [];
  let [end, bytes] = [0, 0];
  for (const entry of entries) {
    const { offset, length } = entry.frame;
    if (shards.length > 0 && (offset !== end || bytes + length > RANGE_BYTES)) {
      yield shards;
      [shards, bytes] = [[], 0];
    }
    shards.push(entry);
    end = offset + length;
    bytes += length;
  }
  if (shards.length > 0) yield shards;
}

function startOf(shards: readonly SubmissionEntry[]): {
  readonly offset: number;
  readonly generation: number;
} {
  const [first] = shards;
  return { offset: first?.frame.offset ?? 0, generation: first?.generation ?? 0 };
}

function keyOfPlan({ record, generations }: OpenRun, generation: number): string {
  const plan = generations.find((retry) => retry.generation === generation)?.plan ?? RUN_PLAN;
  return planKey(record.run, plan);
}
