import { SubmitJobCommand } from '@aws-sdk/client-batch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeImagesCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import { batchClient, clientSettings, definition, submission } from './jobs-in-hand.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const GROUP = '/aws/batch/job';

let batch: FakeBatch;
let logs: CloudWatchLogsClient;
let ecr: ECRClient;

beforeAll(async () => {
  const logConfiguration = {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': '/backfill', 'awslogs-stream-prefix': 'worker' },
  };
  batch = await startBatch({
    runner: {
      kind: 'function',
      run({ command: [lines = '0', exitCode = '0'], log }) {
        for (let line = 1; line <= Number(lines); line += 1) log(`line ${line}`);
        return Number(exitCode);
      },
    },
    definitions: [
      definition(),
      definition({
        jobDefinitionName: 'configured',
        containerProperties: { image: 'a', vcpus: 1, memory: 64, logConfiguration },
      }),
    ],
    logGroups: [{ name: '/backfill', retentionInDays: 30 }],
    images: [{ repository: 'backfill', digest: DIGEST, tags: ['v1'], bytes: 1000 }],
  });
  logs = new CloudWatchLogsClient(clientSettings(batch));
  ecr = new ECRClient(clientSettings(batch));
});

afterAll(() => batch.close());

/** Runs a job that writes so many lines; returns its log stream. */
async function run(lines: number, exitCode: number, jobDefinition = 'work'): Promise<string> {
  const command = [String(lines), String(exitCode)];
  const { jobId = '' } = await batchClient(batch).send(
    new SubmitJobCommand(submission({ jobDefinition, containerOverrides: { command } })),
  );
  const job = await batch.waitForStatus(jobId, exitCode === 0 ? 'SUCCEEDED' : 'FAILED');
  return job.container?.logStreamName ?? '';
}

const messages = (events: { message?: string | undefined }[] | undefined) =>
  events?.map(({ message }) => message);

describe('log streams', () => {
  test('keep the lines of a job that failed; a page is the end of them', async () => {
    const logStreamName = await run(5, 1);
    const page = await logs.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName, limit: 2 }));
    expect(messages(page.events)).toEqual(['line 4', 'line 5']);
    expect(page.events?.[0]?.timestamp).toBeGreaterThan(Date.now() - 60_000);
    const before = await logs.send(
      new GetLogEventsCommand({
        logGroupName: GROUP,
        logStreamName,
        limit: 2,
        nextToken: page.nextBackwardToken,
      }),
    );
    expect(messages(before.events)).toEqual(['line 2', 'line 3']);
  });

  test('are read forward until the token comes back unchanged', async () => {
    const logStreamName = await run(5, 0);
    const read: (string | undefined)[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const page = await logs.send(
        new GetLogEventsCommand({
          logGroupName: GROUP,
          logStreamName,
          limit: 2,
          startFromHead: true,
          nextToken,
        }),
      );
      read.push(...(messages(page.events) ?? []));
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
    expect(read).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
  });

  test('are searched by words, and go to the group that the definition names', async () => {
    const logStreamName = await run(3, 0, 'configured');
    expect(logStreamName).toMatch(/^worker\/default\/[0-9a-f]{32}$/);
    const found = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: '/backfill',
        logStreamNames: [logStreamName],
        filterPattern: '"line 2"',
      }),
    );
    expect(messages(found.events)).toEqual(['line 2']);
    const { logStreams } = await logs.send(
      new DescribeLogStreamsCommand({ logGroupName: '/backfill', logStreamNamePrefix: 'worker/' }),
    );
    expect(logStreams?.map((stream) => stream.logStreamName)).toEqual([logStreamName]);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/back' }));
    expect(logGroups).toMatchObject([{ logGroupName: '/backfill', retentionInDays: 30 }]);
  });

  test('that are not there are refused', async () => {
    for (const request of [
      { logGroupName: GROUP, logStreamName: 'none' },
      { logGroupName: 'none', logStreamName: 'none' },
    ]) {
      await expect(logs.send(new GetLogEventsCommand(request))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    }
  });
});

describe('images', () => {
  test('are found by digest and tag', async () => {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({
        repositoryName: 'backfill',
        imageIds: [{ imageDigest: DIGEST }, { imageTag: 'v1' }],
      }),
    );
    expect(imageDetails).toMatchObject([
      { imageDigest: DIGEST, imageTags: ['v1'], imageSizeInBytes: 1000 },
      {},
    ]);
    expect(imageDetails?.[0]?.imagePushedAt).toBeInstanceOf(Date);
    const { repositories } = await ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: ['backfill'] }),
    );
    expect(repositories?.[0]?.repositoryUri).toBe('123456789012.dkr.ecr.us-east-1.amazonaws.com/backfill');
  });

  test('that are not there are refused', async () => {
    await expect(
      ecr.send(new DescribeImagesCommand({ repositoryName: 'backfill', imageIds: [{ imageTag: 'v2' }] })),
    ).rejects.toMatchObject({ name: 'ImageNotFoundException' });
    await expect(ecr.send(new DescribeImagesCommand({ repositoryName: 'none' }))).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
    });
  });
});
