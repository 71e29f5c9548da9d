import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import type { Column } from '../../src/results/columns.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { ParquetReader, parquetBytes } from '../../src/results/parquet-reader.ts';
import type { StoredResult } from '../../src/results/stored-result.ts';
import { columnList, rowOf } from './arbitrary-columns.ts';
import { numRuns } from '../property-settings.ts';

const columnsAndRows = columnList(3).chain((columns) =>
  fc.record({
    columns: fc.constant(columns),
    results: fc.array(
      fc.record(
        {
          trackId: fc.string({ unit: 'grapheme' }),
          sourceEtag: fc.option(fc.string()),
          row: rowOf(columns),
        },
        { noNullPrototype: true },
      ),
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
    { numRuns: numRuns(300) },
  );
});

const NOTES: Column = {
  name: 'notes',
  type: {
    list: {
      struct: [
        { name: 'start_s', type: 'double', description: '' },
        { name: 'midi', type: 'int16', nullable: true, description: '' },
      ],
    },
  },
  nullable: true,
  description: '',
};
const CONTOUR: Column = { name: 'contour', type: { list: 'int16' }, description: '' };
const BYTES: Column = { name: 'bytes', type: 'int64', description: '' };

function contourResults(count: number, length: number): StoredResult[] {
  return Array.from({ length: count }, (_, track) => ({
    trackId: `track ${track}`,
    sourceEtag: track % 2 === 0 ? null : `etag-${track}`,
    row: {
      contour: Int16Array.from({ length }, (__, frame) => ((frame * 7919 + track * 31) % 65_536) - 32_768),
      bytes: track * 2 ** 40,
      notes: track % 3 === 0 ? null : [{ start_s: track / 8, midi: track % 2 === 0 ? null : 60 }],
    },
  }));
}

test('repeated values come back as they went in, minus zero among them', async () => {
  const columns: Column[] = [
    { name: 'gain', type: 'double', description: '' },
    { name: 'label', type: 'string', description: '' },
    { name: 'levels', type: { list: 'float' }, description: '' },
  ];
  const results = Array.from({ length: 500 }, (_, index) => ({
    trackId: `t${index}`,
    sourceEtag: null,
    row: {
      gain: index % 2 === 0 ? 0 : -0,
      label: ['verse', 'chorus'][index % 2] as string,
      levels: [-0, 0, Number.NaN],
    },
  }));
  expect(await decoded(encoded(columns, results))).toStrictEqual(results);
});

test('long contours are spread over several row groups and keep their order', async () => {
  const columns = [CONTOUR, BYTES, NOTES];
  const results = contourResults(75, 30_000);
  const encoder = new ParquetEncoder({ columns });
  const early = results.map((result) => encoder.add(result)).filter((bytes) => bytes !== undefined);
  expect(early.length).toBeGreaterThan(1);
  const file = Buffer.concat([...early, encoder.finish()]);
  const back = await decoded(file);
  expect(back.map(({ trackId }) => trackId)).toEqual(results.map(({ trackId }) => trackId));
  expect(back[74]).toStrictEqual(results[74]);
});

test('the same results give the same bytes', () => {
  const columns = [CONTOUR, BYTES, NOTES];
  const first = encoded(columns, contourResults(20, 500), { run: 'r1', shard: '7' });
  const second = encoded(columns, contourResults(20, 500), { run: 'r1', shard: '7' });
  expect(Buffer.compare(first, second)).toBe(0);
});

test('the footer keeps its key-value pairs', async () => {
  const reader = await ParquetReader.open(parquetBytes(encoded([BYTES], [], { run: 'r1', shard: '7' })));
  expect(reader.contents.metadata).toEqual({ run: 'r1', shard: '7' });
});

test('columns can be read alone', async () => {
  const results = contourResults(4, 3);
  const ids = await decoded(encoded([CONTOUR, BYTES, NOTES], results), []);
  expect(ids).toStrictEqual(results.map(({ trackId }) => ({ trackId, sourceEtag: null, row: {} })));
  const sizes = await decoded(encoded([CONTOUR, BYTES, NOTES], results), ['bytes']);
  expect(sizes[3]).toStrictEqual({ trackId: 'track 3', sourceEtag: null, row: { bytes: 3 * 2 ** 40 } });
  const versions = await decoded(encoded([CONTOUR, BYTES, NOTES], results), ['source_etag']);
  expect(versions[3]).toStrictEqual({ trackId: 'track 3', sourceEtag: 'etag-3', row: {} });
});

test.each([
  [BYTES, 1.5, 'bytes is 1.5 where a whole number of type int64 is expected'],
  [BYTES, 2 ** 53, 'bytes is 9007199254740992 where a whole number of type int64 is expected'],
  [BYTES, null, 'bytes is missing, and may not be'],
  [BYTES, '1', 'bytes is string where a whole number of type int64 is expected'],
  [CONTOUR, [1, 40_000], 'contour[] is 40000 where a whole number of type int16 is expected'],
  [CONTOUR, 1, 'contour is 1 where a list is expected'],
  [NOTES, [{ midi: 60 }], 'notes[].start_s is missing, and may not be'],
] as const)('a value that is not of its type is refused: %#', async (column, value, message) => {
  const encoder = new ParquetEncoder({ columns: [column] });
  expect(() => encoder.add({ trackId: 'a', sourceEtag: null, row: { [column.name]: value } })).toThrow(
    message,
  );
  // The refused row leaves no trace.
  expect(await decoded(encoder.finish())).toEqual([]);
});

test('a file of before there were sources in S3 is read, without their versions', async () => {
  const file = parquetWriteBuffer({
    columnData: [
      { name: 'track_id', data: ['a', 'b'], type: 'STRING', nullable: false },
      { name: 'gain', data: [1.5, -3], type: 'DOUBLE', nullable: false },
    ],
  });
  expect(await decoded(new Uint8Array(file))).toStrictEqual([
    { trackId: 'a', sourceEtag: null, row: { gain: 1.5 } },
    { trackId: 'b', sourceEtag: null, row: { gain: -3 } },
  ]);
});

test('a file that is not of results is refused', async () => {
  await expect(ParquetReader.open(parquetBytes(Buffer.from('PAR1 not really')))).rejects.toThrow();
});
