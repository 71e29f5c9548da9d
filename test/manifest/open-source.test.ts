import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openManifestSource } from '../../src/manifest/open-source.ts';
import { openManifest } from '../../src/manifest/read-manifest.ts';
import { decompressZstd } from '../../src/manifest/zstd-stream.ts';
import { numRuns } from '../property-settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-manifest-'));
});
afterEach(() => rm(folder, { recursive: true }));

const TEXT = `track_id,audio_uri\n${Array.from({ length: 100_000 }, (_, index) => `t${index},${index}.mp3\n`).join('')}`;
const PARTS = [TEXT.slice(0, 7), TEXT.slice(7, 300_000), '', TEXT.slice(300_000)];
const NO_INPUT = Readable.from([]);

async function contentOf(path: string, stdin: Readable = NO_INPUT): Promise<string> {
  const { chunks } = await openManifestSource(path, folder, stdin);
  return (await Array.fromAsync(chunks, (chunk) => chunk.toString('latin1'))).join('');
}

function zstd(text: string, params: Record<number, number> = {}): Buffer {
  return zstdCompressSync(text, { params });
}

/** A frame that decoders pass over (RFC 8878, section 3.1.2). */
const SKIPPABLE = Buffer.from('5a2a4d1803000000616263', 'hex');

test.each([
  ['plain.csv', Buffer.from(TEXT)],
  ['one.csv.gz', gzipSync(TEXT)],
  ['members.csv.gz', Buffer.concat(PARTS.map((part) => gzipSync(part)))],
  ['one.csv.zst', zstd(TEXT)],
  ['frames.csv.zst', Buffer.concat(PARTS.map((part) => zstd(part)))],
  [
    'checksums.csv.zst',
    Buffer.concat(PARTS.map((part) => zstd(part, { [constants.ZSTD_c_checksumFlag]: 1 }))),
  ],
  [
    'no-sizes.csv.zst',
    Buffer.concat(PARTS.map((part) => zstd(part, { [constants.ZSTD_c_contentSizeFlag]: 0 }))),
  ],
  ['skippable.csv.zst', Buffer.concat([SKIPPABLE, ...PARTS.flatMap((part) => [zstd(part), SKIPPABLE])])],
  ['gzip-by-another-name.csv', gzipSync(TEXT)],
])('%s is read whole', async (name, bytes) => {
  await writeFile(join(folder, name), bytes);
  expect(await contentOf(name)).toBe(TEXT);
  expect(await contentOf('-', Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]))).toBe(TEXT);
});

test('zstd frames are found whatever the chunks', async () => {
  const parts = fc.array(fc.string({ maxLength: 400 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      parts,
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
      async (texts, chunkBytes, checksum) => {
        const frames = texts.map((text) => zstd(text, { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 }));
        const bytes = Buffer.concat(frames);
        const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
          bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
        );
        const out = await buffer(Readable.from(decompressZstd(Readable.from(chunks))));
        expect(out.toString()).toBe(texts.join(''));
      },
    ),
    { numRuns: numRuns(50) },
  );
});

test.each([
  ['torn.csv.gz', gzipSync(TEXT).subarray(0, -100)],
  ['torn.csv.zst', zstd(TEXT).subarray(0, -100)],
  ['torn-between-blocks.csv.zst', Buffer.concat([zstd(TEXT), zstd(TEXT).subarray(0, 9)])],
  ['damaged.csv.gz', Buffer.concat([gzipSync(TEXT).subarray(0, 20), Buffer.alloc(50_000, 0x55)])],
  ['damaged.csv.zst', Buffer.concat([zstd(TEXT), Buffer.from('more')])],
])('%s is refused, not read in part', async (name, bytes) => {
  await writeFile(join(folder, name), bytes);
  const reading = async (): Promise<unknown> => {
    const reader = await openManifest(await openManifestSource(name, folder, NO_INPUT));
    return Array.fromAsync(reader.batches());
  };
  await expect(reading()).rejects.toMatchObject({ code: 'manifest-unreadable', fault: 'usage' });
});

test('paths start from the folder of the manifest, or for stdin from the current one', async () => {
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'sub', 'm.csv'), TEXT);
  expect(await openManifestSource('sub/m.csv', folder, NO_INPUT)).toMatchObject({
    name: 'sub/m.csv',
    base: join(folder, 'sub'),
  });
  expect(await openManifestSource('-', folder, Readable.from([]))).toMatchObject({
    name: 'stdin',
    base: folder,
  });
});

test('what is no file is said so', async () => {
  await expect(contentOf('nowhere.csv')).rejects.toMatchObject({
    fault: 'usage',
    message: 'nowhere.csv does not exist',
  });
  await expect(contentOf('.')).rejects.toMatchObject({
    fault: 'usage',
    message: '. is a folder: name a CSV file',
  });
});

test.each([
  ['s3://bucket/m.csv', "aws s3 cp 's3://bucket/m.csv' - | backfill plan -"],
  ['https://host/m.csv?a=1', "curl -fsSL 'https://host/m.csv?a=1' | backfill plan -"],
  ['gs://bucket/m.csv', "gcloud storage cat 'gs://bucket/m.csv' | backfill plan -"],
  ['ftp://host/m.csv', 'copy it to a file, or write it to the stdin of backfill plan -'],
])('%s is neither a file nor stdin, and the hint says how it becomes one', async (uri, hint) => {
  await expect(contentOf(uri)).rejects.toMatchObject({
    fault: 'usage',
    message: `manifests are read from files and from stdin, and '${uri}' is neither`,
    hint,
  });
});

test('a file:// URI is a file', async () => {
  await mkdir(join(folder, 'a b'));
  await writeFile(join(folder, 'a b', 'm.csv'), TEXT);
  const uri = pathToFileURL(join(folder, 'a b', 'm.csv')).href;
  expect(uri).toContain('a%20b');
  expect(await contentOf(uri)).toBe(TEXT);
  expect(await openManifestSource(uri, '/', NO_INPUT)).toMatchObject({ base: join(folder, 'a b') });
  await expect(contentOf('file://elsewhere/m.csv')).rejects.toMatchObject({
    fault: 'usage',
    message: "'file://elsewhere/m.csv' names the host 'elsewhere': only files of this machine are read",
  });
});

test('a path in quotes may begin with ~/', async () => {
  vi.stubEnv('HOME', folder);
  await writeFile(join(folder, 'm.csv'), TEXT);
  expect(await openManifestSource('~/m.csv', '/', NO_INPUT)).toMatchObject({ name: '~/m.csv', base: folder });
  vi.unstubAllEnvs();
});

test.each([
  ['', /^the manifest has an empty name/],
  ['/dev/null', /^\/dev\/null is empty/],
  ['/dev/zero', /^the first line of \/dev\/zero is longer than 65,536 bytes/],
])('%j is refused in words', async (path, message) => {
  const opening = async () => openManifest(await openManifestSource(path, folder, NO_INPUT));
  await expect(opening()).rejects.toMatchObject({ fault: 'usage', message: expect.stringMatching(message) });
});
