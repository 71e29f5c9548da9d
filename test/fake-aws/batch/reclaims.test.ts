import { SubmitJobCommand, type SubmitJobRequest, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterEach, describe, expect, test } from 'vitest';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import { JobsInHand, batchClient, definition, submission } from './jobs-in-hand.ts';
import type { BatchOptions } from './options.ts';

let batch: FakeBatch;
let hand: JobsInHand;

const RULES = {
  attempts: 10,
  evaluateOnExit: [
    { onStatusReason: 'Host EC2*', action: 'RETRY' as const },
    { onStatusReason: 'Your Spot Task was interrupted*', action: 'RETRY' as const },
    { onExitCode: '75', action: 'RETRY' as const },
    { onReason: '*', action: 'EXIT' as const },
  ],
};

async function start(options: Partial<BatchOptions> = {}, exitOnTerm?: number): Promise<void> {
  hand = new JobsInHand(exitOnTerm);
  batch = await startBatch({
    runner: { kind: 'function', run: hand.run },
    definitions: [definition({ retryStrategy: RULES })],
    timings: { graceMilliseconds: 20 },
    ...options,
  });
}

/** Submits a job, and waits until its first attempt runs. */
async function running(overrides: Partial<SubmitJobRequest> = {}): Promise<string> {
  const { jobId = '' } = await batchClient(batch).send(new SubmitJobCommand(submission(overrides)));
  await batch.waitFor(() => hand.isRunning(overrides.arrayProperties === undefined ? jobId : `${jobId}:0`));
  return jobId;
}

const retried = (id: string) =>
  batch.waitFor(() => batch.job(id)?.attempts?.length === 1 && batch.job(id)?.status === 'RUNNING');

afterEach(() => batch.close());

describe('a reclaimed attempt', () => {
  test('that heeds SIGTERM exits with its own code; the job runs again', async () => {
    await start({}, 75);
    const id = await running();
    expect(batch.reclaim(id)).toEqual([id]);
    await retried(id);
    expect(batch.job(id)?.attempts?.[0]).toMatchObject({
      container: { exitCode: 75 },
      statusReason: expect.stringMatching(/^Host EC2 \(instance i-[0-9a-f]{17}\) terminated\.$/),
    });
    expect(hand.tasks.get(id)?.environment['AWS_BATCH_JOB_ATTEMPT']).toBe('2');
  });

  test('that does not is killed with its host, and no exit code is told', async () => {
    await start();
    const id = await running();
    const { killed, terminated } = hand.tasks.get(id) ?? {};
    batch.reclaim(id);
    await retried(id);
    expect([terminated?.aborted, killed?.aborted]).toEqual([true, true]);
    expect(batch.job(id)?.attempts?.[0]?.container?.exitCode).toBeUndefined();
  });

  test('without notice gets no SIGTERM', async () => {
    await start({}, 75);
    const id = await running();
    const { terminated } = hand.tasks.get(id) ?? {};
    batch.reclaim(id, { hard: true });
    await retried(id);
    expect(terminated?.aborted).toBe(false);
    expect(batch.job(id)?.attempts?.[0]?.statusReason).toMatch(/^Host EC2/);
  });

  test('on Fargate is told in other words', async () => {
    await start({ queues: [{ name: 'backfill-spot', kind: 'FARGATE_SPOT' }] }, 75);
    const id = await running();
    batch.reclaim(id);
    await retried(id);
    expect(batch.job(id)?.attempts?.[0]?.statusReason).toBe('Your Spot Task was interrupted.');
  });

  test('of a host that is drained shows as the exit code alone', async () => {
    await start({}, 75);
    const id = await running();
    batch.reclaim(id, { flavour: 'drained' });
    await retried(id);
    expect(batch.job(id)?.attempts?.[0]).toMatchObject({
      container: { exitCode: 75 },
      statusReason: 'Essential container in task exited',
    });
  });

  test('whose work is done within the grace time has succeeded', async () => {
    await start({}, 0);
    const id = await running();
    batch.reclaim(id);
    await batch.waitForStatus(id, 'SUCCEEDED');
    expect(batch.counters).toMatchObject({ reclaims: 1, survivedReclaims: 1, retries: 0 });
  });

  test('that is terminated meanwhile is not retried', async () => {
    await start();
    const id = await running();
    batch.reclaim(id);
    await batchClient(batch).send(new TerminateJobCommand({ jobId: id, reason: 'stop' }));
    expect((await batch.waitForStatus(id, 'FAILED')).statusReason).toBe('stop');
  });
});

