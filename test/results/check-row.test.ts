import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRow } from '../../src/results/check-row.ts';
import type { Column } from '../../src/results/columns.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { decodeRow, encodeRow } from '../../src/results/stored-value.ts';
import { numRuns } from '../property-settings.ts';
import { columnList, rowOf } from './arbitrary-columns.ts';

const LEVELS: Column = {
  name: 'levels',
  type: { list: { struct: [{ name: 'gain', type: 'float', description: '' }] } },
  description: '',
};

test.each([
  [[{ gain: Number.POSITIVE_INFINITY }], 'levels[].gain is Infinity where a finite number is expected'],
  [[{ gain: 1e39 }], 'levels[].gain is 1e+39 where a number of single precision is expected'],
  [[{ gain: 1, loss: 1 }], 'levels[].loss is no column of the algorithm'],
  [[null], 'levels[] is missing, and may not be'],
  ['-3', 'levels is string where a list is expected'],
])('a row that cannot be stored is refused: %#', (levels, message) => {
  expect(() => checkRow([LEVELS], { levels })).toThrow(message);
});

test('half a surrogate pair is no text', () => {
  const text: Column = { name: 'text', type: 'string', description: '' };
  expect(() => checkRow([text], { text: 'a\ud83d' })).toThrow('text holds half a surrogate pair');
  expect(() => checkRow([text], { text: 'a\ud83d\ude00' })).not.toThrow();
});

test('a row that would fill the memory of whoever reads it is refused', () => {
  const bytes: Column = { name: 'bytes', type: 'bytes', description: '' };
  const row = { bytes: new Uint8Array(65 * 1024 * 1024) };
  expect(() => checkRow([bytes], row)).toThrow('at most 67108864 can be stored');
});

const anyRows = columnList(3).chain((columns) =>
  fc.record({ columns: fc.constant(columns), row: rowOf(columns) }),
);

test('whatever passes is stored as it was, by parts and by files', () => {
  fc.assert(
    fc.property(anyRows, ({ columns, row }) => {
      try {
        checkRow(columns, row);
      } catch {
        return;
      }
      expect(decodeRow(columns, JSON.parse(JSON.stringify(encodeRow(columns, row))))).toStrictEqual(row);
      new ParquetEncoder({ columns }).add({ trackId: 't', sourceEtag: null, row });
    }),
    { numRuns: numRuns(300) },
  );
});
