import { expect, test } from 'vitest';
import { refrains } from '../../eval/data/refrains.ts';
import { scoreExcerpt } from '../../eval/scores/excerpt.ts';

test('an excerpt is scored against all choruses, the nearest, and the one that it fits best', () => {
  const choruses = [
    [10, 30],
    [50, 70],
  ] as const;
  const score = scoreExcerpt([55, 75], choruses);
  expect(score.overlap).toBeCloseTo(15 / 20, 10);
  expect(score.startDistance).toBe(5);
  expect(score.f1).toBeCloseTo((2 * 15) / 40, 10);
  expect(scoreExcerpt([10, 30], choruses)).toEqual({ overlap: 1, startDistance: 0, f1: 1 });
  expect(scoreExcerpt([30, 50], choruses)).toEqual({ overlap: 0, startDistance: 20, f1: 0 });
});

test('an excerpt over two choruses overlaps with both', () => {
  const score = scoreExcerpt(
    [0, 20],
    [
      [0, 8],
      [12, 20],
    ],
  );
  expect(score.overlap).toBeCloseTo(0.8, 10);
});

test('a refrain begins with the first line that comes again in another chorus', () => {
  const notes = [
    [10, 11, 60, 'Oh', 0],
    [12, 13, 60, 'Now', 1],
    [13, 14, 60, ' sing!', 1],
    [30, 31, 60, 'now', 2],
    [31, 32, 60, ' sing', 2],
  ] as const;
  const choruses = [
    [10, 14],
    [30, 32],
  ] as const;
  expect(refrains({ notes, choruses })).toEqual([
    [12, 14],
    [30, 32],
  ]);
});
