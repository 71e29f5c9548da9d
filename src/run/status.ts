import { addCounts } from './checkpoint.ts';
import type { CommittedWork } from './progress.ts';
import type { GenerationRecord, OutcomeCounts, RunRecord } from './records.ts';

export type RunState = 'running' | 'finished' | 'interrupted' | 'cancelled';

/** What is known of a run: what `status --json` prints. */
export interface RunStatus {
  readonly runId: string;
  readonly state: RunState;
  /** `total` counts every row of the manifest: the accepted and the rejected ones. */
  readonly tracks: { readonly total: number; readonly accepted: number; readonly rejected: number };
  readonly algorithms: Readonly<Record<string, AlgorithmStatus>>;
  /** Failed outcomes by code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Seconds that submissions of the run have taken, as far as their ends are known. */
  readonly seconds: number;
  readonly shards: {
    readonly total: number;
    readonly finished: number;
    /** Claimed, and not finished: being worked, or waiting to be resumed. */
    readonly started: number;
    readonly waiting: number;
  };
  readonly progress: RunProgress;
  /** What the committed work has taken; what is in flight since the last checkpoints is not in it. */
  readonly work: {
    /** Seconds that workers have taken, of one core each. */
    readonly seconds: number;
    /** How often a worker's machine was taken away. */
    readonly reclaims: number;
    /** Whether a part of it is estimated, as in {@link RunProgress}. */
    readonly estimated: boolean;
    /** Workers that are at it now, as far as their executor tells. */
    readonly workers: number;
  };
  /** What people should know of the run's records: what is missing of them, and what that means here. */
  readonly notices: readonly string[];
  /** What is damaged of the run's records, the first of it; the figures above are without it. */
  readonly damage: readonly string[];
  /** The newest submission, where AWS Batch has it. */
  readonly batch?: BatchStatus;
}

/** How much of the run's planned work is committed, of all its plans. */
export interface RunProgress {
  /** 0 to 1: `committedSeconds` of `plannedSeconds`. */
  readonly fraction: number;
  /** CPU seconds of all shards, as they were planned. */
  readonly plannedSeconds: number;
  readonly committedSeconds: number;
  /** Tracks, in every plan that has them. */
  readonly committedTracks: number;
  /** Whether shards under way were too many to read: what they have committed is estimated from a sample. */
  readonly estimated: boolean;
  /** Shards under way. */
  readonly inFlightShards: number;
  /** How many of these were read. */
  readonly sampledShards: number;
  /** CPU seconds of the shards under way, as they were planned. */
  readonly inFlightSeconds: number;
  /** The most planned CPU seconds that one shard has left. */
  readonly longestLeftSeconds: number;
}

/** What AWS Batch tells of the newest submission. */
export interface BatchStatus {
  readonly queue: string;
  /** `name:revision`. */
  readonly definition: string;
  /** How many workers are in which state: `RUNNABLE`, `RUNNING`, ...; empty once the end is recorded. */
  readonly workers: Readonly<Record<string, number>>;
  /** Jobs that are not known to be submitted: `resume` sees to them. */
  readonly unsubmitted: number;
  /** Why none starts, with a hint. */
  readonly waiting?: string | undefined;
  /** Why Batch could not be asked. */
  readonly unasked?: string | undefined;
}

/** Outcomes of one algorithm: the three numbers add up to the accepted tracks. */
export interface AlgorithmStatus {
  readonly succeeded: number;
  readonly failed: number;
  /** Not committed yet, or to be worked again by a retry. */
  readonly pending: number;
  /** Whether they are estimates. */
  readonly estimated: boolean;
}

/**
 * Folds a run's records into its status. A failure that a retry works again is pending until the retry
 * has committed its new outcome.
 */
export function foldStatus(options: {
  readonly run: RunRecord;
  readonly generations: readonly GenerationRecord[];
  /** Committed outcomes of all shards, of all generations. */
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  /** Whether they are estimates, in part. */
  readonly countsEstimated: boolean;
  /** Of all shards, of all generations. */
  readonly committed: CommittedWork;
  readonly finishedShards: number;
  readonly startedShards: number;
  readonly live: boolean;
  readonly cancelled: boolean;
  readonly seconds: number;
  readonly workers: number;
  readonly notices: readonly string[];
  readonly damage: readonly string[];
  readonly batch?: BatchStatus;
}): RunStatus {
  const { run, generations, counts, countsEstimated, committed, finishedShards, startedShards } = options;
  const { accepted } = run.manifest;
  const retried = generations.reduce<Record<string, OutcomeCounts>>(
    (sum, { outcomes }) =>
      addCounts(
        sum,
        Object.fromEntries(
          Object.entries(outcomes).map(([name, failed]) => [name, { succeeded: 0, failed }]),
        ),
      ),
    {},
  );
  const algorithms: Record<string, AlgorithmStatus> = {};
  const failures: Record<string, number> = {};
  for (const { name } of run.settings.algorithms) {
    const { succeeded: all, failed: allFailed } = counts[name] ?? { succeeded: 0, failed: {} };
    let failed = 0;
    for (const [code, count] of Object.entries(allFailed)) {
      const standing = count - (retried[name]?.failed[code] ?? 0);
      if (standing > 0) failures[code] = (failures[code] ?? 0) + standing;
      failed += standing;
    }
    // Estimates are rounded one by one: together they may come to a few too many.
    const succeeded = countsEstimated ? Math.max(0, Math.min(all, accepted - failed)) : all;
    const pending = accepted - succeeded - failed;
    algorithms[name] = { succeeded, failed, pending, estimated: countsEstimated };
  }
  const total = generations.reduce((sum, { shards }) => sum + shards, run.plan.shards);
  const finished = finishedShards === total;
  return {
    runId: run.run,
    state: finished ? 'finished' : options.live ? 'running' : options.cancelled ? 'cancelled' : 'interrupted',
    tracks: { total: run.manifest.rows, accepted, rejected: run.manifest.rejected },
    algorithms,
    failures,
    seconds: options.seconds,
    shards: {
      total,
      finished: finishedShards,
      started: startedShards,
      waiting: total - finishedShards - startedShards,
    },
    progress: {
      fraction: committed.fraction,
      plannedSeconds: committed.plannedSeconds,
      committedSeconds: committed.committedSeconds,
      committedTracks: committed.committedTracks,
      estimated: committed.estimated,
      inFlightShards: committed.inFlightShards,
      sampledShards: committed.sampledShards,
      inFlightSeconds: committed.inFlightSeconds,
      longestLeftSeconds: committed.longestLeftSeconds,
    },
    work: {
      seconds: committed.workSeconds,
      reclaims: committed.reclaims,
      estimated: committed.estimated,
      workers: options.workers,
    },
    notices: options.notices,
    damage: options.damage,
    ...(options.batch === undefined ? {} : { batch: options.batch }),
  };
}
