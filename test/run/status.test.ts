import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { committedWork } from '../../src/run/progress.ts';
import type { GenerationRecord, RunRecord } from '../../src/run/records.ts';
import { foldStatus } from '../../src/run/status.ts';

const RUN: RunRecord = {
  schema: 1,
  kind: 'run',
  run: 'r',
  createdAt: '2026-11-21T03:00:00.000Z',
  tool: '1',
  settings: {
    algorithms: [
      { name: 'chorus', version: '1' },
      { name: 'pitch', version: '1' },
    ],
    shardSeconds: 900,
    checkpointSeconds: 120,
    maxSourceBytes: 1,
    maxDurationSeconds: 1,
  },
  manifest: { name: 'm', base: '/', sha256: '', header: [], rows: 102, accepted: 100, rejected: 2 },
  plan: { shards: 4, weightSeconds: 1, audioSeconds: 1 },
};

function retry(outcomes: GenerationRecord['outcomes'], shards: number): GenerationRecord {
  return {
    schema: 1,
    kind: 'generation',
    run: 'r',
    generation: 1,
    plan: 'retry-1-x',
    createdAt: RUN.createdAt,
    firstShard: 4,
    shards,
    tracks: 1,
    outcomes,
    weightSeconds: 1,
  };
}

const QUIET = {
  countsEstimated: false,
  committed: committedWork([], {
    finished: new Set(),
    unmarked: new Set(),
    started: new Set(),
    work: new Map(),
  }),
  live: false,
  cancelled: false,
  seconds: 0,
  workers: 0,
  notices: [],
  damage: [],
};

describe('the status of a run', () => {
  it('counts every accepted track once for each algorithm', () => {
    const status = foldStatus({
      run: RUN,
      generations: [],
      counts: {
        chorus: { succeeded: 40, failed: { silent: 3 } },
        pitch: { succeeded: 43, failed: {} },
      },
      finishedShards: 2,
      startedShards: 1,
      ...QUIET,
    });
    expect(status).toMatchObject({
      state: 'interrupted',
      tracks: { total: 102, accepted: 100, rejected: 2 },
      algorithms: {
        chorus: { succeeded: 40, failed: 3, pending: 57 },
        pitch: { succeeded: 43, failed: 0, pending: 57 },
      },
      failures: { silent: 3 },
      shards: { total: 4, finished: 2, started: 1, waiting: 1 },
    });
  });

  it('takes a failure that is worked again for pending, until its new outcome is there', () => {
    const before = {
      chorus: { succeeded: 90, failed: { timeout: 7, silent: 3 } },
      pitch: { succeeded: 100, failed: {} },
    };
    const generations = [retry({ chorus: { timeout: 7 } }, 1)];
    const planned = foldStatus({
      run: RUN,
      generations,
      counts: before,
      finishedShards: 4,
      startedShards: 0,
      ...QUIET,
    });
    expect(planned).toMatchObject({
      state: 'interrupted',
      algorithms: { chorus: { succeeded: 90, failed: 3, pending: 7 } },
      failures: { silent: 3 },
    });
    expect(planned.failures).not.toHaveProperty('timeout');
    const after = { ...before, chorus: { succeeded: 96, failed: { timeout: 8, silent: 3 } } };
    const finished = foldStatus({
      run: RUN,
      generations,
      counts: after,
      finishedShards: 5,
      startedShards: 0,
      ...QUIET,
    });
    expect(finished).toMatchObject({
      state: 'finished',
      algorithms: { chorus: { succeeded: 96, failed: 4, pending: 0 } },
      failures: { silent: 3, timeout: 1 },
    });
  });

  it.each([
    [4, false, false, 'finished'],
    [4, true, false, 'finished'],
    [3, true, false, 'running'],
    [3, false, true, 'cancelled'],
    [3, true, true, 'running'],
    [3, false, false, 'interrupted'],
  ])(
    'with %i of 4 shards finished, live %s, cancelled %s, is %s',
    (finishedShards, live, cancelled, state) => {
      const options = { run: RUN, generations: [], counts: {}, finishedShards, startedShards: 0 };
      expect(foldStatus({ ...QUIET, ...options, live, cancelled }).state).toBe(state);
    },
  );

  it('keeps estimates within the tracks that there are, and says what they are', () => {
    const { algorithms } = foldStatus({
      ...QUIET,
      run: RUN,
      generations: [],
      counts: { chorus: { succeeded: 99, failed: { silent: 1, timeout: 1 } } },
      countsEstimated: true,
      finishedShards: 0,
      startedShards: 4,
    });
    expect(algorithms.chorus).toEqual({ succeeded: 98, failed: 2, pending: 0, estimated: true });
  });

  it('never counts an outcome twice or not at all', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), (succeeded, failed) => {
        const counts = { chorus: { succeeded, failed: { silent: failed } } };
        const { algorithms } = foldStatus({
          run: RUN,
          generations: [],
          counts,
          finishedShards: 0,
          startedShards: 0,
          ...QUIET,
        });
        for (const outcome of Object.values(algorithms)) {
          expect(outcome.succeeded + outcome.failed + outcome.pending).toBe(100);
        }
      }),
    );
  });
});
