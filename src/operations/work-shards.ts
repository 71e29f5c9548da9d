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
  | { readonly kind: 'adopted'; readonly record: SubmissionRecord };

export interface WorkShardsOptions extends Omit<ExecuteOptions, 'record'> {
  readonly run: string;
  readonly handover: Handover;
}

/**
 * Hands shards to an executor and sees them through; what it gives up goes on elsewhere or with more memory,
 * where that may help. One submission after the other, so that a crash leaves one to be gone on with.
 */
export async function workShards(options: WorkShardsOptions): Promise<SubmissionEnd> {
  const { store, run, entries, handover } = options;
  const hand = (
    reason: SubmissionRecord['reason'],
    execution: SubmissionRecord['executor'],
    shards = entries,
  ) =>
    createSubmission(store, {
      run,
      reason,
      entries: shards,
      executor: execution,
      now: new Date().toISOString(),
    });
  const record =
    handover.kind === 'adopted' ? handover.record : await hand(handover.reason, handover.execution);
  const first = await executeSubmission({ ...options, record });
  const waiting = [{ executor: record.executor, end: first }];
  const gaveUp: GivenUpShard[] = [];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { executor, end } = next;
    if (end.outcome !== 'gave-up') {
      if (end.outcome !== 'finished') return end;
      continue;
    }
    const escalations = executor.kind === 'batch' ? planEscalations(executor, end.gaveUp) : [];
    const escalated = new Set(escalations.flatMap(({ shards }) => shards));
    gaveUp.push(...end.gaveUp.filter(({ shard }) => !escalated.has(shard)));
    for (const { execution, shards, why } of escalations) {
      const chosen = new Set(shards);
      const moved: SubmissionEntry[] = entries.filter(({ shard }) => chosen.has(shard));
      options.onNotice(`${moved.length} shards were ${why}`);
      const escalation = await hand('escalate', execution, moved);
      const ended = await executeSubmission({ ...options, record: escalation, entries: moved });
      waiting.push({ executor: execution, end: ended });
    }
  }
  return { outcome: gaveUp.length > 0 ? 'gave-up' : 'finished', gaveUp };
}
