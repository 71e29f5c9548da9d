import type { Executor, ShardTrouble } from '../executor/executor.ts';
import type { EndedRecord, SubmissionRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { submissionUri } from '../worker/assignment.ts';
import { thisProcess } from '../worker/liveness.ts';
import { readIfPresent } from './runs.ts';
import { cancelledKey } from '../run/keys.ts';
import { createSubmission, endSubmission } from './submit.ts';

/** How often a local run looks whether someone has cancelled it. */
const CANCEL_POLL_MILLISECONDS = 2000;

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
  readonly run: string;
  readonly reason: SubmissionRecord['reason'];
  readonly entries: readonly SubmissionEntry[];
  readonly executor: Executor;
  readonly concurrency: number;
  /** Aborted: let the tracks in flight come to their end. */
  readonly drain: AbortSignal;
  /** Aborted: kill what runs. */
  readonly stop: AbortSignal;
  readonly onProgress: (progress: SubmissionProgress) => void;
  readonly onTrouble: (trouble: ShardTrouble) => void;
}

/** Hands shards to an executor, sees it through, and records how it ended. */
export async function executeSubmission(options: ExecuteOptions): Promise<EndedRecord> {
  const { store, run, entries, executor, drain, stop } = options;
  const { submission } = await createSubmission(store, {
    run,
    reason: options.reason,
    entries,
    executor: { kind: 'local', ...thisProcess(), concurrency: options.concurrency },
    now: new Date().toISOString(),
  });
  const cancelled = new AbortController();
  const poll = setInterval(async () => {
    const found = await readIfPresent(store, cancelledKey(run, submission)).catch(() => undefined);
    if (found !== undefined) cancelled.abort();
  }, CANCEL_POLL_MILLISECONDS);
  const progress = new ProgressSum(entries, options.onProgress);
  try {
    const execution = await executor.execute({
      uri: submissionUri({ storeUri: store.uri, run, submission }),
      shards: entries.map(({ shard }) => shard),
      drain: AbortSignal.any([drain, cancelled.signal]),
      stop,
      onProgress: (shard) => progress.add(shard),
      onTrouble: options.onTrouble,
    });
    const outcome =
      execution.finished === entries.length
        ? 'finished'
        : cancelled.signal.aborted
          ? 'cancelled'
          : drain.aborted || stop.aborted
            ? 'interrupted'
            : 'gave-up';
    const ended = {
      run,
      submission,
      endedAt: new Date().toISOString(),
      outcome,
      gaveUp: execution.gaveUp,
    } as const;
    await endSubmission(store, ended);
    return { schema: 1, kind: 'ended', ...ended };
  } finally {
    clearInterval(poll);
  }
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
