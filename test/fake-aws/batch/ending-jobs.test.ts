import {
  CancelJobCommand,
  SubmitJobCommand,
  type SubmitJobRequest,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { afterEach, expect, test } from 'vitest';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import { JobsInHand, batchClient, definition, submission } from './jobs-in-hand.ts';
import type { BatchOptions } from './options.ts';

let batch: FakeBatch;
let hand: JobsInHand;

/** One vCPU, so that the second job waits, and retries, so that what may be retried would be. */
async function start(options: Partial<BatchOptions> = {}, exitOnTerm?: number): Promise<void> {
  hand = new JobsInHand(exitOnTerm);
  batch = await startBatch({
    runner: { kind: 'function', run: hand.run },
    definitions: [definition({ retryStrategy: { attempts: 5 } })],
    vcpus: 1,
    timings: { graceMilliseconds: 20 },
    ...options,
  });
}

async function submit(overrides: Partial<SubmitJobRequest> = {}): Promise<string> {
  const { jobId = '' } = await batchClient(batch).send(new SubmitJobCommand(submission(overrides)));
  return jobId;
}

const cancel = (jobId: string) =>
  batchClient(batch).send(new CancelJobCommand({ jobId, reason: 'not wanted' }));
const terminate = (jobId: string) =>
  batchClient(batch).send(new TerminateJobCommand({ jobId, reason: 'stop' }));

afterEach(() => batch.close());

test('CancelJob takes back a job that waits, and leaves one that runs', async () => {
  await start();
  const runs = await submit();
  await batch.waitForStatus(runs, 'RUNNING');
  const waits = await submit();
  await batch.waitForStatus(waits, 'RUNNABLE');
  await cancel(waits);
  expect(batch.job(waits)).toMatchObject({ status: 'FAILED', statusReason: 'not wanted', isCancelled: true });
  await cancel(runs);
  expect(batch.job(runs)?.status).toBe('RUNNING');
});

test('CancelJob of an array job ends the children that wait; the one that runs decides when it is over', async () => {
  await start();
  const id = await submit({ arrayProperties: { size: 3 } });
  await batch.waitFor(() => hand.isRunning(`${id}:0`));
  await cancel(id);
  expect(batch.job(id)).toMatchObject({
    status: 'PENDING',
    arrayProperties: { statusSummary: { RUNNING: 1, FAILED: 2 } },
  });
  hand.exit(`${id}:0`, 0);
  expect((await batch.waitForStatus(id, 'FAILED')).statusReason).toBe('not wanted');
  expect(batch.job(`${id}:0`)?.status).toBe('SUCCEEDED');
});

test('CancelJob leaves a child that is STARTING', async () => {
  await start({ timings: { startingMilliseconds: 100 } });
  const id = await submit();
  await batch.waitForStatus(id, 'STARTING');
  await cancel(id);
  expect((await batch.waitForStatus(id, 'RUNNING')).isCancelled).toBe(false);
});

test('TerminateJob sends SIGTERM; what exits then has failed, and is not retried', async () => {
  await start({}, 0);
  const id = await submit();
  await batch.waitFor(() => hand.isRunning(id));
  await terminate(id);
  const job = await batch.waitForStatus(id, 'FAILED');
  expect(job).toMatchObject({ statusReason: 'stop', isTerminated: true });
  expect(job.attempts).toMatchObject([{ container: { exitCode: 0 }, statusReason: 'stop' }]);
});

test('TerminateJob kills what does not heed SIGTERM within the grace time', async () => {
  await start();
  const id = await submit();
  await batch.waitFor(() => hand.isRunning(id));
  await terminate(id);
  const job = await batch.waitForStatus(id, 'FAILED');
  expect(hand.tasks.get(id)?.terminated.aborted).toBe(true);
  expect(job.attempts).toMatchObject([{ container: { exitCode: 137 } }]);
});

test('TerminateJob of an array job leaves what runs, unless the stand-in is told to cascade', async () => {
  await start();
  const id = await submit({ arrayProperties: { size: 2 } });
  await batch.waitFor(() => hand.isRunning(`${id}:0`));
  await terminate(id);
  expect(batch.job(`${id}:0`)?.status).toBe('RUNNING');
  expect(batch.job(`${id}:1`)).toMatchObject({ status: 'FAILED', statusReason: 'stop' });
  await terminate(`${id}:0`);
  await batch.waitForStatus(id, 'FAILED');
  await batch.close();

  await start({ terminateCascade: 'all' });
  const other = await submit({ arrayProperties: { size: 2 } });
  await batch.waitFor(() => hand.isRunning(`${other}:0`));
  await terminate(other);
  expect((await batch.waitForStatus(other, 'FAILED')).isTerminated).toBe(true);
  expect(batch.counters.retries).toBe(0);
});

test('ending what has ended changes nothing; ending what never was is refused', async () => {
  await start();
  const id = await submit();
  await batch.waitFor(() => hand.isRunning(id));
  hand.exit(id, 0);
  await batch.waitForStatus(id, 'SUCCEEDED');
  await terminate(id);
  await cancel(id);
  expect(batch.job(id)?.status).toBe('SUCCEEDED');
  await expect(terminate('6f2a0000-0000-0000-0000-000000000000')).rejects.toMatchObject({
    name: 'ClientException',
  });
});

test('a timeout ends an attempt by SIGTERM and SIGKILL, and is not retried', async () => {
  await start({ timings: { timeoutScale: 0.001, graceMilliseconds: 20 } });
  const id = await submit({ timeout: { attemptDurationSeconds: 60 } });
  const job = await batch.waitForStatus(id, 'FAILED');
  expect(hand.tasks.get(id)?.terminated.aborted).toBe(true);
  expect(job.attempts).toHaveLength(1);
  expect(job.statusReason).toBe('Job attempt duration exceeded timeout');
  expect(batch.counters.timeouts).toBe(1);
});
