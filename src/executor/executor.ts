import type { ShardProgress } from '../worker/messages.ts';

/**
 * The executor port: who runs `backfill worker` for each shard of a submission. An executor holds no
 * truth: what it returns is what it saw, and the store knows what was done. It may run a shard any number
 * of times; workers of one shard fence each other off.
 */
export interface Executor {
  /**
   * Works a submission until every shard is finished or given up, or until it is drained or stopped.
   * One shard's trouble does not keep the others from being worked.
   */
  execute(submission: ExecutorSubmission): Promise<Execution>;
}

export interface ExecutorSubmission {
  /** All that a worker is told, beside its array index. */
  readonly uri: string;
  /** The shards by array index. */
  readonly shards: readonly number[];
  /** Aborted: let the tracks in flight come to their end, within the grace time. */
  readonly drain: AbortSignal;
  /** Aborted: kill what runs. */
  readonly stop: AbortSignal;
  readonly onProgress: (progress: ShardProgress) => void;
  /** A worker that did not end well, for people: which shard, how, and what it said last. */
  readonly onTrouble: (trouble: ShardTrouble) => void;
}

export interface ShardTrouble {
  readonly shard: number;
  readonly message: string;
}

export interface Execution {
  readonly finished: number;
  /** Shards whose workers ended again and again without getting any further. */
  readonly gaveUp: readonly { readonly shard: number; readonly reason: string }[];
}
