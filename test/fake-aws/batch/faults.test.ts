import { BatchClient, ListJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, expect, test } from 'vitest';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import type { FaultOptions } from './faults.ts';
import { batchClient, clientSettings, definition, submission } from './jobs-in-hand.ts';

let batch: FakeBatch;

async function start(faults: FaultOptions = {}): Promise<void> {
  batch = await startBatch({
    runner: { kind: 'function', run: () => 0 },
    definitions: [definition()],
    faults,
  });
}

const submit = (jobName: string) => batchClient(batch).send(new SubmitJobCommand(submission({ jobName })));

afterEach(() => batch.close());

test('a throttled call is refused with 429, and nothing was done', async () => {
  await start();
  batch.failNext('SubmitJob', 'throttle');
  await expect(submit('a')).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
  expect(batch.jobsNamed('a')).toEqual([]);
  await submit('a');
  expect(batch.counters.submitted.get('a')).toBe(1);
});

test('a server error before the work is 500, and nothing was done', async () => {
  await start();
  batch.failNext('SubmitJob', 'serverError');
  await expect(submit('a')).rejects.toMatchObject({
    name: 'ServerException',
    $metadata: { httpStatusCode: 500 },
  });
  expect(batch.jobsNamed('a')).toEqual([]);
});

test('an answer that is lost, or is a server error, comes after the job was accepted', async () => {
  await start();
  batch.failNext('SubmitJob', 'loseResponse');
  await expect(submit('lost')).rejects.toThrow();
  batch.failNext('SubmitJob', 'errorAfterAcceptance');
  await expect(submit('unsure')).rejects.toMatchObject({ name: 'ServerException' });
  expect(batch.jobsNamed('lost')).toHaveLength(1);
  expect(batch.jobsNamed('unsure')).toHaveLength(1);
});

test('the SDK’s own retries get a throttled call through, and double a job whose answer was lost', async () => {
  await start();
  const client = new BatchClient({ ...clientSettings(batch), maxAttempts: 3 });
  batch.failNext('ListJobs', 'throttle');
  await client.send(new ListJobsCommand({ jobQueue: 'backfill-spot' }));
  expect(batch.counters.requests.get('ListJobs')).toBe(2);
  batch.failNext('SubmitJob', 'loseResponse');
  await client.send(new SubmitJobCommand(submission({ jobName: 'twice' })));
  expect(batch.counters.submitted.get('twice')).toBe(2);
});

test('shares are drawn from the seed: the same calls meet the same faults', async () => {
  const drawn = async () => {
    await start({ seed: 5, throttle: 0.2, serverError: 0.1, operations: { SubmitJob: {} } });
    for (let call = 0; call < 100; call += 1) {
      await batchClient(batch)
        .send(new ListJobsCommand({ jobQueue: 'backfill-spot' }))
        .catch(() => undefined);
    }
    await submit('untouched');
    const faults = batch.requests.map(({ fault }) => fault);
    expect(batch.counters.faults.throttle).toBe(faults.filter((fault) => fault === 'throttle').length);
    await batch.close();
    return faults;
  };
  const first = await drawn();
  expect(first.filter((fault) => fault === 'throttle').length).toBeGreaterThan(8);
  expect(first.filter((fault) => fault === 'serverError').length).toBeGreaterThan(2);
  expect(await drawn()).toEqual(first);
});

test('more calls a second than are allowed are throttled', async () => {
  await start({ perSecond: { SubmitJob: 5 } });
  const calls = await Promise.allSettled(Array.from({ length: 20 }, () => submit('fast')));
  const accepted = calls.filter(({ status }) => status === 'fulfilled').length;
  expect(accepted).toBeGreaterThanOrEqual(5);
  expect(accepted).toBeLessThan(20);
  expect(batch.counters.submitted.get('fast')).toBe(accepted);
});

test('CloudWatch Logs throttles in its own words', async () => {
  await start();
  batch.failNext('DescribeLogGroups', 'throttle');
  await expect(
    new CloudWatchLogsClient(clientSettings(batch)).send(new DescribeLogGroupsCommand({})),
  ).rejects.toMatchObject({ name: 'ThrottlingException' });
});

test('requests are kept as they were sent', async () => {
  await start();
  await submit('kept');
  expect(batch.requests).toEqual([
    {
      operation: 'SubmitJob',
      body: { jobName: 'kept', jobQueue: 'backfill-spot', jobDefinition: 'work' },
      fault: undefined,
    },
  ]);
});
