import { planEscalations } from '../executor/batch/escalation.ts';
import type { GivenUpShard } from '../executor/executor.ts';
import type { SubmissionRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import { type ExecuteOptions, type SubmissionEnd, executeSubmission } from './execute.ts';
import { createSubmission } from './submit.ts';

/** What is handed to an executor. */
export type Handover =
  /** Shards, as a new submission. */
  | {
      readonly kind: 'new';
      readonly reason: SubmissionRecord['reason'];
      readonly execution: SubmissionRecord['executor'];
    }
  /** A submission that is there already, and is gone on with; the entries are its shards. */
  | {
      readonly kind: 'adopted';
      readonly record: SubmissionRecord;
      /** Where what it has failed to finish is worked once more; undefined: it is left. */
      readonly anew: SubmissionRecord['executor'] | undefined;
    };

export interface WorkShardsOptions extends Omit<ExecuteOptions, 'record'> {
  readonly run: string;
  readonly handover: Handover;
}

interface Submission {
  readonly record: SubmissionRecord;
  readonly entries: readonly SubmissionEntry[];
  /** As in {@link Handover}. */
  readonly anew: SubmissionRecord['executor'] | undefined;
}

/**
 * Hands shards to an executor and sees them through; what it gives up goes on elsewhere or with more memory,
 * where that may help. One submission after the other, so that a crash leaves one to be gone on with.
 */
export async function workShards(options: WorkShardsOptions): Promise<SubmissionEnd> {
  const { handover, entries } = options;
  const gaveUp: GivenUpShard[] = [];
  const ahead: (() => Promise<Submission>)[] = [
    handover.kind === 'adopted'
      ? async () => ({ ...handover, entries })
      : () => submit(options, handover.reason, handover.execution, entries),
  ];
  for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
    const { record, entries: shards, anew } = await next();
    // One that is over already is only looked at, for what it has left.
    const detach = options.detach && anew === undefined;
    const end = await executeSubmission({ ...options, record, entries: shards, detach });
    if (end.outcome === 'finished') continue;
    if (end.outcome !== 'gave-up') return end;
    const left = new Map(end.gaveUp.map((given) => [given.shard, given]));
    const of = (chosen: readonly number[]): SubmissionEntry[] => {
      const wanted = new Set(chosen);
      return shards.filter(({ shard }) => wanted.has(shard));
    };
    const { executor } = record;
    for (const { execution, shards: moved, why } of executor.kind === 'batch'
      ? planEscalations(executor, end.gaveUp)
      : []) {
      for (const shard of moved) left.delete(shard);
      options.onNotice(`${moved.length === 1 ? '1 shard was' : `${moved.length} shards were`} ${why}`);
      ahead.push(() => submit(options, 'escalate', execution, of(moved)));
    }
    if (anew === undefined) gaveUp.push(...left.values());
    else if (left.size > 0) ahead.push(() => submit(options, 'resume', anew, of([...left.keys()])));
  }
  return { outcome: gaveUp.length > 0 ? 'gave-up' : 'finished', gaveUp };
}

async function submit(
  { store, run }: WorkShardsOptions,
  reason: SubmissionRecord['reason'],
  executor: SubmissionRecord['executor'],
  entries: readonly SubmissionEntry[],
): Promise<Submission> {
  const now = new Date().toISOString();
  const record = await createSubmission(store, { run, reason, entries, executor, now });
  return { record, entries, anew: undefined };
}
