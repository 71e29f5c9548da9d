import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Algorithm, LyricsAlgorithm, SampleAlgorithm } from '../../src/algorithms/algorithm.ts';
import type { Track } from '../../src/manifest/track.ts';
import { partKey } from '../../src/run/keys.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { SourceObjectError } from '../../src/store/source-objects.ts';
import type { TrackOutcomes } from '../../src/worker/outcome.ts';
import { unpackPart } from '../../src/worker/part.ts';
import { ShardCheckpoint } from '../../src/worker/shard-checkpoint.ts';
import { type ShardLoopOptions, workShard } from '../../src/worker/shard-loop.ts';
import { TrackPipeline } from '../../src/worker/track-pipeline.ts';
import { makeSong } from '../end-to-end/catalogue.ts';
import { MemorySources } from './memory-sources.ts';

const RUN = '20261121-031500-k79e3';

const BASE = {
  version: '1',
  summary: 'for tests',
  cost: { perTrackSeconds: 0, perAudioSecond: 0 },
  present: () => ({}),
} as const;

const COUNTS: LyricsAlgorithm = {
  ...BASE,
  name: 'counts',
  columns: [{ name: 'bytes', type: 'int64', description: 'how long the lyrics are' }],
  input: { kind: 'lyrics' },
  run: ({ bytes }) => ({ bytes: bytes.length }),
};

