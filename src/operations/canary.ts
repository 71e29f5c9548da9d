import { addCounts } from '../run/checkpoint.ts';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { LADDER_PRESETS } from '../algorithms/transcode/ladder.ts';
import { BackfillError, messageOf } from '../errors.ts';
import type { BatchApi } from '../executor/batch/batch-api.ts';
import { type CanaryJob, followCanary } from '../executor/batch/canary-job.ts';
import { type Finding, bad, good } from '../executor/batch/inspect-finding.ts';
import type { JobLogs } from '../executor/batch/job-logs.ts';
import { jobRequest } from '../executor/batch/job-request.ts';
import { findDefinition } from '../executor/batch/settle-execution.ts';
import { estimateRequests, requestDollars } from '../plan/request-estimate.ts';
import { defaultCheckpointSeconds } from '../run/checkpoint-interval.ts';
import type { BatchExecution } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { submissionUri } from '../worker/assignment.ts';
import {
  CANARY_LYRICS,
  CANARY_LYRICS_KEY,
  CANARY_TUNE_KEY,
  canaryManifest,
  canaryTune,
} from './canary-track.ts';
import { readShards } from './plans.ts';
import { openRun } from './runs.ts';
import { readShardStates } from './shard-states.ts';
import { createRun, draftPlan } from './start-run.ts';
import { createSubmission } from './submit.ts';

/** What a track of six seconds may be: nothing of it is near these. */
const MAX_SOURCE_BYTES = 2 ** 20;
const MAX_DURATION_SECONDS = 60;

export interface CanaryOptions {
  readonly store: ObjectStore;
  readonly openStore: (location: string) => Promise<ObjectStore>;
  readonly api: BatchApi;
  readonly logs: JobLogs;
  readonly execution: BatchExecution;
  readonly algorithms: readonly Algorithm[];
  readonly tool: string;
  /** USD of a vCPU for an hour. */
  readonly vcpuPrice: number;
  readonly pollSeconds: number;
  /** After so long it is called back. */
  readonly patienceSeconds: number;
  /** Aborted: it is called back, and what it left is removed. */
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/**
 * Sends one worker with one short track the whole way of a run: submitted, placed, its image fetched, started in its
 * role, read and written in the store, logged. It is an ordinary run in a store of its own below `doctor/`, which is
 * removed afterwards, so that no command ever sees it. Never throws for what it finds.
 */
export async function sendCanary(options: CanaryOptions): Promise<readonly Finding[]> {
  const { store, openStore } = options;
  const folder = `doctor/canary-${randomUUID()}`;
  const own = await openStore(`${store.uri}/${folder}`);
  try {
    return await sendInto(own, options);
  } catch (error) {
    const hint = error instanceof BackfillError ? error.hint : undefined;
    return [bad('canary', messageOf(error), hint ?? 'see above, and send it again')];
  } finally {
    await empty(own).catch(() => options.onProgress(`canary: ${own.uri}/ could not be emptied`));
  }
}

async function sendInto(own: ObjectStore, options: CanaryOptions): Promise<readonly Finding[]> {
  const { api, execution, algorithms, vcpuPrice } = options;
  const { run, submission, uri, entries } = await plan(own, options);
  const definition = await findDefinition(api, execution.definition, execution.target.region);
  const request = jobRequest({
    run,
    submission,
    job: { job: 0, first: 0, size: 1 },
    uri,
    execution,
    definition,
    entries,
  });
  const job = await followCanary({
    ...options,
    // One that is reclaimed is sent once more; whatever else fails it, fails it for every shard.
    request: { ...request, retryStrategy: { ...request.retryStrategy, attempts: 2 } },
  });
  const { finishedCounts, readCounts } = await readShardStates(own, run);
  const counts = addCounts(finishedCounts, readCounts);
  const failed = Object.entries(counts).flatMap(([algorithm, count]) =>
    Object.keys(count.failed).map((code) => `${algorithm}: ${code}`),
  );
  const missing = algorithms.filter(({ name }) => (counts[name]?.succeeded ?? 0) !== 1);
  return [
    ...job.findings,
    ...(job.exitCode === 0 ? [resultFinding(missing, failed)] : []),
    ...(job.vcpuSeconds === undefined ? [] : [costFinding(job, algorithms, vcpuPrice)]),
  ];
}

function resultFinding(missing: readonly Algorithm[], failed: readonly string[]): Finding {
  const name = 'canary results';
  if (missing.length === 0) return good(name, 'its results are in the store');
  const which = missing.map((algorithm) => algorithm.name).join(', ');
  const why = failed.length === 0 ? '' : ` (${failed.join(', ')})`;
  return bad(
    name,
    `no result of ${which}${why}`,
    'see that the image holds what its algorithms need: jobdefs/README.md',
  );
}

function costFinding(
  { vcpuSeconds = 0, vcpus }: CanaryJob,
  algorithms: readonly Algorithm[],
  vcpuPrice: number,
): Finding {
  const requests = estimateRequests({
    totals: { accepted: 1, withLyrics: 1, shards: 1, weightSeconds: 1 },
    algorithms,
    checkpointSeconds: 600,
    renditions: LADDER_PRESETS.standard.length,
  });
  const count = requests.reduce((sum, share) => sum + share.count, 0);
  const dollars =
    (vcpuSeconds / 3600) * vcpuPrice + requests.reduce((sum, share) => sum + requestDollars(share), 0);
  const seconds = Math.ceil(vcpuSeconds / vcpus);
  return good(
    'canary cost',
    `about $${dollars.toFixed(5)}: ${seconds} s of ${vcpus} vCPU at $${vcpuPrice} an hour, and ${count} requests to S3; ` +
      'a machine that was started for it is billed until Batch takes it away, some minutes later',
  );
}

/** Stores an ordinary run of one track, ready to be submitted. */
async function plan(own: ObjectStore, options: CanaryOptions) {
  const { algorithms, execution, tool, signal } = options;
  await own.put(CANARY_TUNE_KEY, canaryTune(), { signal });
  await own.put(CANARY_LYRICS_KEY, new TextEncoder().encode(CANARY_LYRICS), { signal });
  const scratch = await mkdtemp(join(tmpdir(), 'backfill-scratch-canary-'));
  try {
    const manifestPath = join(scratch, 'canary.csv');
    await writeFile(manifestPath, canaryManifest(own.uri));
    const draft = await draftPlan({
      manifestPath,
      workingDirectory: scratch,
      stdin: Readable.from([]),
      algorithms,
      shardSeconds: undefined,
      parallelism: undefined,
      maxRejected: { fraction: 0 },
      signal,
    });
    try {
      const record = await createRun(own, draft, {
        manifestName: 'canary.csv',
        settings: {
          algorithms: algorithms.map(({ name, version }) => ({ name, version })),
          ladder: undefined,
          checkpointSeconds: defaultCheckpointSeconds(own.uri),
          maxSourceBytes: MAX_SOURCE_BYTES,
          maxDurationSeconds: MAX_DURATION_SECONDS,
        },
        target: execution.target,
        tool,
        storeHint: '',
        evenIfUnfinished: true,
        now: new Date(),
      });
      const { run } = record;
      const entries = await readShards(own, await openRun(own, run));
      const { submission } = await createSubmission(own, {
        run,
        reason: 'run',
        entries,
        executor: execution,
        now: new Date().toISOString(),
      });
      return { run, submission, entries, uri: submissionUri({ storeUri: own.uri, run, submission }) };
    } finally {
      await draft.discard();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function empty(store: ObjectStore): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  for (const key of keys) await store.delete(key);
}
