import { hostname } from 'node:os';
import { beforeEach, describe, expect, it } from 'vitest';
import { readStatus } from '../../src/operations/read-status.ts';
import { openRun } from '../../src/operations/runs.ts';
import { MAX_CHECKPOINTS_READ, readShardStates } from '../../src/operations/shard-states.ts';
import { FAILURE_CODES } from '../../src/failures.ts';
import { RUN_PLAN, checkpointKey, shardTableKey } from '../../src/run/keys.ts';
import type { RunStatus } from '../../src/run/status.ts';
import { CountedStore, ROWS, RUN, type StoredShard, storeShards, storeSubmission } from './stored-shards.ts';

let store: CountedStore;
beforeEach(() => {
  store = new CountedStore();
});

async function status(live = true): Promise<RunStatus> {
  return readStatus(store, await openRun(store, RUN), async () => ({ live, unsubmitted: 0 }));
}

function shards(count: number, of: (index: number) => StoredShard): StoredShard[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

describe('the status of a run', () => {
  it('counts every shard under way: of 1,000 that are 80 % done, 80 %', async () => {
    await storeShards(
      store,
      shards(1000, () => ({ next: 800, failed: { silent: 8 } })),
    );
    store.reads = 0;
    const { progress, algorithms, failures, work, shards: states } = await status();
    expect(progress).toMatchObject({ fraction: 0.8, estimated: false, committedTracks: 800_000 });
    expect([progress.sampledShards, progress.inFlightShards]).toEqual([1000, 1000]);
    expect(algorithms).toEqual({
      pitch: { succeeded: 792_000, failed: 8000, pending: 200_000, estimated: false },
    });
    expect([failures, work.seconds, work.estimated]).toEqual([{ silent: 8000 }, 800_000, false]);
    expect(states).toEqual({ total: 1000, finished: 0, started: 1000, waiting: 0 });
    // Run, plan, checkpoints; and what is not there of retries.
    expect(store.reads).toBeLessThanOrEqual(1000 + 4);
  });

  it('of more than it reads is estimated from an even sample, and says so', async () => {
    // From 0 to 99.9 %, the later shards further: a sample of the first ones would be far off.
    const count = 10_000;
    await storeShards(
      store,
      shards(count, (index) => {
        const next = Math.floor((index / count) * ROWS);
        return { next, failed: next > 100 ? { silent: 10 } : {}, weightSeconds: 600 + (index % 7) * 100 };
      }),
    );
    store.reads = 0;
    const { progress, algorithms, failures, work } = await status();
    expect(store.reads).toBeLessThanOrEqual(MAX_CHECKPOINTS_READ + 4);
    expect(progress).toMatchObject({
      estimated: true,
      sampledShards: MAX_CHECKPOINTS_READ,
      inFlightShards: count,
    });
    expect(progress.fraction).toBeCloseTo(0.5, 2);
    expect(work.estimated).toBe(true);
    expect(work.seconds / (count * ROWS)).toBeCloseTo(0.5, 2);
    const { succeeded = 0, failed = 0, pending = 0, estimated } = algorithms['pitch'] ?? {};
    expect(estimated).toBe(true);
    expect(succeeded + failed + pending).toBe(count * ROWS);
    expect((succeeded + failed) / (count * ROWS)).toBeCloseTo(0.5, 2);
    expect(failed / 89_900).toBeCloseTo(1, 2);
    expect(failures).toEqual({ silent: failed });
  });

  it('weighs shards by what they were planned to take', async () => {
    await storeShards(store, [
      { next: ROWS, isFinished: true, weightSeconds: 100 },
      { next: 500, weightSeconds: 600 },
      { next: undefined, weightSeconds: 300 },
    ]);
    const { progress } = await status();
    expect(progress).toMatchObject({
      fraction: 0.4,
      plannedSeconds: 1000,
      committedSeconds: 400,
      committedTracks: 1500,
      inFlightSeconds: 600,
      longestLeftSeconds: 300,
    });
  });

  it('that has just begun is running, with shards under way and nothing committed', async () => {
    await storeShards(store, [{ next: 0 }, { next: 0 }, { next: undefined }]);
    await storeSubmission(store, 1, undefined, hostname());
    expect(await status()).toMatchObject({
      state: 'running',
      shards: { started: 2, waiting: 1 },
      progress: { fraction: 0, estimated: false, inFlightShards: 2 },
      work: { workers: 3 },
      notices: [],
    });
  });

  it('takes a shard that its checkpoint calls finished for finished, and names it once nobody is at it', async () => {
    await storeShards(store, [
      { next: ROWS, isFinished: true },
      { next: ROWS, isFinished: true, isMarked: false, failed: { silent: 3 } },
      { next: 500 },
    ]);
    await storeSubmission(store, 1, 60, hostname());
    const { finished, unmarked, started } = await readShardStates(store, RUN);
    expect([[...finished], [...unmarked], [...started]]).toEqual([[0, 1], [1], [2]]);
    const stopped = await status(false);
    expect(stopped).toMatchObject({
      shards: { finished: 2, started: 1 },
      algorithms: { pitch: { succeeded: 2497, failed: 3, pending: 500 } },
      notices: ['shard 1 is finished and its marker is missing: its checkpoint was read instead'],
    });
    await storeSubmission(store, 2, undefined, hostname());
    expect((await status(true)).notices).toEqual([]);
  });

  it('names a checkpoint that can not be used, and counts the others', async () => {
    await storeShards(store, [{ next: 800 }, { next: 800 }]);
    await store.put(checkpointKey(RUN, 1), new TextEncoder().encode('{"schema": 1'));
    const { progress, damage } = await status();
    expect(progress.fraction).toBe(0.4);
    expect(damage).toEqual([expect.stringContaining('shards/000001/checkpoint.json')]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['lost', () => store.delete(shardTableKey(RUN, RUN_PLAN))],
    ['cut off', () => store.put(shardTableKey(RUN, RUN_PLAN), Buffer.from('BFSH'))],
  ])('gives no figures where the table of the plan is %s', async (_, damage) => {
    await storeShards(store, [{ next: ROWS, isFinished: true }, { next: 500 }]);
    await damage();
    await expect(status()).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining(shardTableKey(RUN, RUN_PLAN)),
    });
  });

  it('gives no figures where there is a shard that no plan has', async () => {
    await storeShards(store, [{ next: 500 }]);
    await store.put(checkpointKey(RUN, 7), new TextEncoder().encode('{}'));
    await expect(status()).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringMatching(/retry-1\.json .* holds shard 7, which is in no plan of the run/),
    });
  });

  it('names submissions whose end is not recorded though nobody works them', async () => {
    await storeShards(store, [{ next: 500 }]);
    await storeSubmission(store, 1, 100, hostname());
    await storeSubmission(store, 2, undefined, hostname());
    await storeSubmission(store, 3, undefined, 'another-host');
    expect(await status(false)).toMatchObject({
      state: 'interrupted',
      seconds: 100,
      notices: [
        'the end of submission 2 is not recorded: its command was killed, or the record was lost; its time is not counted',
        expect.stringMatching(
          /^the end of submission 3 is not recorded: its command runs on another-host and/,
        ),
      ],
    });
    expect((await status(true)).notices).toHaveLength(1);
  });
});

describe('shards that failed in more ways than a marker has room for', () => {
  const failed = Object.fromEntries(FAILURE_CODES.map((code, index) => [`${code}-${'x'.repeat(20)}`, index]));
  const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);

  it('are read from their checkpoints, or estimated from some', async () => {
    await storeShards(
      store,
      shards(9, () => ({ next: ROWS, isFinished: true, failed })),
    );
    const all = await readShardStates(store, RUN);
    const some = await readShardStates(store, RUN, { limit: 3 });
    for (const { finishedCounts } of [all, some]) {
      expect(finishedCounts['pitch']?.succeeded).toBe(9 * (ROWS - failures));
      expect(finishedCounts['pitch']?.failed).toEqual(
        Object.fromEntries(Object.entries(failed).map(([code, count]) => [code, count * 9])),
      );
    }
    expect([all.finishedCountsEstimated, some.finishedCountsEstimated]).toEqual([false, true]);
    expect([all.requests - some.requests, all.work.size]).toEqual([6, 9]);
  });
});
