import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecutorSubmission, ShardTrouble } from '../../src/executor/executor.ts';
import { LocalExecutor, type LocalExecutorOptions } from '../../src/executor/local/local-executor.ts';
import { processesWith } from '../end-to-end/backfill.ts';

describe('workers of this machine', () => {
  let folder: string;
  let troubles: ShardTrouble[];
  let notices: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-executor-'));
    troubles = [];
    notices = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('that can not go on in any shard stop the submission: what stands in their way stands in that of all', async () => {
    const execution = await execute(200, { workerCommand: worker('exit 3') });
    expect(execution.finished).toBe(0);
    expect(execution.gaveUp.length).toBeLessThanOrEqual(6);
    expect(new Set(troubles.map(({ shard }) => shard)).size).toBe(execution.gaveUp.length);
    expect(notices).toEqual([expect.stringContaining('no more are started')]);
  });

  it('that can not go on in some shards are no reason to leave the others', async () => {
    const script = '[ $(($AWS_BATCH_JOB_ARRAY_INDEX % 3)) = 0 ] || exit 3';
    const execution = await execute(30, { workerCommand: worker(script) });
    expect(execution.finished).toBe(10);
    expect(execution.gaveUp).toHaveLength(20);
    expect(notices).toEqual([]);
  });

  it('that die are no reason to leave the others', async () => {
    const execution = await execute(12, { workerCommand: worker('kill -KILL $$') });
    expect(execution.gaveUp).toHaveLength(12);
    expect(troubles[0]?.message).toContain('was ended by SIGKILL');
  });

  it('that can not be started are told of as such', async () => {
    const execution = await execute(1, { workerCommand: [join(folder, 'nothing')] });
    expect(execution.gaveUp).toMatchObject([
      { shard: 0, reason: expect.stringMatching(/it can not be started: .*ENOENT/) },
    ]);
  });

  it('leave in good order before a command goes that can not go on itself', async () => {
    const left = join(folder, 'left');
    const ready = join(folder, 'ready');
    const script = `if [ $AWS_BATCH_JOB_ARRAY_INDEX = 0 ]; then until [ -e ${ready} ]; do sleep 0.01; done; exit 3; fi
      trap 'echo left > ${left}; exit 75' TERM; touch ${ready}; while :; do sleep 0.01; done`;
    const readProgress = () => Promise.reject(new Error('the store can not be read'));
    await expect(execute(2, { workerCommand: worker(script), readProgress })).rejects.toThrow(
      'the store can not be read',
    );
    expect(await readFile(left, 'utf8')).toBe('left\n');
    expect(await processesWith(folder)).toEqual([]);
  });

  function worker(script: string): string[] {
    return ['sh', '-c', script, 'worker'];
  }

  async function execute(
    shards: number,
    options: Partial<LocalExecutorOptions>,
  ): ReturnType<LocalExecutor['execute']> {
    const never = new AbortController().signal;
    const entries = Array.from({ length: shards }, (_, shard) => ({
      shard,
      generation: 0,
      rows: 1,
      frame: { offset: 0, length: 0 },
      weightSeconds: 1,
      heaviestTrackSeconds: 1,
    }));
    const submission: Omit<ExecutorSubmission, 'record'> = {
      uri: 'file:///store/runs/r/submissions/1.json',
      entries,
      detach: false,
      drain: never,
      stop: never,
      onProgress: () => {},
      onTrouble: (trouble) => troubles.push(trouble),
      onWorkers: () => {},
      onNotice: (message) => notices.push(message),
    };
    return new LocalExecutor({
      concurrency: 2,
      workerCommand: [],
      isBeingWorked: async () => false,
      readProgress: async () => undefined,
      ...options,
    }).execute(submission as ExecutorSubmission);
  }
});
