import { readShardTable } from '../plan/shard-table.ts';
import { type PlannedTrack, decodeFrame } from '../plan/plan-rows.ts';
import { type ShardSpan, planHeader, shardSpans } from '../run/generations.ts';
import { RUN_PLAN, planKey, shardTableKey } from '../run/keys.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { OpenRun } from './runs.ts';

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
  { record, generations }: OpenRun,
  { generation, frame, rows }: SubmissionEntry,
): Promise<PlannedTrack[]> {
  const plan = generations.find((retry) => retry.generation === generation)?.plan ?? RUN_PLAN;
  const { bytes } = await store.get(planKey(record.run, plan), { range: frame });
  return decodeFrame(bytes, planHeader(record, generation), rows);
}
