import type { Execution, Executor, GivenUpShard, ShardTrouble } from '../executor/executor.ts';
import { cancelledKey } from '../run/keys.ts';
import { readIfPresent } from '../run/read-object.ts';
import type { EndedRecord, SubmissionRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { submissionUri } from '../worker/assignment.ts';
import { endSubmission } from './submit.ts';

/** How often a command that works a run looks whether someone has cancelled it. */
const CANCEL_POLL_MILLISECONDS = 2000;

/** So many given-up shards stand in the record of a submission's end. */
const MAX_GIVEN_UP_RECORDED = 1000;

/** How far a submission is, as its executor hears it from the workers. */
export interface SubmissionProgress {
  /** Tracks with all their outcomes. */
  readonly done: number;
  readonly total: number;
  /** Failed outcomes. */
  readonly failed: number;
}

export interface ExecuteOptions {
  readonly store: ObjectStore;
  readonly record: SubmissionRecord;
  /** The submission's shards, in the order of its table. */
  readonly entries: readonly SubmissionEntry[];
  readonly executor: Executor;
  /** Whether to leave workers that outlive this process to themselves, as soon as all are handed over. */
  readonly detach: boolean;
  /** Aborted: let the tracks in flight come to their end; or leave workers that outlive this process. */
  readonly drain: AbortSignal;
  /** Aborted: kill what runs. */
  readonly stop: AbortSignal;
  readonly onProgress: (progress: SubmissionProgress) => void;
  readonly onTrouble: (trouble: ShardTrouble) => void;
  readonly onNotice: (message: string) => void;
  readonly onWorkers: (workers: Readonly<Record<string, number>>) => void;
}

/** How this process saw a submission end; `under-way`: it goes on without this process. */
export interface SubmissionEnd {
  readonly outcome: EndedRecord['outcome'] | 'under-way';
  readonly gaveUp: readonly GivenUpShard[];
}

/** Sees a submission through, and records how it ended. */
export async function executeSubmission(options: ExecuteOptions): Promise<SubmissionEnd> {
  const { store, record, entries, executor, drain, stop } = options;
  const { run, submission } = record;
  const cancelled = new AbortController();
  const lookForCancel = async () => {
    const found = await readIfPresent(store, cancelledKey(run, submission));
    if (found !== undefined) cancelled.abort();
  };
  const poll = setInterval(() => lookForCancel().catch(() => {}), CANCEL_POLL_MILLISECONDS);
  const progress = new ProgressSum(entries, options.onProgress);
  try {
    const execution = await executor.execute({
      uri: submissionUri({ storeUri: store.uri, run, submission }),
      record,
      entries,
      detach: options.detach,
      drain: AbortSignal.any([drain, cancelled.signal]),
      stop,
      onProgress: (shard) => progress.add(shard),
      onTrouble: options.onTrouble,
      onNotice: options.onNotice,
      onWorkers: options.onWorkers,
    });
    // Workers that were ended from elsewhere may be gone before the mark is next looked for.
    if (execution.finished < entries.length) await lookForCancel();
    const outcome = outcomeOf(execution, entries.length, {
      cancelled: cancelled.signal.aborted,
      interrupted: drain.aborted || stop.aborted,
    });
    const { gaveUp } = execution;
    // Whoever cancels workers that outlive this process sees to their end.
    const isOver = outcome !== 'under-way' && !(execution.underWay && outcome === 'cancelled');
    if (isOver) {
      await endSubmission(store, {
        run,
        submission,
        endedAt: new Date().toISOString(),
        outcome,
        gaveUp: gaveUp.slice(0, MAX_GIVEN_UP_RECORDED).map(({ shard, reason }) => ({ shard, reason })),
      });
    }
    return { outcome, gaveUp };
  } finally {
    clearInterval(poll);
  }
}

function outcomeOf(
  { finished, underWay }: Execution,
  shards: number,
  asked: { readonly cancelled: boolean; readonly interrupted: boolean },
): SubmissionEnd['outcome'] {
  if (finished === shards) return 'finished';
  if (asked.cancelled) return 'cancelled';
  if (underWay) return 'under-way';
  return asked.interrupted ? 'interrupted' : 'gave-up';
}

/** Adds up the shards' own absolute counts. */
class ProgressSum {
  readonly #shards = new Map<number, { readonly done: number; readonly failed: number }>();
  readonly #total: number;
  readonly #onProgress: (progress: SubmissionProgress) => void;
  #done = 0;
  #failed = 0;

  constructor(entries: readonly SubmissionEntry[], onProgress: (progress: SubmissionProgress) => void) {
    this.#total = entries.reduce((sum, { rows }) => sum + rows, 0);
    this.#onProgress = onProgress;
    onProgress({ done: 0, total: this.#total, failed: 0 });
  }

  add({
    shard,
    done,
    failed,
  }: {
    readonly shard: number;
    readonly done: number;
    readonly failed: number;
  }): void {
    const before = this.#shards.get(shard) ?? { done: 0, failed: 0 };
    this.#shards.set(shard, { done, failed });
    this.#done += done - before.done;
    this.#failed += failed - before.failed;
    this.#onProgress({ done: this.#done, total: this.#total, failed: this.#failed });
  }
}
