import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../../src/results/columns.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { ParquetReader, parquetBytes } from '../../src/results/parquet-reader.ts';
import type { StoredResult } from '../../src/results/stored-result.ts';
import { columnList, rowOf } from './arbitrary-columns.ts';

const columnsAndRows = columnList(3).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    results: fc.array(
      fc.record({ trackId: fc.string({ unit: 'grapheme' }), row: rowOf(columns) }, { noNullPrototype: true }),
      { maxLength: 40 },
    ),
  }),
);

function encoded(columns: readonly Column[], results: readonly StoredResult[], metadata = {}): Uint8Array {
  const encoder = new ParquetEncoder({ columns, metadata });
  const chunks = results.map((result) => encoder.add(result)).filter((bytes) => bytes !== undefined);
  return Buffer.concat([...chunks, encoder.finish()]);
}

async function decoded(file: Uint8Array, wanted?: readonly string[]): Promise<StoredResult[]> {
  const reader = await ParquetReader.open(parquetBytes(file));
  return Array.fromAsync(reader.results(wanted));
}

test('any rows of any columns come back as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(columnsAndRows, async ({ columns, results }) => {
      const reader = await ParquetReader.open(parquetBytes(encoded(columns, results)));
      expect(reader.contents.rows).toBe(results.length);
      expect(reader.contents.columns).toEqual(columns);
      expect(await Array.fromAsync(reader.results())).toStrictEqual(results);
    }),
    { numRuns: 300 },
  );
});
