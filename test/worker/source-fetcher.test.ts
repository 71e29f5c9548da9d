import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/failures.ts';
import { SourceObjectError, type SourceProblem } from '../../src/store/source-objects.ts';
import type { FetchedSources } from '../../src/worker/fetched-sources.ts';
import { SourceFetcher, type SourceFetcherOptions } from '../../src/worker/source-fetcher.ts';
import { MemorySources } from './memory-sources.ts';

const SONG = 's3://music/albums/song no. 1.flac';
const WORDS = 's3://music/albums/song.lrc';
const NEVER = new AbortController().signal;

let scratch: string;
let sources: MemorySources;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fetcher-'));
  sources = new MemorySources();
});
afterEach(() => rm(scratch, { recursive: true }));

function fetcher(options: Partial<SourceFetcherOptions> = {}): SourceFetcher {
  return new SourceFetcher({
    base: scratch,
    maxSourceBytes: 2 ** 20,
    scratchDirectory: scratch,
    openSources: async () => sources,
    ...options,
  });
}

async function fetchAudio(options?: Partial<SourceFetcherOptions>, uri = SONG): Promise<FetchedSources> {
  return fetcher(options).fetch(
    { audioUri: uri, lyricsUri: undefined },
    { audio: true, lyrics: false },
    NEVER,
  );
}

async function fetchLyrics(uri = WORDS): Promise<FetchedSources> {
  return fetcher().fetch({ audioUri: SONG, lyricsUri: uri }, { audio: false, lyrics: true }, NEVER);
}

describe('sources in S3', () => {
  it('audio becomes a file, with its version, until it is released', async () => {
    const content = Buffer.alloc(100_000, 'music');
    const etag = sources.put(SONG, content);
    const { audio, lyrics, release } = await fetchAudio();
    expect(audio).toMatchObject({ kind: 'usable', etag });
    expect(lyrics).toBeUndefined();
    const [name] = await readdir(scratch);
    const path = join(scratch, name ?? '');
    expect(audio).toHaveProperty('source', path);
    expect(await readFile(path)).toEqual(content);
    await release();
    expect(await readdir(scratch)).toEqual([]);
  });

  it('lyrics come whole, with their version, and the audio stays where it is', async () => {
    const etag = sources.put(WORDS, '[00:01.00]ラララ\n');
    const { audio, lyrics } = await fetchLyrics();
    expect(audio).toBeUndefined();
    expect(lyrics).toEqual({ kind: 'usable', source: Buffer.from('[00:01.00]ラララ\n'), etag });
    expect(sources.requests).toEqual([WORDS]);
  });

  it.each([
    ['s3://music/a/song.mp3', '.mp3'],
    ['s3://music/a.b/song', ''],
    ["s3://music/song.$(reboot)'", ''],
    ['s3://music/song.mp3/', ''],
    ['s3://music/song.%00', ''],
    ['s3://music/../../song.wav', '.wav'],
  ])('of the key %s the file has no more than a harmless extension', async (uri, extension) => {
    sources.put(uri, 'music');
    await fetchAudio({}, uri);
    const [name = ''] = await readdir(scratch);
    expect(name).toMatch(/^source-\d+/);
    expect(extname(name)).toBe(extension);
  });

  it.each<[SourceProblem, FailureCode, FailureCode]>([
    ['missing', 'source-missing', 'lyrics-missing'],
    ['denied', 'source-denied', 'lyrics-unreadable'],
    ['too-large', 'source-too-large', 'lyrics-unreadable'],
    ['changed', 'source-changed', 'source-changed'],
    ['archived', 'source-archived', 'source-archived'],
    ['unreadable', 'source-unreadable', 'source-unreadable'],
  ])('what is %s is %s for audio and %s for lyrics', async (problem, ofAudio, ofLyrics) => {
    for (const uri of [SONG, WORDS]) {
      sources.put(uri, 'bytes');
      sources.trouble(uri, { errorInside: new SourceObjectError(problem, `${problem}: ${uri}`) });
    }
    const { audio } = await fetchAudio();
    expect(audio).toMatchObject({ kind: 'failed', failure: { code: ofAudio }, etag: null });
    expect(audio).toHaveProperty('failure.message', expect.stringContaining(SONG));
    expect(audio).toHaveProperty('failure.message', expect.not.stringContaining(scratch));
    expect(await readdir(scratch)).toEqual([]);
    const { lyrics } = await fetchLyrics();
    expect(lyrics).toMatchObject({ kind: 'failed', failure: { code: ofLyrics } });
    expect(lyrics).toHaveProperty('failure.message', expect.stringContaining(WORDS));
  });

  it('an object without bytes fails, and its version is known', async () => {
    const etag = sources.put(SONG, '');
    sources.put(WORDS, '');
    const { audio } = await fetchAudio();
    expect(audio).toMatchObject({ kind: 'failed', failure: { code: 'source-empty' }, etag });
    expect((await fetchLyrics()).lyrics).toMatchObject({
      failure: { code: 'lyrics-unreadable', message: `${WORDS} has no bytes` },
      etag,
    });
    expect(await readdir(scratch)).toEqual([]);
  });

  it('an object over the limit is not read', async () => {
    sources.put(SONG, Buffer.alloc(1001));
    const { audio } = await fetchAudio({ maxSourceBytes: 1000 });
    expect(audio).toMatchObject({
      failure: { code: 'source-too-large', message: `${SONG} has 1001 bytes, over the limit of 1000` },
    });
  });

  it('an object that is replaced while it is read is no mixture of both', async () => {
    sources.put(SONG, Buffer.alloc(60_000, 'a'));
    sources.trouble(SONG, { onFirstChunk: () => sources.put(SONG, Buffer.alloc(60_000, 'b')) });
    const { audio } = await fetchAudio();
    expect(audio).toMatchObject({ kind: 'failed', failure: { code: 'source-changed' } });
    expect(await readdir(scratch)).toEqual([]);
  });

  it.each([
    ['as the system says it', (full: Error) => full],
    [
      'behind the error of the reader',
      (full: Error) => new SourceObjectError('unreadable', 'broke off', { cause: full }),
    ],
  ])('a full scratch disk is no fault of the source: %s', async (_, wrap) => {
    const full = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' });
    sources.put(SONG, 'music');
    sources.trouble(SONG, { errorInside: wrap(full) });
    expect((await fetchAudio()).audio).toMatchObject({ failure: { code: 'scratch-full' } });
    expect(await readdir(scratch)).toEqual([]);
  });

  it('what is wrong with the machine stops the shard, and leaves nothing behind', async () => {
    const noCredentials = new Error('could not load credentials');
    sources.put(SONG, 'music');
    sources.trouble(SONG, { errorInside: noCredentials });
    await expect(fetchAudio()).rejects.toBe(noCredentials);
    expect(await readdir(scratch)).toEqual([]);
    await expect(fetchAudio({ openSources: () => Promise.reject(noCredentials) })).rejects.toBe(
      noCredentials,
    );
  });
});

