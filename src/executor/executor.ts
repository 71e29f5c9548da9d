import type { SubmissionRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ShardProgress } from '../worker/messages.ts';

/**
 * The executor port: who runs `backfill worker` for each shard of a submission. An executor holds no
 * truth: what it returns is what it saw, and the store knows what was done. It may run a shard any number
 * of times; workers of one shard fence each other off.
 *
 * The same submission may be given to an executor again, by another process after a crash: an executor
 * whose workers outlive the process finds them, and starts none twice.
 */
export interface Executor {
  /**
   * Whether its workers go on when this process leaves. Then they do not report to it either: how far they are is read
   * from the store.
   */
  readonly outlives: boolean;

  /**
   * Works a submission until every shard is finished or given up, or until it is drained or stopped.
   * One shard's trouble does not keep the others from being worked.
   */
  execute(submission: ExecutorSubmission): Promise<Execution>;
}

export interface ExecutorSubmission {
  /** All that a worker is told, beside its array index. */
  readonly uri: string;
  readonly record: SubmissionRecord;
  /** The shards by array index. */
  readonly entries: readonly SubmissionEntry[];
  /** Whether to leave workers that outlive this process to themselves, as soon as all are handed over. */
  readonly detach: boolean;
  /**
   * Aborted: let the tracks in flight come to their end, within the grace time; or leave workers that
   * outlive this process to themselves.
   */
  readonly drain: AbortSignal;
  /** Aborted: kill what runs, or leave at once. */
  readonly stop: AbortSignal;
  /** What a worker that reports to this process has said, or what is known of its shard when it has ended. */
  readonly onProgress: (progress: ShardProgress) => void;
  /** A worker that did not end well, for people: which shard, how, and what it said last. */
  readonly onTrouble: (trouble: ShardTrouble) => void;
  /** How many workers are in which state, in the executor's words, where it has any; and how many are at work. */
  readonly onWorkers: (workers: Readonly<Record<string, number>>, atWork: number) => void;
  /** What people should know of the submission as a whole: that it waits, and for what. */
  readonly onNotice: (message: string) => void;
}

export interface ShardTrouble {
  readonly shard: number;
  readonly message: string;
}

export interface Execution {
  readonly finished: number;
  readonly gaveUp: readonly GivenUpShard[];
  /** Whether workers that outlive this process still have shards. */
  readonly underWay: boolean;
}

/** A shard whose workers ended again and again without getting any further. */
export interface GivenUpShard {
  readonly shard: number;
  /**
   * `reclaimed`: its machines were taken away too often. `out-of-memory`: the container was killed for its
   * memory. `failed`: anything else.
   */
  readonly cause: 'reclaimed' | 'out-of-memory' | 'failed';
  /** For people. */
  readonly reason: string;
}
