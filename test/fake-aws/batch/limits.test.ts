import {
  DeregisterJobDefinitionCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  type RegisterJobDefinitionRequest,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  type SubmitJobRequest,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import { batchClient, definition, submission } from './jobs-in-hand.ts';

let batch: FakeBatch;

beforeAll(async () => {
  batch = await startBatch({
    runner: { kind: 'function', run: () => 0 },
    definitions: [definition()],
    queues: [
      { name: 'backfill-spot' },
      { name: 'shared', fairShare: true },
      { name: 'closed', state: 'DISABLED' },
      { name: 'broken', status: 'INVALID', computeEnvironments: [{ name: 'none', status: 'INVALID' }] },
    ],
  });
});

afterAll(() => batch.close());

async function submit(overrides: Partial<SubmitJobRequest>): Promise<string> {
  const { jobId = '' } = await batchClient(batch).send(new SubmitJobCommand(submission(overrides)));
  return jobId;
}

function register(overrides: Partial<RegisterJobDefinitionRequest>) {
  return batchClient(batch).send(new RegisterJobDefinitionCommand(definition(overrides)));
}

const REFUSED = { name: 'ClientException', $metadata: { httpStatusCode: 400 } };

describe('submissions that are refused', () => {
  const environment = (name: string, value = '') => ({
    containerOverrides: { environment: [{ name, value }] },
  });
  const rule = { action: 'EXIT' as const, onReason: '*' };
  const cases: [string, Partial<SubmitJobRequest>, RegExp][] = [
    ['an array of 1', { arrayProperties: { size: 1 } }, /array size 1/],
    ['an array of 10,001', { arrayProperties: { size: 10_001 } }, /array size 10001/],
    ['a name of 129 characters', { jobName: 'a'.repeat(129) }, /jobName/],
    ['a name with a dot', { jobName: 'run.1' }, /jobName run\.1/],
    ['a name that begins with a dash', { jobName: '-run' }, /jobName -run/],
    ['a request over 30 KiB', { tags: { note: 'x'.repeat(31_000) } }, /30 KiB/],
    ['a variable of Batch’s own', environment('AWS_BATCH_JOB_ARRAY_SIZE'), /begins with AWS_BATCH/],
    ['a timeout under a minute', { timeout: { attemptDurationSeconds: 59 } }, /59 is under 60/],
    ['no attempts', { retryStrategy: { attempts: 0 } }, /attempts 0/],
    ['11 attempts', { retryStrategy: { attempts: 11 } }, /attempts 11/],
    [
      'six rules',
      { retryStrategy: { attempts: 2, evaluateOnExit: Array.from({ length: 6 }, () => rule) } },
      /6 evaluateOnExit/,
    ],
    ['rules without attempts', { retryStrategy: { evaluateOnExit: [rule] } }, /needs attempts/],
    [
      'an asterisk that is not at the end',
      { retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onReason: '*memory' }] } },
      /pattern \*memory/,
    ],
    [
      'letters in an exit code',
      { retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onExitCode: 'one' }] } },
      /pattern one/,
    ],
    ['a definition that is not there', { jobDefinition: 'play' }, /definition play does not exist/],
    ['a revision that is not there', { jobDefinition: 'work:7' }, /definition work:7 does not exist/],
    ['a queue that is not there', { jobQueue: 'nowhere' }, /queue nowhere does not exist/],
    ['a queue that is disabled', { jobQueue: 'closed' }, /closed is disabled/],
    ['a share identifier on a FIFO queue', { shareIdentifier: 'team' }, /shareIdentifier is not allowed/],
    ['none on a fair-share queue', { jobQueue: 'shared' }, /shareIdentifier is required/],
    [
      'one that is not alphanumeric',
      { jobQueue: 'shared', shareIdentifier: 'a-b' },
      /a-b is not alphanumeric/,
    ],
  ];

  test.each(cases)('%s', async (_, overrides, message) => {
    const before = batch.counters.submitted.size;
    await expect(submit(overrides)).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringMatching(message),
    });
    expect(batch.counters.submitted.size).toBe(before);
  });
});

