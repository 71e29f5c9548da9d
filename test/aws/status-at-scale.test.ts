import { BatchClient, SubmitJobCommand } from '@aws-sdk/client-batch';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobName } from '../../src/run/array-jobs.ts';
import type { OutcomeCounts } from '../../src/run/records.ts';
import type { RunStatus } from '../../src/run/status.ts';
import { parseSubmissionUri, submissionUri } from '../../src/worker/assignment.ts';
import type { FunctionTask } from '../fake-aws/batch/function-runner.ts';
import { putPipelined } from '../fake-aws/s3/pipelined-puts.ts';
import { type Account, openAccount } from './account.ts';
import { type StoredEntry, SyntheticRun } from './synthetic-run.ts';
import { type Tap, startTap } from './tap.ts';

/** A real server takes its time over a hundred thousand objects: it gets a tenth of them, unless asked for more. */
const IS_REAL = process.env.BACKFILL_TEST_S3_ENDPOINT !== undefined;
const SHARDS = Number(process.env.BACKFILL_TEST_STATUS_SHARDS ?? (IS_REAL ? 6000 : 60_000));
const REAL_PUTS_AT_ONCE = 32;

/** What the issue allows for: two listings of all shards, and some reading around them. */
const MOST_REQUESTS = (SHARDS / 1000) * 2 + 50;
/** On a machine that does much else; by itself it takes three or so. */
const MOST_SECONDS = 30;
/** The program alone takes 130; what is on top is what the collector has left lying of a hundred listed pages. */
const MOST_MEBIBYTES = 512;

/** Tells on stderr how much memory a command has taken at most, in KiB. */
const TELL_MEMORY = `data:text/javascript,process.on('exit',()=>process.stderr.write('maxRSS '+process.resourceUsage().maxRSS))`;

const run = new SyntheticRun(SHARDS);
let account: Account;
let tap: Tap;
/** Requests to S3 by operation. */
const requests = new Map<string, number>();

beforeAll(async () => {
  account = await openAccount({
    batch: { runner: { kind: 'function', run: asStored }, vcpus: run.count('under-way') },
  });
  tap = await startTap(account.env.AWS_ENDPOINT_URL_S3 ?? '', ({ method, path }, when) => {
    if (when === 'after') return;
    const operation = path.includes('list-type=2') ? 'ListObjectsV2' : `${method} of an object`;
    requests.set(operation, (requests.get(operation) ?? 0) + 1);
  });
  await store(await submitJobs());
  // The server of this process sorts its keys at the first listing after a write.
  await account.keys('backfill/runs/none/');
  const running = () => account.batch.running().length === run.count('under-way');
  const isDone = () => account.batch.counters.succeeded === run.count('finished') - run.firstShard;
  await account.batch.waitFor(() => isDone() && running(), {
    timeoutMilliseconds: 200_000,
    what: 'all children to be as the store has them',
  });
}, 900_000);
afterAll(async () => {
  await tap?.close();
  await account?.close();
});

/** A worker whose shard is finished in the store has ended well; one under way goes on until it is ended. */
async function asStored({ command, environment, killed }: FunctionTask): Promise<number> {
  const { first } = parseSubmissionUri(command[1] ?? '');
  const shard = run.firstShard + first + Number(environment.AWS_BATCH_JOB_ARRAY_INDEX);
  if (run.stateOf(shard) === 'finished') return 0;
  await new Promise((resolve) => killed.addEventListener('abort', resolve, { once: true }));
  return 137;
}

