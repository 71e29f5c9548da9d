/** Runs on Linux, where a Docker engine answers at DOCKER_HOST: its image is made of this machine's own programs. */
import { execFileSync } from 'node:child_process';
import { type ContainerProperties, SubmitJobCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DockerEngine } from './docker-engine.ts';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import { batchClient, definition, submission } from './jobs-in-hand.ts';

const engine = new DockerEngine();
const IMAGE = 'fake-batch-test:shell';

let batch: FakeBatch;

async function start(container: ContainerProperties, retryStrategy = { attempts: 1 }): Promise<void> {
  batch = await startBatch({
    runner: { kind: 'container' },
    definitions: [
      definition({
        retryStrategy,
        containerProperties: { image: IMAGE, ...container, vcpus: 1, memory: container.memory ?? 64 },
      }),
    ],
    timings: { graceMilliseconds: 2000 },
    environment: { GIVEN: 'yes' },
  });
}

async function submit(script: string): Promise<string> {
  const { jobId = '' } = await batchClient(batch).send(
    new SubmitJobCommand(submission({ containerOverrides: { command: ['/bin/sh', '-c', script] } })),
  );
  return jobId;
}

function lines(id: string): string[] {
  return batch.logLines(batch.job(id)?.container?.logStreamName ?? '');
}

async function containersLeft(): Promise<string[]> {
  const all = JSON.parse(await engine.call('GET', '/containers/json?all=1')) as { Names: string[] }[];
  return all.flatMap(({ Names }) => Names).filter((name) => name.startsWith('/fake-batch-'));
}

describe.runIf(process.platform === 'linux' && (await engine.answers()))('containers', () => {
  beforeAll(async () => {
    const programs = ['/bin/sh', '/bin/sleep', '/usr/bin/id', '/usr/bin/head', '/usr/bin/tail'];
    const libraries =
      execFileSync('/usr/bin/ldd', programs, { encoding: 'utf8' }).match(/\/\S+\.so\S*/g) ?? [];
    const files = [...new Set([...programs, ...libraries])];
    const tar = execFileSync('tar', ['-ch', ...files], {
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [repository, tag] = IMAGE.split(':');
    await engine.call('POST', `/images/create?fromSrc=-&repo=${repository}&tag=${tag}`, tar);
  });

  afterEach(() => batch.close());
  afterAll(() => engine.call('DELETE', `/images/${IMAGE}?force=1`));

  test('run as the definition says: user, read-only root, tmpfs, a scratch volume, variables', async () => {
    await start({
      user: '1234',
      readonlyRootFilesystem: true,
      linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/tmp', size: 1 }] },
      volumes: [{ name: 'scratch', host: {} }],
      mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch' }],
    });
    const id = await submit(
      'id -u; echo "$GIVEN $AWS_BATCH_JOB_ATTEMPT"; echo "process $$"; echo x > /tmp/x && echo tmp; [ -d /scratch ] && echo scratch; echo x > /x || exit 9',
    );
    const job = await batch.waitForStatus(id, 'FAILED');
    expect(job.attempts).toMatchObject([{ container: { exitCode: 9 } }]);
    expect(lines(id)).toEqual(expect.arrayContaining(['1234', 'yes 1', 'tmp', 'scratch']));
    // The init process is the first, and the job's is not.
    expect(lines(id)).not.toContain('process 1');
    expect(await containersLeft()).toEqual([]);
  });

  test('are sent SIGTERM when their host is reclaimed, and run again', async () => {
    await start({ linuxParameters: { initProcessEnabled: true } }, { attempts: 3 });
    const id = await submit(
      '[ "$AWS_BATCH_JOB_ATTEMPT" = 2 ] && exit 0; trap "echo drained; exit 75" TERM; echo up; while :; do sleep 0.02; done',
    );
    await batch.waitFor(() => lines(id).includes('up'));
    batch.reclaim(id);
    const job = await batch.waitForStatus(id, 'SUCCEEDED');
    expect(job.attempts?.[0]).toMatchObject({
      container: { exitCode: 75 },
      statusReason: expect.stringMatching(/^Host EC2/),
    });
    expect(batch.logLines(job.attempts?.[0]?.container?.logStreamName ?? '')).toEqual(['up', 'drained']);
  });

  test('that use up their memory say so', async () => {
    await start({ memory: 16 });
    const job = await batch.waitForStatus(await submit('head -c 200000000 /dev/zero | tail'), 'FAILED');
    expect(job.attempts).toMatchObject([
      { container: { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' } },
    ]);
  });

  test('of an image that is not there never start', async () => {
    await start({ image: 'fake-batch-test:none' });
    const job = await batch.waitForStatus(await submit('true'), 'FAILED');
    expect(job.attempts).toMatchObject([
      {
        container: { reason: expect.stringMatching(/^CannotPullContainerError: /) },
        statusReason: 'Task failed to start',
      },
    ]);
    expect(job.attempts?.[0]?.container?.logStreamName).toBeUndefined();
  });

  test('are killed when they do not heed SIGTERM, and none is left when the stand-in closes', async () => {
    await start({});
    const deaf = await submit('trap "" TERM; echo up; while :; do sleep 0.1; done');
    const left = await submit('echo up; sleep 60');
    await batch.waitFor(() => lines(deaf).includes('up') && lines(left).includes('up'));
    await batchClient(batch).send(new TerminateJobCommand({ jobId: deaf, reason: 'stop' }));
    const job = await batch.waitForStatus(deaf, 'FAILED');
    expect(job.attempts).toMatchObject([{ container: { exitCode: 137 }, statusReason: 'stop' }]);
    await batch.close();
    expect(await containersLeft()).toEqual([]);
  });
});
