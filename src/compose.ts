/** The one place that picks adapters. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Algorithm } from './algorithms/algorithm.ts';
import { selectAlgorithms } from './algorithms/registry.ts';
import { LADDER_PRESETS, ladderDigest } from './algorithms/transcode/ladder.ts';
import { BackfillError, environmentError, messageOf, usageError } from './errors.ts';
import type { AwsBatchApi } from './executor/batch/aws-batch-api.ts';
import type { JobLogs } from './executor/batch/job-logs.ts';
import { homePath } from './home-path.ts';
import { LocalExecutor } from './executor/local/local-executor.ts';
import type { Executor } from './executor/executor.ts';
import type { InspectSubmission } from './executor/submission-state.ts';
import type { CanaryOptions } from './operations/canary.ts';
import type { BatchDiagnosisOptions } from './operations/diagnose-batch.ts';
import { ExplainedStore } from './store/explained-store.ts';
import { FsStore } from './store/fs-store.ts';
import type { ObjectStore } from './store/object-store.ts';
import type { SourceObjects } from './store/source-objects.ts';
import type { AlgorithmRef, BatchExecution, BatchTarget, SubmissionRecord } from './run/records.ts';
import { isCancelled, parseSubmissionUri, readAssignment } from './worker/assignment.ts';
import { WORKER_EXIT } from './worker/messages.ts';
import { type AttemptOptions, runAttempt } from './worker/attempt.ts';
import { describeProcess, isThisProcess, sightingOf } from './worker/liveness.ts';
import { failedOutcomes } from './run/checkpoint.ts';
import { holderLives, readCheckpoint } from './worker/shard-checkpoint.ts';

/**
 * Opens a store by the name that users and workers have for it: a path, a `file://` URI or
 * `s3://bucket/prefix`. What only some stores need is loaded when one of them is opened: workers start often.
 * @throws BackfillError `unsupported-store`, `bad-store`
 */
export async function openStore(location: string): Promise<ObjectStore> {
  if (location.startsWith('s3://')) {
    const { openS3Store } = await import('./store/s3-store.ts');
    return openS3Store(location);
  }
  if (location.startsWith('file://')) return openFolder(folderOf(location));
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) {
    throw usageError(
      'unsupported-store',
      `'${location}' is no store that can be used: name a folder, or s3://bucket/prefix`,
    );
  }
  return openFolder(resolve(homePath(location)));
}

function folderOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (error) {
    throw usageError('bad-store', `the store '${uri}' names no folder of this machine: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function openFolder(folder: string): ObjectStore {
  return new ExplainedStore(new FsStore(folder), folder);
}

/** Opens what `s3://` sources are read by. Loads the AWS SDK: call it when there is such a source. */
export async function openSources(): Promise<SourceObjects> {
  const { openS3Sources } = await import('./store/s3-sources.ts');
  return openS3Sources();
}

/** Works shards as processes of this machine. */
export function createLocalExecutor(options: {
  readonly store: ObjectStore;
  readonly run: string;
  readonly concurrency: number;
  readonly graceSeconds: number;
  /** The command line of this program. */
  readonly selfCommand: readonly string[];
}): Executor {
  const { store, run, concurrency, graceSeconds, selfCommand } = options;
  return new LocalExecutor({
    concurrency,
    workerCommand: [...selfCommand, 'worker', '--grace', String(graceSeconds)],
    isBeingWorked: async (shard) => {
      const found = await readCheckpoint(store, run, shard);
      return found !== undefined && (await holderLives(found.checkpoint));
    },
    readProgress: async (shard) => {
      const found = await readCheckpoint(store, run, shard);
      if (found === undefined) return undefined;
      const { rows, next, strikes, state, counts } = found.checkpoint;
      const mark = JSON.stringify({ next, strikes, state });
      return { shard, rows, done: next, failed: failedOutcomes(counts), mark };
    },
  });
}

/** AWS Batch, in a region, or in that of the environment. */
export async function openBatch(region?: string): Promise<AwsBatchApi> {
  const { AwsBatchApi } = await import('./executor/batch/aws-batch-api.ts');
  const open = batches.get(region) ?? new AwsBatchApi(region);
  batches.set(region, open);
  return open;
}

/** One client a region: whoever watches asks again and again. */
const batches = new Map<string | undefined, AwsBatchApi>();

/**
 * Settles what a submission to AWS Batch will use, before anything is stored.
 * @throws as settleExecution and requireUsableQueues
 */
export async function settleOnBatch(target: BatchTarget): Promise<BatchExecution> {
  const { settleExecution } = await import('./executor/batch/settle-execution.ts');
  const { requireUsableQueues } = await import('./executor/batch/require-usable-queues.ts');
  const api = await openBatch(target.region);
  const execution = await settleExecution(api, target);
  await requireUsableQueues(api, target);
  return execution;
}

/** What `doctor` looks at in an AWS account. */
export async function openBatchAccount(): Promise<Omit<BatchDiagnosisOptions, 'target'>> {
  const { resolvedAwsSettings } = await import('./executor/batch/inspect-credentials.ts');
  const { EcrImages } = await import('./executor/batch/container-images.ts');
  const { CloudWatchLogGroups } = await import('./executor/batch/log-groups.ts');
  const { AwsAccountLimits } = await import('./executor/batch/account-limits.ts');
  return {
    api: await openBatch(),
    images: new EcrImages(),
    logGroups: new CloudWatchLogGroups(),
    settings: resolvedAwsSettings(),
    limits: new AwsAccountLimits(),
  };
}

/** What `doctor --canary` sends a worker with. @throws as settleOnBatch */
export async function canaryParts(placement: {
  readonly queue: string;
  /** A job definition's name, or `name:revision`. */
  readonly definition: string;
  readonly shareIdentifier: string | undefined;
}): Promise<Pick<CanaryOptions, 'api' | 'logs' | 'execution' | 'pollSeconds' | 'patienceSeconds'>> {
  const region = await (await openBatch()).region();
  const { queue, definition, shareIdentifier } = placement;
  const execution = await settleOnBatch({
    region,
    queue,
    definition,
    arraySize: 1,
    reclaims: 1,
    ...(shareIdentifier === undefined ? {} : { shareIdentifier }),
  });
  return {
    api: await openBatch(region),
    logs: await openJobLogs(region),
    execution,
    pollSeconds: secondsOf('BACKFILL_BATCH_POLL_SECONDS', 5),
    patienceSeconds: secondsOf('BACKFILL_CANARY_SECONDS', 1200),
  };
}

/** The logs of AWS Batch's jobs. */
export async function openJobLogs(region: string): Promise<JobLogs> {
  const { AwsJobLogs } = await import('./executor/batch/aws-job-logs.ts');
  return new AwsJobLogs(region);
}

/** Works shards as children of array jobs. */
export async function createBatchExecutor(options: {
  readonly store: ObjectStore;
  readonly region: string;
}): Promise<Executor> {
  const { BatchExecutor } = await import('./executor/batch/batch-executor.ts');
  return new BatchExecutor({
    store: options.store,
    api: await openBatch(options.region),
    logs: await openJobLogs(options.region),
    pollSeconds: secondsOf('BACKFILL_BATCH_POLL_SECONDS', 15),
    settleSeconds: secondsOf('BACKFILL_BATCH_SETTLE_SECONDS', 30),
  });
}

/** Asks the executors of a store's submissions how they are. */
export function inspectorOf(store: ObjectStore): InspectSubmission {
  return async (record) => {
    const { executor } = record;
    if (executor.kind === 'local') {
      // What this process works is not asked about while it is at it.
      const sighting = isThisProcess(executor) ? 'ended' : await sightingOf(executor, 'backfill');
      const unseen = sighting === 'unseen' ? { unseen: describeProcess(executor) } : {};
      return { live: sighting === 'alive', unsubmitted: 0, ...unseen };
    }
    const { inspectBatchSubmission } = await import('./executor/batch/submission-state.ts');
    try {
      return await inspectBatchSubmission(await openBatch(executor.target.region), store, record);
    } catch (error) {
      if (!(error instanceof BackfillError) || error.fault === 'internal') throw error;
      return { live: true, unsubmitted: 0, unasked: error.message };
    }
  };
}

/** Ends the jobs of a submission to AWS Batch; resolves when none of them runs. */
export async function stopBatchJobs(store: ObjectStore, record: SubmissionRecord): Promise<void> {
  const { executor } = record;
  if (executor.kind !== 'batch') return;
  const { stopSubmission } = await import('./executor/batch/stop-jobs.ts');
  await stopSubmission(await openBatch(executor.target.region), store, record, executor);
}

function secondsOf(variable: string, otherwise: number): number {
  const value = Number(process.env[variable] ?? otherwise);
  if (value > 0) return value;
  throw usageError(
    'bad-environment',
    `${variable} is '${process.env[variable]}': a number over 0 is expected`,
  );
}

/** Works one shard of a submission in this process: what `backfill attempt` does. */
export async function attemptShard(
  options: Omit<AttemptOptions, 'store' | 'assignment' | 'algorithms' | 'ladderDigest' | 'openSources'> & {
    /** URI of the submission. */
    readonly submission: string;
    /** Array index. */
    readonly index: number;
  },
): Promise<number> {
  const { storeUri, run, submission, first } = parseSubmissionUri(options.submission);
  const store = await openStore(storeUri);
  if (await isCancelled(store, { run, submission })) return WORKER_EXIT.cancelled;
  const assignment = await readAssignment(store, { run, submission }, first + options.index);
  const { algorithms: wanted, ladder } = assignment.run.settings;
  const algorithms = selectAlgorithms(
    wanted.map(({ name }) => name),
    ladder,
  );
  assertVersions(algorithms, wanted);
  return runAttempt({
    ...options,
    store,
    assignment,
    algorithms,
    openSources,
    ladderDigest: ladderDigest(ladder ?? LADDER_PRESETS.standard),
  });
}

/** Results are keyed by version: another version's rows must not come among them. */
function assertVersions(algorithms: readonly Algorithm[], wanted: readonly AlgorithmRef[]): void {
  for (const { name, version } of wanted) {
    const installed = algorithms.find((algorithm) => algorithm.name === name)?.version;
    if (installed === version) continue;
    throw environmentError(
      'algorithm-version',
      `the run wants version ${version} of ${name}, and this backfill has ${installed ?? 'none'}`,
      { hint: 'finish the run with the backfill that planned it, or start a new one' },
    );
  }
}