/** @returns the ids of the array jobs */
async function submitJobs(): Promise<string[]> {
  const client = new BatchClient({
    endpoint: account.env.AWS_ENDPOINT_URL_BATCH ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { submission } = run.submission;
  const ids: string[] = [];
  for (const { job, first, size } of run.jobs) {
    const { jobId = '' } = await client.send(
      new SubmitJobCommand({
        jobName: jobName(run.run, submission, job),
        jobQueue: run.target.queue,
        jobDefinition: run.target.definition,
        arrayProperties: { size },
        parameters: {
          submission: submissionUri({ storeUri: account.store, run: run.run, submission, first }),
        },
      }),
    );
    ids.push(jobId);
  }
  client.destroy();
  return ids;
}

async function store(jobIds: readonly string[]): Promise<void> {
  const objects = withinStore(run.entries(jobIds));
  if (!IS_REAL) {
    await putPipelined(account.env.AWS_ENDPOINT_URL_S3 ?? '', account.bucket, objects);
    return;
  }
  const limit = pLimit(REAL_PUTS_AT_ONCE);
  const put = ({ key: Key, bytes: Body }: StoredEntry) =>
    limit(() => account.s3.send(new PutObjectCommand({ Bucket: account.bucket, Key, Body })));
  await Promise.all([...objects].map(put));
}

function* withinStore(entries: Iterable<StoredEntry>): Generator<StoredEntry, void, undefined> {
  for (const { key, bytes } of entries) yield { key: `backfill/${key}`, bytes };
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function failed({ failed }: OutcomeCounts): number {
  return Object.values(failed).reduce((sum, count) => sum + count, 0);
}

test(`status of ${SHARDS} shards takes a request or two a thousand shards, and seconds`, async () => {
  requests.clear();
  const batchBefore = new Map(account.batch.counters.requests);
  const began = performance.now();
  const { code, stdout, stderr } = await account.backfill(['status', '--json'], {
    env: { AWS_ENDPOINT_URL_S3: tap.endpoint, NODE_OPTIONS: `--import "${TELL_MEMORY}"` },
  });
  const seconds = (performance.now() - began) / 1000;
  expect(code, stderr).toBe(0);
  const mebibytes = Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024;
  const batchRequests = new Map(
    [...account.batch.counters.requests].map(([operation, count]) => [
      operation,
      count - (batchBefore.get(operation) ?? 0),
    ]),
  );
  const figures = `${SHARDS} shards: ${seconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB, ${JSON.stringify([...requests])}`;
  if (process.env.BACKFILL_TEST_FIGURES !== undefined) process.stderr.write(`${figures}\n`);

  expect(total(requests), figures).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(seconds, figures).toBeLessThan(MOST_SECONDS);
  expect(mebibytes, figures).toBeLessThan(MOST_MEBIBYTES);
  // One call for all array jobs: their summaries have the children's states.
  expect(batchRequests.get('DescribeJobs')).toBe(1);
  expect(batchRequests.get('ListJobs') ?? 0).toBe(0);

  const status = JSON.parse(stdout) as RunStatus;
  expect(status).toMatchObject({
    runId: run.run,
    state: 'running',
    tracks: { total: run.rows, accepted: run.rows, rejected: 0 },
    shards: {
      total: SHARDS,
      finished: run.count('finished'),
      started: run.count('under-way'),
      waiting: run.count('waiting'),
    },
    batch: {
      queue: 'backfill-spot',
      workers: {
        SUCCEEDED: run.count('finished') - run.firstShard,
        RUNNING: run.count('under-way'),
        RUNNABLE: run.count('waiting'),
      },
      unsubmitted: 0,
    },
  });
  expect(status.work.reclaims).toBe(run.reclaims);
  expect(status.work.seconds).toBeGreaterThanOrEqual(run.finishedWorkSeconds);
  // Of shards under way it counts what it has read of them: at least the finished ones', never more than there is.
  const [finished, underWay] = [run.outcomes('finished'), run.outcomes('under-way')];
  for (const name of ['fingerprint', 'romanisation'] as const) {
    const [least, more] = [finished[name] as OutcomeCounts, underWay[name] as OutcomeCounts];
    const told = status.algorithms[name];
    expect(told?.succeeded).toBeGreaterThanOrEqual(least.succeeded);
    expect(told?.succeeded).toBeLessThanOrEqual(least.succeeded + more.succeeded);
    expect(told?.failed).toBeGreaterThanOrEqual(failed(least));
    expect(told?.failed).toBeLessThanOrEqual(failed(least) + failed(more));
    expect((told?.succeeded ?? 0) + (told?.failed ?? 0) + (told?.pending ?? 0)).toBe(run.rows);
  }
});
