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

/** Texts that some reader of CSV strips, splits or runs. */
const ODD = [
  ' lead',
  'trail ',
  '\u00a0nbsp',
  'line\u2028separator',
  'paragraph\u2029separator',
  'next\u0085line',
  'file\u001cseparator',
  'bare\rreturn',
  'tab\tin',
  'form\ffeed',
  '\uFEFFmark',
  'plain',
  '"quoted"',
  "it's",
];

test('CSV quotes whatever a reader might part or strip, and gives it back as it is', () => {
  const rows = csvRows(
    ODD.map((text) => ({ trackId: text, sourceEtag: null, algorithm: 'a', version: '1', fields: { text } })),
    ['text'],
  );
  expect(parse(rows, { record_delimiter: '\n' })).toEqual(ODD.map((text) => [text, '', 'a', '1', text]));
  const quoted = ODD.filter((text) => rows.includes(`"${text.replaceAll('"', '""')}",,a`));
  expect(quoted).toEqual(ODD.filter((text) => !['plain', "it's"].includes(text)));
});

const FORMULAS = [
  '=1+1',
  '+1',
  '-rf',
  '@SUM(A1)',
  '\tx',
  '\rx',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  '=HYPERLINK("http://x","y")',
];

test('CSV for a spreadsheet has no text that is a formula, and numbers as they are', () => {
  const harmless = ['a=b', "'quoted", '1', ' =1'];
  const results = [...FORMULAS, ...harmless].map((text) => ({
    trackId: text,
    sourceEtag: null,
    algorithm: 'a',
    version: '1',
    fields: { text, number: -14.5, list: [-1], nothing: null },
  }));
  const names = ['text', 'number', 'list', 'nothing'];
  const rest = ['-14.5', '[-1]', ''];
  expect(parse(csvRows(results, names, true), { record_delimiter: '\n' })).toEqual([
    ...FORMULAS.map((text) => [`'${text}`, '', 'a', '1', `'${text}`, ...rest]),
    ...harmless.map((text) => [text, '', 'a', '1', text, ...rest]),
  ]);
  expect(parse(csvRows(results, names), { record_delimiter: '\n' })[0]).toEqual([
    '=1+1',
    '',
    'a',
    '1',
    '=1+1',
    ...rest,
  ]);
});

test('JSON lines hold nothing that a terminal or a reader of lines takes for more', () => {
  const text = 'a\u007f\u0085\u009b31m\u2028\u2029\u202e\u2066\u200f\u061c\u001b[31m\ud800';
  const lines = jsonLines([{ trackId: text, sourceEtag: null, algorithm: 'a', version: '1', fields: {} }]);
  expect(lines).toMatch(/^[ -~]+\n$/);
  expect(JSON.parse(lines).track_id).toBe(text);
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