describe('submissions that are accepted', () => {
  test('the largest array, the longest name, a share identifier where it is wanted', async () => {
    await submit({ jobName: 'a'.repeat(128), arrayProperties: { size: 10_000 } });
    await submit({ jobQueue: 'shared', shareIdentifier: 'team*' });
    expect(batch.counters.submitted.get('a'.repeat(128))).toBe(1);
  });

  test('overrides over 8,192 characters are accepted, and the job fails', async () => {
    const environment = [{ name: 'LIST', value: 'x'.repeat(8192) }];
    const id = await submit({ jobName: 'wordy', containerOverrides: { environment } });
    const job = await batch.waitForStatus(id, 'FAILED');
    expect(job.statusReason).toMatch(/at most 8192/);
    expect(job.attempts).toEqual([]);
  });

  test('a queue with nowhere to run keeps its jobs RUNNABLE, and says why', async () => {
    const id = await submit({ jobQueue: 'broken' });
    expect((await batch.waitForStatus(id, 'RUNNABLE')).statusReason).toMatch(/^ACTION_REQUIRED - /);
  });

  test('a job that needs more than there is stays RUNNABLE, and says why', async () => {
    const resourceRequirements = [{ type: 'VCPU' as const, value: '64' }];
    const id = await submit({
      jobQueue: 'shared',
      shareIdentifier: 'big',
      containerOverrides: { resourceRequirements },
    });
    const job = await batch.waitForStatus(id, 'RUNNABLE');
    expect(job.statusReason).toMatch(/^MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE/);
  });
});

describe('definitions', () => {
  test('have revisions: a bare name means the latest active one', async () => {
    const name = 'grows';
    for (const revision of [1, 2, 3]) {
      expect(await register({ jobDefinitionName: name })).toMatchObject({
        jobDefinitionName: name,
        revision,
      });
    }
    const used = async (reference: string) =>
      batch.job(await submit({ jobDefinition: reference }))?.jobDefinition;
    expect(await used(name)).toMatch(/grows:3$/);
    expect(await used(`${name}:1`)).toMatch(/grows:1$/);
    await batchClient(batch).send(new DeregisterJobDefinitionCommand({ jobDefinition: `${name}:3` }));
    expect(await used(name)).toMatch(/grows:2$/);
    await expect(submit({ jobDefinition: `${name}:3` })).rejects.toMatchObject(REFUSED);
    const described = await batchClient(batch).send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: name, status: 'ACTIVE' }),
    );
    expect(described.jobDefinitions?.map(({ revision }) => revision)).toEqual([2, 1]);
  });

  test('are refused over 24 KiB, without an image, or without memory', async () => {
    await expect(register({ tags: { note: 'x'.repeat(25_000) } })).rejects.toMatchObject(REFUSED);
    await expect(register({ containerProperties: {} })).rejects.toThrow(/image is required/);
    await expect(register({ containerProperties: { image: 'a', vcpus: 1 } })).rejects.toThrow(/MEMORY/);
  });
});

test('queues and their compute environments are described as they were declared', async () => {
  const { jobQueues } = await batchClient(batch).send(new DescribeJobQueuesCommand({}));
  expect(jobQueues?.map(({ jobQueueName, state, status }) => [jobQueueName, state, status])).toEqual([
    ['backfill-spot', 'ENABLED', 'VALID'],
    ['shared', 'ENABLED', 'VALID'],
    ['closed', 'DISABLED', 'VALID'],
    ['broken', 'ENABLED', 'INVALID'],
  ]);
  expect(jobQueues?.[1]?.schedulingPolicyArn).toBeDefined();
  expect(jobQueues?.[0]?.computeEnvironmentOrder).toHaveLength(1);
});
