import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Course, paceSince } from '../../src/run/pace.ts';

const SEED = 20261121;

const course = (given: Partial<Course>): Course => ({
  committedTracks: 0,
  plannedSeconds: 4000,
  committedSeconds: 0,
  inFlightSeconds: 400,
  longestLeftSeconds: 100,
  unfinishedShards: 40,
  estimated: false,
  workSeconds: 0,
  workers: 4,
  ...given,
});

describe('pace', () => {
  it('is that of what was worked since, whatever was worked before', () => {
    const before = course({ committedTracks: 2_000_000, committedSeconds: 2000, workSeconds: 9999 });
    const now = course({ committedTracks: 2_000_100, committedSeconds: 2100, workSeconds: 10_049 });
    // 100 planned seconds took 50 of a worker's own: 1,900 are left, of which four workers get through 8 a second.
    expect(paceSince(before, now, 30, 0)).toEqual({ tracksPerSecond: 8, left: { least: 237.5, most: 275 } });
    // Each may have worked a minute that it has not committed yet.
    expect(paceSince(before, now, 30, 60)?.left).toEqual({ least: 177.5, most: 275 });
  });

  test.each<[string, Partial<Course>, number]>([
    ['nothing was committed since', {}, 600],
    ['it is too soon', { committedTracks: 1, committedSeconds: 100, workSeconds: 50 }, 1],
    ['too little was worked', { committedTracks: 1, committedSeconds: 2, workSeconds: 1 }, 60],
    ['nobody is at it', { committedTracks: 50, committedSeconds: 100, workSeconds: 50, workers: 0 }, 60],
    [
      'what seems to be worked may be the difference of two samples',
      { committedTracks: 50, committedSeconds: 10, workSeconds: 50, estimated: true },
      60,
    ],
    ['what was committed is less than before', { committedTracks: -1, committedSeconds: -1 }, 60],
  ])('is not said where %s', (_, now, elapsed) => {
    expect(paceSince(course({}), course(now), elapsed, 0)).toBeUndefined();
  });

  it('of what is finished is what it was, with nothing left', () => {
    const now = course({ committedTracks: 100, committedSeconds: 4000, unfinishedShards: 0, workers: 0 });
    expect(paceSince(course({}), now, 2, 0)).toEqual({ tracksPerSecond: 50, left: undefined });
    expect(paceSince(now, now, 2, 0)).toBeUndefined();
  });

  it('names bounds that hold the time that it takes, where workers take one shard after the other', () => {
    const run = fc.record({
      weights: fc.array(fc.double({ min: 10, max: 1000, noNaN: true }), { minLength: 2, maxLength: 40 }),
      workers: fc.integer({ min: 1, max: 12 }),
      /** Planned seconds that a worker gets through in a second. */
      speed: fc.double({ min: 0.2, max: 5, noNaN: true }),
      first: fc.double({ min: 0, max: 0.5, noNaN: true }),
      now: fc.double({ min: 0.6, max: 0.99, noNaN: true }),
    });
    fc.assert(
      fc.property(run, ({ weights, workers, speed, first, now }) => {
        const shards = listSchedule(weights, workers, speed);
        const end = Math.max(...shards.map((one) => one.end));
        const at = (time: number): Course => courseAt(shards, workers, time);
        const pace = paceSince(at(first * end), at(now * end), (now - first) * end, 0);
        fc.pre(pace?.left !== undefined);
        const left = end - now * end;
        expect(pace.left.least).toBeLessThanOrEqual(left * (1 + 1e-9));
        expect(pace.left.most).toBeGreaterThanOrEqual(left * (1 - 1e-9));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

interface Scheduled {
  readonly weight: number;
  readonly start: number;
  readonly end: number;
}

function listSchedule(weights: readonly number[], workers: number, speed: number): Scheduled[] {
  const free = Array.from({ length: workers }, () => 0);
  return weights.map((weight) => {
    const start = Math.min(...free);
    const end = start + weight / speed;
    free[free.indexOf(start)] = end;
    return { weight, start, end };
  });
}

function courseAt(shards: readonly Scheduled[], workers: number, time: number): Course {
  const done = shards.map(({ start, end }) => Math.min(1, Math.max(0, (time - start) / (end - start))));
  const sum = (of: (one: Scheduled, done: number) => number): number =>
    shards.reduce((all, one, index) => all + of(one, done[index] ?? 0), 0);
  return course({
    committedTracks: sum((_, part) => part * 100),
    plannedSeconds: sum(({ weight }) => weight),
    committedSeconds: sum(({ weight }, part) => weight * part),
    longestLeftSeconds: Math.max(...shards.map(({ weight }, index) => weight * (1 - (done[index] ?? 0)))),
    unfinishedShards: done.filter((part) => part < 1).length,
    workSeconds: sum(({ start, end }, part) => (end - start) * part),
    workers,
  });
}
