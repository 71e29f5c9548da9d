import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import {
  type PresentedResult,
  csvHeader,
  csvRows,
  exportParquet,
  jsonLines,
} from '../../src/results/export.ts';
import { ParquetReader, parquetBytes } from '../../src/results/parquet-reader.ts';

async function* stream<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const presented: readonly PresentedResult[] = [
  {
    trackId: 'a,1',
    sourceEtag: 'd41d8-2',
    algorithm: 'chorus',
    version: '1',
    fields: { start_s: 61.5, sections: [{ label: 'verse "1"', start_s: 0 }], note: null },
  },
  {
    trackId: '二',
    sourceEtag: null,
    algorithm: 'chorus',
    version: '1',
    fields: { start_s: 3, sections: [], note: 'two\nlines' },
  },
];

test('JSON lines hold the keys and then the presented fields', () => {
  expect(jsonLines(presented)).toBe(
    '{"track_id":"a,1","source_etag":"d41d8-2","algorithm":"chorus","version":"1","start_s":61.5,"sections":[{"label":"verse \\"1\\"","start_s":0}],"note":null}\n' +
      '{"track_id":"二","source_etag":null,"algorithm":"chorus","version":"1","start_s":3,"sections":[],"note":"two\\nlines"}\n',
  );
});

test('CSV has a header, nested values as JSON and nothing for null', () => {
  const names = ['start_s', 'sections', 'note'];
  const text = csvHeader(names) + csvRows(presented, names);
  expect(parse(text)).toEqual([
    ['track_id', 'source_etag', 'algorithm', 'version', 'start_s', 'sections', 'note'],
    ['a,1', 'd41d8-2', 'chorus', '1', '61.5', '[{"label":"verse \\"1\\"","start_s":0}]', ''],
    ['二', '', 'chorus', '1', '3', '[]', 'two\nlines'],
  ]);
});

test('Parquet holds the stored rows with their algorithm and version', async () => {
  const chunks = await Array.fromAsync(
    exportParquet({
      results: stream([{ trackId: 'a', sourceEtag: 'e1', row: { print: Uint8Array.of(1, 2) } }]),
      algorithm: 'fingerprint',
      version: '2',
      columns: [{ name: 'print', type: 'bytes', description: '' }],
    }),
  );
  const reader = await ParquetReader.open(parquetBytes(Buffer.concat(chunks)));
  expect(await Array.fromAsync(reader.results())).toStrictEqual([
    {
      trackId: 'a',
      sourceEtag: 'e1',
      row: { algorithm: 'fingerprint', version: '2', print: Uint8Array.of(1, 2) },
    },
  ]);
});
