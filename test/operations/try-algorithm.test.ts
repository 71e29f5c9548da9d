import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { type TryOptions, tryAlgorithm } from '../../src/operations/try-algorithm.ts';
import { makeSong } from '../end-to-end/catalogue.ts';
import { MemorySources } from '../worker/memory-sources.ts';

let folder: string;
let sources: MemorySources;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'try-'));
  sources = new MemorySources();
});
afterEach(() => rm(folder, { recursive: true }));

function tried(algorithm: string, source: string, options: Partial<TryOptions> = {}) {
  const [found] = selectAlgorithms([algorithm]);
  if (found === undefined) throw new Error(algorithm);
  return tryAlgorithm({
    algorithm: found,
    source,
    lyrics: undefined,
    language: 'ko',
    outputDirectory: folder,
    maxSourceBytes: 2 ** 30,
    maxDurationSeconds: 60,
    openSources: async () => sources,
    signal: new AbortController().signal,
    ...options,
  });
}

test('lyrics in S3 are romanised like those in a file', async () => {
  const lyrics = '[00:01.00]사랑해\n';
  const path = join(folder, 'song #1.lrc');
  await writeFile(path, lyrics);
  const etag = sources.put('s3://music/words/song #1.lrc', lyrics);
  const local = await tried('romanisation', path);
  expect(local).toMatchObject({ track_id: 'song #1.lrc', source_etag: null, language: 'ko' });
  expect(await tried('romanisation', 's3://music/words/song #1.lrc')).toEqual({
    ...local,
    source_etag: etag,
  });
});

test('audio in S3 is heard like a file', async () => {
  const path = join(folder, 'song.wav');
  await makeSong(path, 1, 4);
  const etag = sources.put('s3://music/song.wav', await readFile(path));
  const local = await tried('pitch', path);
  expect(local).toMatchObject({ track_id: 'song.wav', algorithm: 'pitch', source_etag: null });
  expect(await tried('pitch', 's3://music/song.wav')).toEqual({ ...local, source_etag: etag });
});

test('a URI that can be no object is the caller’s mistake; an object that is missing is the track’s', async () => {
  await expect(tried('pitch', 's3://music')).rejects.toMatchObject({
    code: 'unsupported-source',
    fault: 'usage',
    message: "'s3://music' names a bucket, and no key in it",
  });
  await expect(tried('pitch', 's3://music/nothing.wav')).rejects.toMatchObject({
    code: 'source-missing',
    message: 'there is no object at s3://music/nothing.wav',
  });
});

test('a file:// URI is a file, and other URIs are none', async () => {
  const path = join(folder, 'song 1.lrc');
  await writeFile(path, '[00:01.00]사랑해\n');
  expect(await tried('romanisation', pathToFileURL(path).href)).toEqual(await tried('romanisation', path));
  await expect(tried('romanisation', 'https://host/song.lrc')).rejects.toMatchObject({
    code: 'unsupported-source',
    fault: 'usage',
  });
});

describe('renditions', () => {
  test('go through links, into FIFOs, and over files', async () => {
    const path = join(folder, 'song.wav');
    await makeSong(path, 1, 4);
    const outputDirectory = join(folder, 'made', 'here');
    await mkdir(outputDirectory, { recursive: true });
    const [link, fifo] = ['aac-96.m4a', 'mp3-128.mp3'].map((name) =>
      join(outputDirectory, `song.wav.${name}`),
    );
    await symlink('../elsewhere.m4a', link as string);
    await promisify(execFile)('mkfifo', [fifo as string]);
    const read = buffer(createReadStream(fifo as string));
    const row = (await tried('transcode', path, { outputDirectory })) as {
      renditions: { name: string; bytes: number; sha256: string }[];
    };
    const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const found = Object.fromEntries(row.renditions.map(({ name, sha256 }) => [name, sha256]));
    expect(found['aac-96']).toBe(sha256Of(await readFile(join(folder, 'made', 'elsewhere.m4a'))));
    expect((await lstat(link as string)).isSymbolicLink()).toBe(true);
    expect(found['mp3-128']).toBe(sha256Of(await read));
    expect((await lstat(fifo as string)).isFIFO()).toBe(true);
  });

  test('are not made where there is no folder for them', async () => {
    const path = join(folder, 'song.wav');
    await writeFile(path, 'not even audio');
    await expect(tried('transcode', path, { outputDirectory: path })).rejects.toMatchObject({
      code: 'not-writable',
      message: `'${path}' is no folder`,
    });
  });
});
