import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ParquetFileWriter } from '../../src/results/parquet-file-writer.ts';
import { readParquetFile } from '../../src/results/parquet-reader.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-parquet-'));
});
afterEach(() => rm(folder, { recursive: true }));

const columns = [{ name: 'print', type: 'bytes', description: 'a fingerprint' }] as const;

test('a file is written and read back', async () => {
  const path = join(folder, 'results.parquet');
  const writer = await ParquetFileWriter.create(path, { columns });
  for (let index = 0; index < 3; index += 1) {
    await writer.add({ trackId: `t${index}`, sourceEtag: null, row: { print: Uint8Array.of(index, 255) } });
  }
  await writer.close();
  expect(writer.rows).toBe(3);
  expect(await Array.fromAsync(readParquetFile(path))).toStrictEqual([
    { trackId: 't0', sourceEtag: null, row: { print: Uint8Array.of(0, 255) } },
    { trackId: 't1', sourceEtag: null, row: { print: Uint8Array.of(1, 255) } },
    { trackId: 't2', sourceEtag: null, row: { print: Uint8Array.of(2, 255) } },
  ]);
});

test('a shard without any result is a file without rows', async () => {
  const path = join(folder, 'empty.parquet');
  const writer = await ParquetFileWriter.create(path, { columns });
  await writer.close();
  expect((await stat(path)).size).toBeGreaterThan(0);
  expect(await Array.fromAsync(readParquetFile(path))).toEqual([]);
});
