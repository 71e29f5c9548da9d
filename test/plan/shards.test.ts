import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DEFAULT_SHARD_SECONDS,
  LARGE_RUN_SHARD_SECONDS,
  decisiveTotalSeconds,
  ShardCutter,
  type ShardLimits,
  shardTarget,
} from '../../src/plan/shards.ts';

interface ShardItem {
  readonly weightSeconds: number;
  readonly bytes: number;
}

function cut(items: readonly ShardItem[], limits: ShardLimits): ShardItem[][] {
  const cutter = new ShardCutter(limits);
  const shards: ShardItem[][] = [];
  for (const item of items) {
    if (cutter.startsShard(item.weightSeconds, item.bytes) || shards.length === 0) shards.push([]);
    shards.at(-1)?.push(item);
  }
  return shards;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const item = fc.record({
  weightSeconds: fc.integer({ min: 0, max: 100 }),
  bytes: fc.integer({ min: 10, max: 200 }),
});
const limits = fc.record({
  targetSeconds: fc.integer({ min: 1, max: 300 }),
  maxRows: fc.integer({ min: 1, max: 20 }),
  maxBytes: fc.integer({ min: 50, max: 1000 }),
});

test('every track is in one shard, in order, and no shard of several passes a limit', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 100 }), limits, (items, { targetSeconds, maxRows, maxBytes }) => {
      const shards = cut(items, { targetSeconds, maxRows, maxBytes });
      expect(shards.flat()).toEqual(items);
      for (const shard of shards.filter(({ length }) => length > 1)) {
        expect(sum(shard.map(({ weightSeconds }) => weightSeconds))).toBeLessThanOrEqual(targetSeconds);
        expect(sum(shard.map(({ bytes }) => bytes))).toBeLessThanOrEqual(maxBytes);
        expect(shard.length).toBeLessThanOrEqual(maxRows);
      }
    }),
  );
});

test('no two neighbours could have been one shard', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 100 }), limits, (items, { targetSeconds, maxRows, maxBytes }) => {
      const shards = cut(items, { targetSeconds, maxRows, maxBytes });
      shards.slice(1).forEach((shard, index) => {
        const joined = [...(shards[index] ?? []), shard[0] as ShardItem];
        const fits =
          sum(joined.map(({ weightSeconds }) => weightSeconds)) <= targetSeconds &&
          sum(joined.map(({ bytes }) => bytes)) <= maxBytes &&
          joined.length <= maxRows;
        expect(fits).toBe(false);
      });
    }),
  );
});

test('a track heavier than a shard has one of its own', () => {
  const weights = [1, 1, 50, 1, 1].map((weightSeconds) => ({ weightSeconds, bytes: 1 }));
  const shards = cut(weights, { targetSeconds: 10, maxRows: 100, maxBytes: 100 });
  expect(shards.map((shard) => shard.map(({ weightSeconds }) => weightSeconds))).toEqual([
    [1, 1],
    [50],
    [1, 1],
  ]);
});

test('a small local run is cut so that the cores end together', () => {
  expect(shardTarget({ totalSeconds: 1600, parallelism: 2 })).toBe(200);
  expect(shardTarget({ totalSeconds: 30, parallelism: 2 })).toBe(20);
  expect(shardTarget({ totalSeconds: 1e9, parallelism: 2 })).toBe(DEFAULT_SHARD_SECONDS);
  expect(shardTarget({ totalSeconds: 30, parallelism: 2, shardSeconds: 5 })).toBe(5);
});

test('a run on rented machines is cut into many short shards, and only a large one into longer', () => {
  expect(shardTarget({ totalSeconds: 30 })).toBe(DEFAULT_SHARD_SECONDS);
  expect(shardTarget({ totalSeconds: 50 * 20 * 60 })).toBe(20 * 60);
  expect(shardTarget({ totalSeconds: 1e9 })).toBe(LARGE_RUN_SHARD_SECONDS);
  expect(shardTarget({ totalSeconds: 1e9, shardSeconds: 5 })).toBe(5);
});

test('past the decisive total, more tracks change nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (parallelism, more) => {
        const decisive = decisiveTotalSeconds({ parallelism });
        expect(shardTarget({ totalSeconds: decisive + more, parallelism })).toBe(DEFAULT_SHARD_SECONDS);
        const rented = decisiveTotalSeconds({});
        expect(shardTarget({ totalSeconds: rented + more })).toBe(LARGE_RUN_SHARD_SECONDS);
      },
    ),
  );
  expect(decisiveTotalSeconds({ shardSeconds: 5 })).toBe(0);
  expect(decisiveTotalSeconds({ parallelism: 2, shardSeconds: 5 })).toBe(0);
});