describe('a shard whose sources are in S3', () => {
  let song: Uint8Array;
  let scratch: string;
  let sources: MemorySources;
  let store: MemoryStore;
  let checkpoint: ShardCheckpoint;
  /** How many sources lay in the scratch folder whenever a track was heard. */
  let inScratch: number[];
  let hearing: SampleAlgorithm;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shard-loop-'));
    await makeSong(join(folder, 'song.wav'), 1, 2);
    song = await readFile(join(folder, 'song.wav'));
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'shard-loop-'));
    sources = new MemorySources();
    store = new MemoryStore();
    inScratch = [];
    hearing = {
      ...BASE,
      name: 'hears',
      columns: [{ name: 'samples', type: 'int64', description: 'how many samples came' }],
      input: {
        kind: 'samples',
        format: { encoding: 'f32', sampleRate: 8000, channels: 1 },
        minSeconds: 1,
        needsSound: true,
      },
      open: () => {
        let samples = 0;
        return {
          write: (chunk) => {
            samples += chunk.length;
          },
          finish: async () => {
            inScratch.push((await readdir(scratch)).filter((name) => name.startsWith('source-')).length);
            return { samples };
          },
        };
      },
    };
  });
  afterEach(() => rm(scratch, { recursive: true }));

  it('is worked whole: each object is read once, three at most are on disk, none is left', async () => {
    const etags = tracks(5).map(({ audioUri, lyricsUri }, index) => ({
      audio: sources.put(audioUri, index === 2 ? 'not music' : song),
      lyrics: sources.put(lyricsUri ?? '', `${index} la`),
    }));
    expect(await work(tracks(5))).toBe(true);
    const outcomes = await committed();
    expect(outcomes.map(({ outcomes: [heard] }) => heard)).toMatchObject(
      etags.map(({ audio }, index) =>
        index === 2
          ? { algorithm: 'hears', kind: 'failed', code: 'decode-failed', sourceEtag: audio }
          : { algorithm: 'hears', kind: 'succeeded', row: { samples: 16_000 }, sourceEtag: audio },
      ),
    );
    expect(outcomes.map(({ outcomes: [, read] }) => read)).toMatchObject(
      etags.map(({ lyrics }) => ({ algorithm: 'counts', row: { bytes: 4 }, sourceEtag: lyrics })),
    );
    expect(sources.requests.toSorted()).toEqual(
      tracks(5).flatMap(({ audioUri, lyricsUri }) => [audioUri, lyricsUri]),
    );
    expect(inScratch).toHaveLength(4);
    expect(Math.max(...inScratch)).toBeLessThanOrEqual(3);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('does not fetch audio that nobody wants', async () => {
    for (const { lyricsUri } of tracks(3)) sources.put(lyricsUri ?? '', 'la');
    expect(await work(tracks(3), { algorithms: [COUNTS] })).toBe(true);
    expect(sources.requests).toEqual(tracks(3).map(({ lyricsUri }) => lyricsUri));
  });

  it('is left at once when it is drained while a source is waited for', async () => {
    const drain = new AbortController();
    const [first, second, third, fourth] = tracks(4) as [Track, Track, Track, Track];
    for (const { audioUri } of [first, second, third, fourth]) sources.put(audioUri, song);
    sources.trouble(second.audioUri, {
      held: new Promise(() => {}),
      onFirstChunk: () => {
        // Once the first is through, nothing but this download is waited for.
        void hearsDone.then(() => drain.abort());
      },
    });
    let told = (): void => {};
    const hearsDone = new Promise<void>((resolve) => (told = resolve));
    const complete = await work([first, second, third, fourth], {
      algorithms: [hearing],
      leave: () => drain.signal,
      onProgress: () => told(),
    });
    expect(complete).toBe(false);
    expect(checkpoint.current).toMatchObject({ state: 'drained', next: 1 });
    expect(await committed()).toHaveLength(1);
    expect(sources.requests).not.toContain(fourth.audioUri);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('keeps what is finished, and leaves no file, when the machine is at fault', async () => {
    const noMore = new Error('the credentials have expired');
    const [first, second, third] = tracks(3) as [Track, Track, Track];
    for (const { audioUri } of [first, second, third]) sources.put(audioUri, song);
    sources.trouble(second.audioUri, { errorInside: noMore });
    await expect(work([first, second, third], { algorithms: [hearing] })).rejects.toBe(noMore);
    expect(checkpoint.current).toMatchObject({ state: 'drained', next: 1 });
    expect((await committed()).map(({ trackId }) => trackId)).toEqual([first.trackId]);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('goes on past sources that can not be read', async () => {
    const [first, second, third] = tracks(3) as [Track, Track, Track];
    const etag = sources.put(third.audioUri, song);
    sources.put(second.audioUri, song);
    sources.trouble(second.audioUri, {
      errorInside: new SourceObjectError('changed', 'another version'),
    });
    expect(await work([first, second, third], { algorithms: [hearing] })).toBe(true);
    expect((await committed()).map(({ outcomes: [heard] }) => heard)).toMatchObject([
      { code: 'source-missing', sourceEtag: null, message: `there is no object at ${first.audioUri}` },
      { code: 'source-changed', sourceEtag: null },
      { kind: 'succeeded', sourceEtag: etag },
    ]);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('does not fetch for a row that is quarantined', async () => {
    const [first, second] = tracks(2) as [Track, Track];
    for (const { audioUri } of [first, second]) sources.put(audioUri, song);
    await take(2, { attempt: 'one', crash: undefined });
    await take(2, {
      attempt: 'two',
      crash: { attempt: 'one', row: 0, cause: 'crashed', how: 'was ended by SIGSEGV' },
    });
    await take(2, {
      attempt: 'three',
      crash: { attempt: 'two', row: 0, cause: 'crashed', how: 'was ended by SIGSEGV' },
    });
    expect(await work([first, second], { algorithms: [hearing] })).toBe(true);
    expect(sources.requests).toEqual([second.audioUri]);
    expect((await committed())[0]?.outcomes).toMatchObject([{ code: 'crashed', sourceEtag: null }]);
  });

  function tracks(count: number): Track[] {
    return Array.from({ length: count }, (_, index) => ({
      trackId: `track-${index}`,
      audioUri: `s3://music/${index}.flac`,
      durationSeconds: 2,
      lyricsUri: `s3://music/${index}.lrc`,
      language: undefined,
      extra: {},
    }));
  }

  async function take(
    rows: number,
    claim: Pick<Parameters<typeof ShardCheckpoint.take>[2], 'attempt' | 'crash'>,
  ): Promise<ShardCheckpoint> {
    const now = () => '2026-11-21T03:15:00.000Z';
    return (await ShardCheckpoint.take(store, { run: RUN, shard: 0, rows }, { ...claim, now })).checkpoint;
  }

  async function work(
    planned: readonly Track[],
    options: Partial<ShardLoopOptions> & { algorithms?: readonly Algorithm[] } = {},
  ): Promise<boolean> {
    const { algorithms = [hearing, COUNTS] } = options;
    checkpoint = await take(planned.length, { attempt: 'last', crash: undefined });
    const pipeline = new TrackPipeline({
      base: scratch,
      maxSourceBytes: 2 ** 20,
      maxDurationSeconds: 60,
      scratchDirectory: scratch,
      openSources: async () => sources,
      storeRendition: () => Promise.reject(new Error('nothing is encoded here')),
    });
    const never = new AbortController().signal;
    return workShard({
      store,
      tracks: planned.map((track) => ({ track })),
      algorithms,
      columns: columnsOf(algorithms),
      pipeline,
      checkpoint,
      careful: false,
      crash: undefined,
      checkpointSeconds: 60,
      leave: () => never,
      stop: never,
      clock: () => performance.now() / 1000,
      now: () => '2026-11-21T03:15:00.000Z',
      onRow: () => {},
      onProgress: () => {},
      ...options,
    });
  }

  async function committed(): Promise<TrackOutcomes[]> {
    const parts = checkpoint.current.parts.map(async (part) => {
      const { bytes } = await store.get(partKey(RUN, 0, part));
      return [...(await unpackPart(columnsOf([hearing, COUNTS]), bytes))];
    });
    return (await Promise.all(parts)).flat();
  }

  function columnsOf(algorithms: readonly Algorithm[]): ShardLoopOptions['columns'] {
    return new Map(algorithms.map(({ name, columns }) => [name, columns]));
  }
});
