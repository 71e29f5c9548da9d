import { expect, it } from 'vitest';
import { readShardStates } from '../../src/operations/shard-states.ts';
import { SubmissionMeter } from '../../src/operations/submission-progress.ts';
import type { SubmissionRecord } from '../../src/run/records.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { ROWS, RUN, type StoredShard, storeShards } from './stored-shards.ts';

/** A submission of all shards of a run to this machine's workers, two at a time, and its clock. */
async function meterOf(
  shards: readonly StoredShard[],
): Promise<{ meter: SubmissionMeter; time: (at: number) => void }> {
  const store = new MemoryStore();
  await storeShards(store, shards);
  const record: SubmissionRecord = {
    schema: 1,
    kind: 'submission',
    run: RUN,
    submission: 2,
    createdAt: '2026-11-21T03:15:00.000Z',
    reason: 'resume',
    shards: shards.length,
    executor: { kind: 'local', host: 'here', process: 1, concurrency: 2 },
  };
  let now = 1000;
  const meter = new SubmissionMeter({
    record,
    entries: shards.map(({ weightSeconds = 900 }, shard) => ({
      shard,
      generation: 0,
      frame: { offset: 0, length: 0 },
      rows: ROWS,
      weightSeconds,
      heaviestTrackSeconds: 1,
    })),
    fromStore: false,
    checkpointSeconds: 600,
    clock: () => now,
  });
  expect(meter.read(), 'before the first look').toBeUndefined();
  meter.see(await readShardStates(store, RUN));
  return { meter, time: (at) => (now = 1000 + at) };
}

const report = (shard: number, done: number, failed = 0) => ({ shard, rows: ROWS, done, failed });

it('what earlier submissions have done is in how far it is, and not in how fast', async () => {
  const { meter, time } = await meterOf([{ next: 900, failed: { silent: 4 } }, { next: undefined }]);
  expect(meter.read()).toMatchObject({ done: 900, total: 2000, failed: 4, fraction: 0.45, pace: undefined });
  time(1);
  meter.hear(report(0, 901, 4));
  expect(meter.read()).toMatchObject({ done: 901, pace: undefined });
  time(50);
  meter.hear(report(0, 950, 5));
  meter.hear(report(1, 50));
  // 100 tracks in 50 seconds, not 1,000; the second shard has 950 left, at one a second.
  const { done, failed, pace } = meter.read() ?? {};
  expect([done, failed, pace?.tracksPerSecond]).toEqual([1000, 5, 2]);
  expect(pace?.left?.least).toBeCloseTo(950);
  expect(pace?.left?.most).toBeCloseTo(500 + 950 / 2);
});

it('slows down while nothing is heard', async () => {
  const { meter, time } = await meterOf([{ next: undefined }, { next: undefined }]);
  time(10);
  meter.hear(report(0, 20));
  expect(meter.read()?.pace?.tracksPerSecond).toBe(2);
  time(40);
  expect(meter.read()?.pace?.tracksPerSecond).toBe(0.5);
});

it('takes back what a worker that was killed had not committed', async () => {
  const { meter } = await meterOf([
    { next: undefined, weightSeconds: 100 },
    { next: undefined, weightSeconds: 300 },
  ]);
  meter.hear(report(0, ROWS));
  expect(meter.read()).toMatchObject({ done: 1000, fraction: 0.25 });
  meter.hear(report(0, 400));
  expect(meter.read()).toMatchObject({ done: 400, fraction: 0.1 });
});

it('of what is all done is all, at the pace that it had', async () => {
  const { meter, time } = await meterOf([{ next: undefined }, { next: 500 }]);
  time(3);
  meter.hear(report(0, ROWS));
  meter.hear(report(1, ROWS));
  expect(meter.read()).toMatchObject({
    done: 2000,
    fraction: 1,
    pace: { tracksPerSecond: 500, left: undefined },
  });
});