describe('the limits of a download', () => {
  const held = new Promise<void>(() => {});

  it('one that hangs is given up', async () => {
    sources.put(SONG, Buffer.alloc(60_000));
    sources.trouble(SONG, { held });
    const { audio } = await fetchAudio({ limits: { stallSeconds: 0.1, totalSeconds: 60 } });
    expect(audio).toMatchObject({
      failure: { code: 'source-unreadable', message: expect.stringContaining('no byte came for 0.1 s') },
    });
    expect(await readdir(scratch)).toEqual([]);
  });

  it('one that is slow, and goes on, is not', async () => {
    const etag = sources.put(SONG, Buffer.alloc(10 * 16 * 1024));
    sources.trouble(SONG, { delayMilliseconds: 50 });
    const { audio } = await fetchAudio({ limits: { stallSeconds: 0.4, totalSeconds: 60 } });
    expect(audio).toMatchObject({ kind: 'usable', etag });
  });

  it('one that trickles does not go on for ever', async () => {
    sources.put(SONG, Buffer.alloc(2 ** 20));
    sources.trouble(SONG, { delayMilliseconds: 20 });
    const { audio } = await fetchAudio({ limits: { stallSeconds: 10, totalSeconds: 0.2 } });
    expect(audio).toMatchObject({
      failure: { code: 'timeout', message: `reading ${SONG} was not done after 0.2 s` },
    });
    expect(await readdir(scratch)).toEqual([]);
  });

  it('lyrics that hang are given up', async () => {
    sources.put(WORDS, 'la la la');
    sources.trouble(WORDS, { held });
    const { lyrics } = await fetcher({ limits: { stallSeconds: 0.1, totalSeconds: 60 } }).fetch(
      { audioUri: SONG, lyricsUri: WORDS },
      { audio: false, lyrics: true },
      NEVER,
    );
    expect(lyrics).toMatchObject({ failure: { code: 'timeout' } });
  });

  it('an abort ends it at once, for its reason', async () => {
    const stopping = new AbortController();
    const reason = new Error('the machine is reclaimed');
    sources.put(SONG, Buffer.alloc(60_000));
    sources.trouble(SONG, { held, onFirstChunk: () => stopping.abort(reason) });
    const fetching = fetcher().fetch(
      { audioUri: SONG, lyricsUri: undefined },
      { audio: true, lyrics: true },
      stopping.signal,
    );
    await expect(fetching).rejects.toBe(reason);
    expect(await readdir(scratch)).toEqual([]);
  });
});

describe('when sources in S3 are opened', () => {
  it('never, where all is in files', async () => {
    await writeFile(join(scratch, 'song.wav'), 'music');
    await writeFile(join(scratch, 'song.lrc'), 'la la la');
    const { audio, lyrics, release } = await fetcher({
      openSources: () => Promise.reject(new Error('must not be loaded')),
    }).fetch({ audioUri: 'song.wav', lyricsUri: 'song.lrc' }, { audio: true, lyrics: true }, NEVER);
    expect(audio).toEqual({ kind: 'usable', source: join(scratch, 'song.wav'), etag: null });
    expect(lyrics).toEqual({ kind: 'usable', source: Buffer.from('la la la'), etag: null });
    await release();
    expect(await readdir(scratch)).toEqual(['song.lrc', 'song.wav']);
  });

  it('once, however many there are', async () => {
    let opened = 0;
    const many = fetcher({
      openSources: async () => {
        opened += 1;
        return sources;
      },
    });
    sources.put(SONG, 'music');
    sources.put(WORDS, 'la la la');
    const wanted = { audio: true, lyrics: true };
    const track = { audioUri: SONG, lyricsUri: WORDS };
    const fetched = await Promise.all([1, 2, 3].map(() => many.fetch(track, wanted, NEVER)));
    expect(opened).toBe(1);
    expect(await readdir(scratch)).toHaveLength(3);
    for (const { release } of fetched) await release();
    expect(await readdir(scratch)).toEqual([]);
  });
});
