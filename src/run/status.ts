import { addCounts } from './checkpoint.ts';
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
  /** What has been worked so far: of finished shards, and of those under way as far as they were read. */
  readonly work: {
    /** Seconds that workers have taken, of one core each. */
    readonly seconds: number;
    /** How often a worker's machine was taken away. */
    readonly reclaims: number;
  };
  /** The newest submission, where AWS Batch has it. */
  readonly batch?: BatchStatus;
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

/** Outcomes of one algorithm: the three add up to the accepted tracks. */
export interface AlgorithmStatus {
  readonly succeeded: number;
  readonly failed: number;
  /** Not committed yet, or to be worked again by a retry. */
  readonly pending: number;
}

/**
 * Folds a run's records into its status. A failure that a retry works again is pending until the retry
 * has committed its new outcome.
 *
 * @param counts committed outcomes of all shards, of all generations
 */
export function foldStatus(options: {
  readonly run: RunRecord;
  readonly generations: readonly GenerationRecord[];
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  readonly finishedShards: number;
  readonly startedShards: number;
  readonly reclaims: number;
  readonly workSeconds: number;
  readonly live: boolean;
  readonly cancelled: boolean;
  readonly seconds: number;
  readonly batch?: BatchStatus;
}): RunStatus {
  const { run, generations, counts, finishedShards, startedShards } = options;
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
    const { succeeded, failed: all } = counts[name] ?? { succeeded: 0, failed: {} };
    let failed = 0;
    for (const [code, count] of Object.entries(all)) {
      const standing = count - (retried[name]?.failed[code] ?? 0);
      if (standing > 0) failures[code] = (failures[code] ?? 0) + standing;
      failed += standing;
    }
    algorithms[name] = { succeeded, failed, pending: run.manifest.accepted - succeeded - failed };
  }
  const total = generations.reduce((sum, { shards }) => sum + shards, run.plan.shards);
  const finished = finishedShards === total;
  return {
    runId: run.run,
    state: finished ? 'finished' : options.live ? 'running' : options.cancelled ? 'cancelled' : 'interrupted',
    tracks: {
      total: run.manifest.rows,
      accepted: run.manifest.accepted,
      rejected: run.manifest.rejected,
    },
    algorithms,
    failures,
    seconds: options.seconds,
    shards: {
      total,
      finished: finishedShards,
      started: startedShards,
      waiting: total - finishedShards - startedShards,
    },
    work: { seconds: options.workSeconds, reclaims: options.reclaims },
    ...(options.batch === undefined ? {} : { batch: options.batch }),
  };
}
