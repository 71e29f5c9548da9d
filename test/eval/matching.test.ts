import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundaryF } from '../../eval/scores/boundaries.ts';
import { countMatches } from '../../eval/scores/matching.ts';
import { noteF1 } from '../../eval/scores/notes.ts';

/** The most pairs that there can be, by trying all of them. */
function mostPairs(found: readonly number[], truth: readonly number[], tolerance: number): number {
  const [time, ...others] = truth;
  if (time === undefined) return 0;
  let most = mostPairs(found, others, tolerance);
  for (const [index, candidate] of found.entries()) {
    if (Math.abs(candidate - time) > tolerance) continue;
    const left = found.filter((_, other) => other !== index);
    most = Math.max(most, 1 + mostPairs(left, others, tolerance));
  }
  return most;
}

test('as many times are paired as can be', () => {
  const times = fc
    .array(fc.integer({ min: 0, max: 20 }), { maxLength: 6 })
    .map((values) => values.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(times, times, fc.integer({ min: 0, max: 5 }), (found, truth, tolerance) => {
      expect(countMatches(found, truth, tolerance)).toBe(mostPairs(found, truth, tolerance));
    }),
  );
});

test('what is exactly at the tolerance counts, however it was rounded', () => {
  expect(countMatches([30.12], [30.02], 0.1)).toBe(1);
  expect(countMatches([30.121], [30.02], 0.1)).toBe(0);
});

test('a boundary counts once, and finds one', () => {
  // Found 10, 20, 30; true 11, 19, 23: 30 finds nothing, 23 is near 20, which is taken.
  const found = [
    [10, 20],
    [20, 30],
  ] as const;
  const truth = [
    [11, 19],
    [19, 23],
  ] as const;
  expect(boundaryF(found, truth)).toBeCloseTo((2 * 2) / 6, 10);
  expect(boundaryF(truth, truth)).toBe(1);
  expect(boundaryF([], truth)).toBe(0);
});

test('a note is found by its start and pitch class, in any octave, once', () => {
  const truth = [
    [1, 1.4, 60],
    [1.5, 1.9, 62],
    [2, 2.4, 64],
  ] as const;
  const found = [
    { start_s: 1.15, midi: 72 }, // 0.09 s late once the truth is shifted: found
    { start_s: 1.56, midi: 61 }, // another pitch
    { start_s: 2.06, midi: 52 },
    { start_s: 2.08, midi: 64 }, // its note is taken
  ];
  expect(noteF1(found, truth, 0.06)).toBeCloseTo((2 * 2) / 7, 10);
  expect(noteF1(found, truth, 0)).toBeCloseTo((2 * 1) / 7, 10);
});
