import { readFileSync } from 'node:fs';
import { SubmitJobCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterEach, expect, test } from 'vitest';
import { type FakeBatch, startBatch } from './fake-batch.ts';
import { batchClient, definition, submission } from './jobs-in-hand.ts';
import type { BatchOptions } from './options.ts';

let batch: FakeBatch;

async function start(options: Partial<BatchOptions> = {}): Promise<void> {
  batch = await startBatch({
    runner: { kind: 'process', command: ['/bin/sh', '-c'] },
    definitions: [definition({ retryStrategy: { attempts: 2 } })],
    timings: { graceMilliseconds: 200 },
    ...options,
  });
}

/** Submits a job that runs a shell script. */
async function submit(script: string): Promise<string> {
  const { jobId = '' } = await batchClient(batch).send(
    new SubmitJobCommand(submission({ containerOverrides: { command: [script] } })),
  );
  return jobId;
}

function lines(id: string): string[] {
  return batch.logLines(batch.job(id)?.container?.logStreamName ?? '');
}

/** Waits until the attempt that runs has written a line. */
const said = (id: string, line: string) =>
  batch.waitFor(() => lines(id).includes(line), { what: `${id} to say ${line}` });

/** Whether a process runs: one that has ended and was not yet collected does not. */
function isAlive(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

afterEach(() => batch.close());

test('a process gets its variables and nothing of ours, and its output is kept', async () => {
  process.env['OF_THE_TESTS'] = 'leaked';
  await start({ environment: { GIVEN: 'yes' } });
  const id = await submit(
    'echo "$AWS_BATCH_JOB_ATTEMPT $GIVEN [$OF_THE_TESTS]"; echo trouble >&2; printf unended',
  );
  await batch.waitForStatus(id, 'SUCCEEDED');
  delete process.env['OF_THE_TESTS'];
  expect(lines(id).toSorted()).toEqual(['1 yes []', 'trouble', 'unended']);
});

test('the log of each failed attempt stays', async () => {
  await start();
  const id = await submit('echo "attempt $AWS_BATCH_JOB_ATTEMPT"; exit 3');
  const job = await batch.waitForStatus(id, 'FAILED');
  const logged = (job.attempts ?? []).map(({ container }) => batch.logLines(container?.logStreamName ?? ''));
  expect(logged).toEqual([['attempt 1'], ['attempt 2']]);
  expect(job.attempts?.map(({ container }) => container?.exitCode)).toEqual([3, 3]);
});

test('a reclaim sends SIGTERM to the main process, which may exit in its own way', async () => {
  await start();
  const id = await submit(
    '[ "$AWS_BATCH_JOB_ATTEMPT" = 2 ] && exit 0; trap "echo drained; exit 75" TERM; echo up; while :; do sleep 0.02; done',
  );
  await said(id, 'up');
  batch.reclaim(id);
  const job = await batch.waitForStatus(id, 'SUCCEEDED');
  expect(job.attempts).toMatchObject([
    { container: { exitCode: 75 }, statusReason: expect.stringMatching(/^Host EC2/) },
    { container: { exitCode: 0 } },
  ]);
  expect(batch.logLines(job.attempts?.[0]?.container?.logStreamName ?? '')).toEqual(['up', 'drained']);
});

test.runIf(process.platform === 'linux')(
  'a kill takes the children of a process too, those in a group of their own as well',
  async () => {
    await start();
    const id = await submit(
      'trap "" TERM; sleep 60 & echo "child $!"; setsid sh -c \'echo "child $$"; sleep 60\' & wait',
    );
    await batch.waitFor(() => lines(id).length === 2);
    const pids = lines(id).map((line) => Number(line.split(' ')[1]));
    expect(pids.every(isAlive)).toBe(true);
    await batchClient(batch).send(new TerminateJobCommand({ jobId: id, reason: 'stop' }));
    const job = await batch.waitForStatus(id, 'FAILED');
    expect(job.attempts).toMatchObject([{ container: { exitCode: 137 }, statusReason: 'stop' }]);
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  },
);

test('closing leaves no process behind', async () => {
  await start();
  const id = await submit('sleep 60 & echo "$!"; wait');
  await batch.waitFor(() => lines(id).length === 1);
  const pid = Number(lines(id)[0]);
  await batch.close();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('a program that is not there fails to start, as a container would', async () => {
  await start({ runner: { kind: 'process', command: ['/does/not/exist'] }, definitions: [definition()] });
  const job = await batch.waitForStatus(await submit('x'), 'FAILED');
  expect(job.attempts).toMatchObject([
    {
      container: { reason: expect.stringMatching(/^CannotStartContainerError/) },
      statusReason: 'Task failed to start',
    },
  ]);
});
