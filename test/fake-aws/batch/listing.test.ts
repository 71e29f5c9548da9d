import {
  DescribeJobsCommand,
  type JobSummary,
  ListJobsCommand,
  type ListJobsRequest,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { afterEach, expect, test } from 'vitest';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import { JobsInHand, batchClient, definition, submission } from './jobs-in-hand.ts';
import type { BatchOptions } from './options.ts';

let batch: FakeBatch;
let hand: JobsInHand;

async function start(options: Partial<BatchOptions> = {}): Promise<void> {
  hand = new JobsInHand();
  batch = await startBatch({
    runner: { kind: 'function', run: hand.run },
    definitions: [definition()],
    vcpus: 3,
    ...options,
  });
}

async function submit(jobName = 'shards', size?: number): Promise<string> {
  const arrayProperties = size === undefined ? {} : { arrayProperties: { size } };
  const { jobId = '' } = await batchClient(batch).send(
    new SubmitJobCommand(submission({ jobName, ...arrayProperties })),
  );
  return jobId;
}

async function pages(request: ListJobsRequest): Promise<JobSummary[][]> {
  const found: JobSummary[][] = [];
  let nextToken: string | undefined;
  do {
    const page = await batchClient(batch).send(new ListJobsCommand({ ...request, nextToken }));
    found.push(page.jobSummaryList ?? []);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

const ids = (found: JobSummary[][]) => found.flat().map(({ jobId }) => jobId);
const named = (value: string) => ({
  jobQueue: 'backfill-spot',
  filters: [{ name: 'JOB_NAME', values: [value] }],
});
const describeJobs = async (jobs: string[]) =>
  (await batchClient(batch).send(new DescribeJobsCommand({ jobs }))).jobs ?? [];

afterEach(() => batch.close());

test('ListJobs shows what runs, unless another state is asked for', async () => {
  await start();
  const plain = await submit();
  const array = await submit('shards', 3);
  await batch.waitFor(() => batch.running().length === 3);
  expect(ids(await pages({ jobQueue: 'backfill-spot' }))).toEqual([plain]);
  expect(ids(await pages({ jobQueue: 'backfill-spot', jobStatus: 'PENDING' }))).toEqual([array]);
  expect(ids(await pages({ arrayJobId: array }))).toEqual([`${array}:0`, `${array}:1`]);
  expect(ids(await pages({ arrayJobId: array, jobStatus: 'RUNNABLE' }))).toEqual([`${array}:2`]);
});

test('ListJobs goes page by page, the newest first, though jobs come between the pages', async () => {
  await start({ pageSize: 2, vcpus: 100 });
  const submitted = [await submit(), await submit(), await submit()];
  await batch.waitFor(() => batch.running().length === 3);
  const client = batchClient(batch);
  const first = await client.send(new ListJobsCommand({ jobQueue: 'backfill-spot' }));
  await batch.waitForStatus(await submit(), 'RUNNING');
  const second = await client.send(
    new ListJobsCommand({ jobQueue: 'backfill-spot', nextToken: first.nextToken }),
  );
  expect(second.nextToken).toBeUndefined();
  expect(ids([first.jobSummaryList ?? [], second.jobSummaryList ?? []])).toEqual(submitted.toReversed());
  const one = await pages({ jobQueue: 'backfill-spot', maxResults: 1 });
  expect(one.map((page) => page.length)).toEqual([1, 1, 1, 1]);
});

test('the pages of the children of an array hold each once', async () => {
  await start({ vcpus: 25, pageSize: 10 });
  const array = await submit('shards', 25);
  await batch.waitFor(() => batch.running().length === 25);
  const found = await pages({ arrayJobId: array });
  expect(found.map((page) => page.length)).toEqual([10, 10, 5]);
  expect(new Set(ids(found)).size).toBe(25);
});

test('a filter by name finds jobs of any state, whatever jobStatus says, and no children', async () => {
  await start();
  const done = await submit('run-7-chunk-0');
  await batch.waitFor(() => hand.isRunning(done));
  hand.exit(done, 0);
  await batch.waitForStatus(done, 'SUCCEEDED');
  const array = await submit('Run-7-chunk-1', 2);
  await submit('run-70-chunk-0');
  expect(ids(await pages({ ...named('run-7-chunk-0'), jobStatus: 'FAILED' }))).toEqual([done]);
  expect(new Set(ids(await pages(named('run-7-*'))))).toEqual(new Set([done, array]));
  expect(ids(await pages(named('run-7')))).toEqual([]);
});

test('ListJobs wants exactly one place to look in, and a known queue', async () => {
  await start();
  for (const request of [{}, { jobQueue: 'backfill-spot', arrayJobId: 'a' }, { jobQueue: 'nowhere' }]) {
    await expect(pages(request)).rejects.toMatchObject({ name: 'ClientException' });
  }
});

test('DescribeJobs takes 100 ids, and leaves out those that it does not know', async () => {
  await start();
  const id = await submit('shards', 2);
  const found = await describeJobs([id, `${id}:1`, `${id}:2`, 'forgotten']);
  expect(found.map(({ jobId }) => jobId)).toEqual([id, `${id}:1`]);
  expect(found[1]?.arrayProperties).toEqual({ index: 1 });
  await expect(describeJobs(Array(101).fill(id))).rejects.toMatchObject({ name: 'ClientException' });
});

test('a new job is not seen for a while, though it can be ended', async () => {
  await start({ staleness: { reads: 2 } });
  const id = await submit('fresh');
  expect(await describeJobs([id])).toEqual([]);
  expect(ids(await pages(named('fresh')))).toEqual([]);
  await batchClient(batch).send(new TerminateJobCommand({ jobId: id, reason: 'stop' }));
  expect(ids(await pages(named('fresh')))).toEqual([id]);
  expect(await describeJobs([id])).toHaveLength(1);
});

test('what has finished can be forgotten; what has not stays', async () => {
  await start();
  const [done, runs] = [await submit(), await submit()];
  await batch.waitFor(() => hand.isRunning(done) && hand.isRunning(runs));
  hand.exit(done, 0);
  await batch.waitForStatus(done, 'SUCCEEDED');
  expect(batch.forgetFinished()).toBe(1);
  expect((await describeJobs([done, runs])).map(({ jobId }) => jobId)).toEqual([runs]);
  expect(ids(await pages({ jobQueue: 'backfill-spot', jobStatus: 'SUCCEEDED' }))).toEqual([]);
  await submit();
  expect(ids(await pages(named('shards')))).toHaveLength(2);
});