test('a share of all that run is reclaimed, and the same share by the same seed', async () => {
  await start({ vcpus: 100 }, 75);
  const id = await running({ arrayProperties: { size: 100 } });
  await batch.waitFor(() => batch.running().length === 100);
  const hit = batch.reclaim({ share: 0.3, seed: 7 });
  expect(hit.length).toBeGreaterThan(15);
  expect(hit.length).toBeLessThan(45);
  await batch.waitFor(() => batch.counters.retries === hit.length && batch.running().length === 100);
  const index = (childId: string) => Number(childId.split(':')[1]);
  const attempts = Array.from({ length: 100 }, (_, each) => batch.job(`${id}:${each}`)?.attempts?.length);
  expect(attempts.filter((count) => count === 1)).toHaveLength(hit.length);
  expect(hit.every((childId) => attempts[index(childId)] === 1)).toBe(true);
});

test('by a policy, about the share of all attempts is reclaimed, and every child comes through', async () => {
  await start({
    vcpus: 50,
    runner: {
      kind: 'function',
      run: ({ terminated }) =>
        new Promise((resolve) => {
          const done = setTimeout(() => resolve(0), 15);
          terminated.addEventListener('abort', () => {
            clearTimeout(done);
            resolve(75);
          });
        }),
    },
    reclaims: { share: 0.2, seed: 3, attemptMilliseconds: 15 },
  });
  const { jobId: id = '' } = await batchClient(batch).send(
    new SubmitJobCommand(submission({ arrayProperties: { size: 1000 } })),
  );
  await batch.waitForStatus(id, 'SUCCEEDED');
  const { attempts, reclaims, retries, succeeded } = batch.counters;
  expect(succeeded).toBe(1000);
  expect(attempts).toBe(1000 + retries);
  expect(retries).toBe(reclaims);
  expect(reclaims / attempts).toBeGreaterThan(0.12);
  expect(reclaims / attempts).toBeLessThan(0.28);
});

test('a policy leaves on-demand hosts alone', async () => {
  await start({ reclaims: { share: 1, attemptMilliseconds: 1 } }, 75);
  const safe = await running({ jobQueue: 'backfill-on-demand' });
  const struck = await running();
  await batch.waitFor(() => (batch.job(struck)?.attempts?.length ?? 0) > 1);
  expect(batch.reclaim({ share: 1 })).not.toContain(safe);
  expect(batch.job(safe)).toMatchObject({ status: 'RUNNING', attempts: [] });
});

test('a kill out of nowhere is exit code 137; one of a used-up memory says so', async () => {
  await start({ definitions: [definition()] });
  const shot = await running();
  batch.killHard(shot);
  expect((await batch.waitForStatus(shot, 'FAILED')).attempts).toMatchObject([
    { container: { exitCode: 137 } },
  ]);
  const lost = await running();
  batch.killHard(lost, { host: true });
  const [attempt] = (await batch.waitForStatus(lost, 'FAILED')).attempts ?? [];
  expect(attempt?.statusReason).toMatch(/^Host EC2/);
  expect(attempt?.container?.exitCode).toBeUndefined();
  const starved = await running();
  batch.runOutOfMemory(starved);
  expect((await batch.waitForStatus(starved, 'FAILED')).attempts).toMatchObject([
    { container: { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' } },
  ]);
  expect(batch.counters.outOfMemory).toBe(1);
});

test('a stalled queue keeps its jobs RUNNABLE and tells why at its head; then they run', async () => {
  await start();
  const reason = 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested';
  batch.stall('backfill-spot', reason);
  const { jobId: id = '' } = await batchClient(batch).send(
    new SubmitJobCommand(submission({ arrayProperties: { size: 2 } })),
  );
  expect((await batch.waitForStatus(`${id}:0`, 'RUNNABLE')).statusReason).toBe(reason);
  expect(batch.job(`${id}:1`)?.statusReason).toBeUndefined();
  await running({ jobQueue: 'backfill-on-demand' });
  batch.unstall('backfill-spot');
  expect((await batch.waitForStatus(`${id}:1`, 'RUNNING')).statusReason).toBeUndefined();
});
