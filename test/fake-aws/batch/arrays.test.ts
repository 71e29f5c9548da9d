import { DescribeJobsCommand, SubmitJobCommand, type SubmitJobRequest } from '@aws-sdk/client-batch';
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
    ...options,
  });
}

async function submit(overrides: Partial<SubmitJobRequest> = {}): Promise<string> {
  const { jobId = '' } = await batchClient(batch).send(new SubmitJobCommand(submission(overrides)));
  return jobId;
}

afterEach(() => batch.close());

test('a child knows its job, index, attempt and queue; a plain job has no index', async () => {
  await start({ environment: { AWS_REGION: 'us-east-1', MODE: 'from outside' } });
  const array = await submit({
    arrayProperties: { size: 2 },
    containerOverrides: { environment: [{ name: 'MODE', value: 'from the job' }] },
  });
  const plain = await submit();
  await batch.waitFor(() => hand.tasks.size === 3);
  expect(hand.tasks.get(`${array}:1`)?.environment).toMatchObject({
    AWS_BATCH_JOB_ID: `${array}:1`,
    AWS_BATCH_JOB_ARRAY_INDEX: '1',
    AWS_BATCH_JOB_ARRAY_SIZE: '2',
    AWS_BATCH_JOB_ATTEMPT: '1',
    AWS_BATCH_JQ_NAME: 'backfill-spot',
    AWS_REGION: 'us-east-1',
    MODE: 'from the job',
  });
  expect(hand.tasks.get(plain)?.environment).toMatchObject({ AWS_BATCH_JOB_ID: plain, MODE: 'from outside' });
  expect(hand.tasks.get(plain)?.environment).not.toHaveProperty('AWS_BATCH_JOB_ARRAY_INDEX');
});

test('a parent is PENDING while children run, counts them, and succeeds with the last', async () => {
  await start({ vcpus: 2 });
  const id = await submit({ arrayProperties: { size: 5 } });
  await batch.waitFor(() => hand.tasks.size === 2);
  const describeParent = async () =>
    (await batchClient(batch).send(new DescribeJobsCommand({ jobs: [id] }))).jobs?.[0];
  expect(await describeParent()).toMatchObject({
    status: 'PENDING',
    arrayProperties: { size: 5, statusSummary: { RUNNING: 2, RUNNABLE: 3, SUCCEEDED: 0, FAILED: 0 } },
  });
  hand.exit(`${id}:0`, 0);
  await batch.waitFor(() => hand.isRunning(`${id}:2`));
  expect((await describeParent())?.arrayProperties?.statusSummary).toMatchObject({
    RUNNING: 2,
    SUCCEEDED: 1,
  });
  await batch.waitFor(() => {
    hand.exitAll(0);
    return batch.job(id)?.status === 'SUCCEEDED';
  });
  expect((await describeParent())?.arrayProperties?.statusSummary).toMatchObject({
    SUCCEEDED: 5,
    PENDING: 0,
  });
});

test('a parent fails when a child has failed, but not before the last has ended', async () => {
  await start();
  const id = await submit({ arrayProperties: { size: 2 } });
  await batch.waitFor(() => hand.tasks.size === 2);
  hand.exit(`${id}:0`, 3);
  await batch.waitForStatus(`${id}:0`, 'FAILED');
  expect(batch.job(id)?.status).toBe('PENDING');
  hand.exit(`${id}:1`, 0);
  expect((await batch.waitForStatus(id, 'FAILED')).statusReason).toBe('Array Child Job failed');
});

test('no more run than there are vCPUs for, each with what it asks', async () => {
  await start({ vcpus: 5, definitions: [definition()] });
  const resourceRequirements = [{ type: 'VCPU' as const, value: '2' }];
  const id = await submit({ arrayProperties: { size: 4 }, containerOverrides: { resourceRequirements } });
  const small = await submit({ jobQueue: 'backfill-on-demand' });
  await batch.waitForStatus(small, 'RUNNING');
  expect(batch.running().toSorted()).toEqual([`${id}:0`, `${id}:1`, small].toSorted());
  expect(batch.job(`${id}:2`)?.status).toBe('RUNNABLE');
});

test('a child is retried as the submission says, which overrides the definition', async () => {
  const rules = (exitCode: string) => [
    { onExitCode: exitCode, action: 'RETRY' as const },
    { onReason: '*', action: 'EXIT' as const },
  ];
  await start({ definitions: [definition({ retryStrategy: { attempts: 2, evaluateOnExit: rules('1') } })] });
  const id = await submit({ retryStrategy: { attempts: 3, evaluateOnExit: rules('75') } });
  const attempts = () => hand.tasks.get(id)?.environment['AWS_BATCH_JOB_ATTEMPT'];
  await batch.waitFor(() => attempts() === '1');
  hand.exit(id, 75);
  await batch.waitFor(() => attempts() === '2');
  hand.exit(id, 1);
  const job = await batch.waitForStatus(id, 'FAILED');
  const [first, second] = job.attempts ?? [];
  expect(job.attempts).toHaveLength(2);
  expect(first).toMatchObject({
    container: { exitCode: 75 },
    statusReason: 'Essential container in task exited',
  });
  expect(first?.container?.logStreamName).toMatch(/^work\/default\/[0-9a-f]{32}$/);
  expect(second?.container?.logStreamName).not.toBe(first?.container?.logStreamName);
  expect(second?.startedAt).toBeLessThanOrEqual(second?.stoppedAt ?? 0);
  expect(job.container).toMatchObject({ exitCode: 1, logStreamName: second?.container?.logStreamName });
  expect(batch.counters).toMatchObject({ attempts: 2, retries: 1, failed: 1 });
});

test('2,500 children run through four vCPUs in seconds, each once', async () => {
  const seen = new Map<string, number>();
  await start({
    runner: {
      kind: 'function',
      run({ environment }) {
        const index = environment['AWS_BATCH_JOB_ARRAY_INDEX'] ?? '';
        seen.set(index, (seen.get(index) ?? 0) + 1);
        return 0;
      },
    },
  });
  const began = performance.now();
  const id = await submit({ arrayProperties: { size: 2500 } });
  await batch.waitForStatus(id, 'SUCCEEDED');
  expect(seen.size).toBe(2500);
  expect([...seen.values()].every((times) => times === 1)).toBe(true);
  expect(performance.now() - began).toBeLessThan(10_000);
});
