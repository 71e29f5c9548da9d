/** Files of results that are not as they were written: named as damaged, and never read as something else. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import type { Column } from '../../src/results/columns.ts';
import { ParquetDamage } from '../../src/results/parquet-checksums.ts';
import { checkPages } from '../../src/results/parquet-pages.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { ParquetReader, parquetBytes } from '../../src/results/parquet-reader.ts';
import type { StoredResult } from '../../src/results/stored-result.ts';

const COLUMNS: readonly Column[] = [
  { name: 'contour', type: { list: 'int16' }, description: '' },
  { name: 'gain', type: 'double', nullable: true, description: '' },
];
const RESULTS: readonly StoredResult[] = Array.from({ length: 30 }, (_, track) => ({
  trackId: `track ${track % 7}`,
  sourceEtag: null,
  row: { contour: Int16Array.of(track, -track, 300 * track), gain: track % 5 === 0 ? null : track / 7 },
}));

function fileOf(columns: readonly Column[], results: readonly StoredResult[]): Buffer {
  const encoder = new ParquetEncoder({ columns, metadata: { run: 'r1' } });
  for (const result of results) encoder.add(result);
  return Buffer.from(encoder.finish());
}

/** What a file holds, or what is wrong with it. */
async function read(file: Uint8Array): Promise<readonly StoredResult[] | ParquetDamage> {
  try {
    const reader = await ParquetReader.open(parquetBytes(file));
    return await Array.fromAsync(reader.results());
  } catch (error) {
    if (error instanceof ParquetDamage) return error;
    throw error;
  }
}

test('no bit of a file can be turned without notice', async () => {
  const file = fileOf(COLUMNS, RESULTS);
  const unnoticed: number[] = [];
  // Every third bit: all bytes, and all places in a byte.
  for (let bit = 0; bit < 8 * file.length; bit += 3) {
    const damaged = Buffer.from(file);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    const found = await read(damaged);
    if (found instanceof ParquetDamage) continue;
    unnoticed.push(bit);
    // What is not covered says nothing: the magic at the start, and the place of page indexes.
    expect(found).toStrictEqual(RESULTS);
  }
  expect(unnoticed.length).toBeLessThan((8 * file.length) / 3 / 50);
});

test.each([
  ['empty', (file: Buffer) => file.subarray(0, 0), 'too short'],
  ['cut in half', (file: Buffer) => file.subarray(0, file.length / 2), 'has lost its end'],
  [
    'longer',
    (file: Buffer) => Buffer.concat([file, Buffer.from('garbage after the end')]),
    'has lost its end',
  ],
  [
    'of a footer longer than itself',
    (file: Buffer) => {
      const copy = Buffer.from(file);
      copy.writeUInt32LE(0x7fffffff, copy.length - 8);
      return copy;
    },
    'its footer would have',
  ],
  [
    'missing a piece before its footer',
    (file: Buffer) => Buffer.concat([file.subarray(0, 4), file.subarray(40)]),
    'column',
  ],
])('a file that is %s is damaged', async (_, damage, problem) => {
  const found = await read(damage(fileOf(COLUMNS, RESULTS)));
  expect(found).toBeInstanceOf(ParquetDamage);
  expect((found as ParquetDamage).message).toContain(problem);
});

test('pages of which one is said to have no end are not read', () => {
  // A page header of the compact protocol: type 0, unpacked 5, packed -13 bytes.
  const header = Uint8Array.of(0x15, 0x00, 0x15, 0x0a, 0x15, 0x19, 0x00);
  expect(() => checkPages(header, { column: 'gain', values: 1 })).toThrow(
    /column gain has a page of -13 bytes/,
  );
});

test('files of other writers, which have no checksums, are read within their bounds', async () => {
  const file = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'track_id', data: ['a', 'b'], type: 'STRING', nullable: false },
        { name: 'gain', data: [1.5, -3], type: 'DOUBLE', nullable: false },
      ],
    }),
  );
  expect(await read(file)).toHaveLength(2);
  for (let bit = 0; bit < 8 * file.length; bit += 1) {
    const damaged = Buffer.from(file);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    // It comes to an end, whatever it finds.
    await read(damaged);
  }
});
