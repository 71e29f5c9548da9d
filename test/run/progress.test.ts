import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CommittedWork,
  type PlannedShard,
  type ShardWork,
  committedWork,
} from '../../src/run/progress.ts';

/** What fast-check draws is the same each time; it prints the seed with a counterexample. */
const SEED = 20261121;

type State = 'waiting' | 'under-way' | 'unmarked' | 'finished';

interface Shard {
  readonly rows: number;
  readonly weightSeconds: number;
  readonly state: State;
  /** Committed rows of one under way. */
  readonly next: number;
  /** Whether its checkpoint is read. */
  readonly isRead: boolean;
}

const shard = (isRead: fc.Arbitrary<boolean>): fc.Arbitrary<Shard> =>
  fc
    .record({
      rows: fc.integer({ min: 1, max: 1000 }),
      weightSeconds: fc.double({ min: 0.001, max: 5000, noNaN: true }),
      state: fc.constantFrom<State>('waiting', 'under-way', 'unmarked', 'finished'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      isRead,
    })
    .map(({ share, ...rest }) => ({ ...rest, next: Math.floor(share * rest.rows) }));

/** Reads the shards as the store would show them. */
function measure(shards: readonly Shard[]): CommittedWork {
  const in_ = (...states: State[]): number[] =>
    shards.flatMap(({ state }, index) => (states.includes(state) ? [index] : []));
  const work = new Map<number, ShardWork>();
  for (const [index, { rows, state, next, isRead }] of shards.entries()) {
    const known = { failed: 0, workSeconds: committedRows({ rows, state, next }), reclaims: 0 };
    if (state === 'finished' || state === 'unmarked') work.set(index, { ...known, fraction: 1 });
    else if (state === 'under-way' && isRead) work.set(index, { ...known, fraction: next / rows });
  }
  const planned = shards.map(({ rows, weightSeconds }, index) => ({ shard: index, rows, weightSeconds }));
  return committedWork(planned satisfies readonly PlannedShard[], {
    finished: new Set(in_('finished', 'unmarked')),
    unmarked: new Set(in_('unmarked')),
    started: new Set(in_('under-way')),
    work,
  });
}

function committedRows({ rows, state, next }: Pick<Shard, 'rows' | 'state' | 'next'>): number {
  return state === 'waiting' ? 0 : state === 'under-way' ? next : rows;
}

function truth(shards: readonly Shard[]): number {
  return shards.reduce((sum, one) => sum + (one.weightSeconds * committedRows(one)) / one.rows, 0);
}

describe('committed work', () => {
  const allRead = fc.array(shard(fc.constant(true)), { maxLength: 60 });
  const anyRead = fc.array(shard(fc.boolean()), { maxLength: 60 });

  it('is between nothing and all, and all only where every shard is finished', () => {
    fc.assert(
      fc.property(anyRead, (shards) => {
        const { fraction, committedTracks, tracks } = measure(shards);
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThanOrEqual(1);
        expect(committedTracks).toBeLessThanOrEqual(tracks);
        const isAll = shards.every(({ state }) => state === 'finished' || state === 'unmarked');
        expect(fraction === 1).toBe(isAll);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('is exact where every checkpoint is read, weighed by what was planned', () => {
    fc.assert(
      fc.property(allRead, (shards) => {
        const committed = measure(shards);
        expect(committed.estimated).toBe(false);
        expect(committed.committedSeconds).toBeCloseTo(truth(shards), 6);
        const rows = shards.reduce((sum, one) => sum + committedRows(one), 0);
        expect([committed.committedTracks, committed.workSeconds]).toEqual([rows, rows]);
        const underWay = shards.filter(({ state }) => state === 'under-way').length;
        expect([committed.inFlightShards, committed.sampledShards]).toEqual([underWay, underWay]);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('never shrinks when a shard gets further', () => {
    const rank: Record<State, number> = { waiting: 0, 'under-way': 1, unmarked: 2, finished: 3 };
    fc.assert(
      fc.property(allRead, fc.nat(), shard(fc.constant(true)), (shards, pick, later) => {
        fc.pre(shards.length > 0);
        const index = pick % shards.length;
        const before = shards[index] as Shard;
        const state = rank[later.state] > rank[before.state] ? later.state : before.state;
        const next = Math.max(before.next, Math.min(later.next, before.rows));
        const after = shards.with(index, { ...before, state, next });
        expect(measure(after).committedSeconds).toBeGreaterThanOrEqual(
          measure(shards).committedSeconds - 1e-9,
        );
        expect(measure(after).fraction).toBeGreaterThanOrEqual(measure(shards).fraction - 1e-12);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('of a sample is off by no more than its sampling error', () => {
    const population = fc.record({
      shards: fc.integer({ min: 500, max: 3000 }),
      every: fc.integer({ min: 2, max: 12 }),
      /** How much of a shard is committed: from all alike, over any, to none or all. */
      shape: fc.constantFrom('alike', 'any', 'extreme'),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(population, ({ shards: count, every, shape, seed }) => {
        const random = mulberry32(seed);
        const shards = Array.from({ length: count }, (_, index): Shard => {
          const fraction = shape === 'alike' ? 0.8 : shape === 'any' ? random() : random() < 0.5 ? 0 : 1;
          return {
            rows: 1000,
            weightSeconds: 300 + 1200 * random(),
            state: 'under-way',
            next: Math.round(1000 * fraction) - (fraction === 1 ? 1 : 0),
            isRead: index % every === 0,
          };
        });
        const committed = measure(shards);
        expect(committed.estimated).toBe(true);
        expect(Math.abs(committed.committedSeconds - truth(shards))).toBeLessThanOrEqual(
          5 * standardError(shards) + 1e-6,
        );
        expect(committed.committedTracks / committed.tracks).toBeCloseTo(committed.fraction, 1);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('of a shard that was found finished without its marker stands for others of its kind', () => {
    const common = { rows: 10, weightSeconds: 10 };
    const committed = measure([
      { ...common, state: 'unmarked', next: 10, isRead: true },
      { ...common, state: 'under-way', next: 0, isRead: true },
      { ...common, state: 'under-way', next: 0, isRead: false },
      { ...common, state: 'under-way', next: 0, isRead: false },
    ]);
    expect(committed).toMatchObject({
      committedSeconds: 20,
      inFlightShards: 3,
      sampledShards: 1,
      unfinishedShards: 3,
      estimated: true,
    });
  });

  it('counts nothing of shards that could not be read, where none could', () => {
    const committed = measure([{ rows: 10, weightSeconds: 10, state: 'under-way', next: 5, isRead: false }]);
    expect(committed).toMatchObject({ fraction: 0, estimated: true, sampledShards: 0 });
  });
});

/** Of the ratio estimate of a simple random sample (W. G. Cochran: Sampling techniques, 3rd ed., 1977, section 6.4). */
function standardError(shards: readonly Shard[]): number {
  const worked = ({ weightSeconds, next, rows }: Shard): number => (weightSeconds * next) / rows;
  const sum = (of: (one: Shard) => number): number => shards.reduce((all, one) => all + of(one), 0);
  const ratio = sum(worked) / sum(({ weightSeconds }) => weightSeconds);
  const variance = sum((one) => (worked(one) - ratio * one.weightSeconds) ** 2) / (shards.length - 1);
  const sampled = shards.filter(({ isRead }) => isRead).length;
  return shards.length * Math.sqrt(((1 - sampled / shards.length) * variance) / sampled);
}

function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
