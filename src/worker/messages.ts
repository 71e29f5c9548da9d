/**
 * What the processes of a worker tell each other. An executor starts supervisors (`backfill worker`), a
 * supervisor starts attempts (the process that works the shard), each over Node's IPC channel. A channel
 * that closes means that the process above is gone.
 */
/** How far a shard is; absolute, so that a repeated or lost message does no harm. */
export interface ShardProgress {
  readonly shard: number;
  readonly rows: number;
  /** Rows with all their outcomes, committed or about to be. */
  readonly done: number;
  /** Failed outcomes among them, as far as the attempts of this worker know. */
  readonly failed: number;
}

/** From an attempt to its supervisor. */
export type AttemptMessage =
  /** A row is started, and must be over within so many seconds; or none is in flight, as first when it has started. */
  | { readonly kind: 'row'; readonly row: number; readonly deadlineSeconds: number }
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'progress' } & ShardProgress);

/** From a supervisor to its attempt. */
export interface SupervisorMessage {
  readonly kind: 'drain';
  readonly graceSeconds: number;
}

/** From a supervisor to its executor. */
export type WorkerMessage = { readonly kind: 'progress' } & ShardProgress;

/** From an executor to a supervisor: kill the attempt and go, at once. */
export interface ExecutorMessage {
  readonly kind: 'stop';
}

/** The exit codes of `backfill worker`, which Batch's retry rules and the local executor act on. */
export const WORKER_EXIT: {
  readonly finished: 0;
  readonly unable: 3;
  readonly replaced: 4;
  readonly cancelled: 5;
  readonly drained: 75;
} = {
  finished: 0,
  /** The store, the machine or the run's settings stand in the way; the message is on stderr. */
  unable: 3,
  /** Another attempt has the shard. */
  replaced: 4,
  /** Its submission was cancelled before it began. */
  cancelled: 5,
  /** Left in good order before the shard was through: EX_TEMPFAIL of sysexits.h. */
  drained: 75,
};
