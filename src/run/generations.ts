import { retryHeader } from '../plan/plan-rows.ts';
import { RUN_PLAN } from './keys.ts';
import type { GenerationRecord, PlanFiles, RunRecord } from './records.ts';

/** The columns of a generation's plan. */
export function planHeader(run: RunRecord, generation: number): readonly string[] {
  return generation === 0 ? run.manifest.header : retryHeader(run.manifest.header);
}

/** A generation's shards, as they are numbered through the run. */
export interface ShardSpan {
  readonly generation: number;
  /** The name of its plan. */
  readonly plan: string;
  readonly firstShard: number;
  readonly shards: number;
  /** What the files of its plan are; undefined in runs of backfill 0.1.0. */
  readonly files?: PlanFiles | undefined;
}

/** The spans of all generations of a run, in their order. */
export function shardSpans(run: RunRecord, generations: readonly GenerationRecord[]): ShardSpan[] {
  return [
    { generation: 0, plan: RUN_PLAN, firstShard: 0, shards: run.plan.shards, files: run.plan.files },
    ...generations.map(({ generation, plan, firstShard, shards, files }) => ({
      generation,
      plan,
      firstShard,
      shards,
      files,
    })),
  ];
}
