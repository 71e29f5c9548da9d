import { expect, test } from 'vitest';
import { meanRow } from '../../eval/harness/report.ts';
import { mean } from '../../eval/scores/mean.ts';
import { median } from '../../bench/harness/paired.ts';

test('means and medians', () => {
  expect([mean([1, 2, 6]), median([6, 1, 2]), median([4, 1, 2, 3])]).toEqual([3, 2, 2.5]);
  expect([mean([]), median([])]).toEqual([Number.NaN, Number.NaN]);
});

test('the mean of a table is over the songs that have a figure', () => {
  const songs = [
    { name: 'a', values: { F1: 0.5, VFA: Number.NaN, excerpt: '1-2' } },
    { name: 'b', values: { F1: 1, VFA: 20, excerpt: '3-4' } },
    { name: 'c', values: { F1: undefined } },
  ];
  const columns = ['excerpt', 'F1', 'VFA'].map((name) => ({ name }));
  expect(meanRow(columns, songs)).toEqual({ name: 'mean', values: { F1: 0.75, VFA: 20 } });
});
