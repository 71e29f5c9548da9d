import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Algorithm,
  EncodeAlgorithm,
  Encoding,
  LyricsAlgorithm,
  SampleAlgorithm,
  SampleAnalysis,
} from '../../src/algorithms/algorithm.ts';
import { environmentError } from '../../src/errors.ts';
import { TrackFailure } from '../../src/failures.ts';
import { TrackPipeline, type TrackPipelineOptions } from '../../src/worker/track-pipeline.ts';
import { SourceObjectError } from '../../src/store/source-objects.ts';
import { makeSong } from '../end-to-end/catalogue.ts';
import { MemorySources } from './memory-sources.ts';

const BASE = {
  version: '1',
  summary: 'for tests',
  columns: [{ name: 'samples', type: 'int64', description: 'how many samples came' }],
  cost: { perTrackSeconds: 0, perAudioSecond: 0 },
  present: () => ({}),
} as const;

/** Counts the samples of a track. */
function counting(
  name: string,
  steps: Partial<SampleAnalysis> & { open?: () => never } = {},
): SampleAlgorithm {
  return {
    ...BASE,
    name,
    input: {
      kind: 'samples',
      format: { encoding: 'f32', sampleRate: 8000, channels: 1 },
      minSeconds: 1,
      needsSound: true,
    },
    open: () => {
      steps.open?.();
      let samples = 0;
      return {
        write: (chunk) => {
          samples += chunk.length;
        },
        finish: () => ({ samples }),
        ...steps,
      };
    },
  };
}

function encoding(name: string, bitrate: number, steps: Partial<EncodeAlgorithm> = {}): EncodeAlgorithm {
  const rendition: Encoding = { name: `opus-${name}`, codec: 'opus', container: 'ogg', bitrate };
  return {
    ...BASE,
    name,
    input: { kind: 'encodings' },
    encodings: () => [rendition],
    finish: ({ renditions }) => ({ samples: renditions.length }),
    ...steps,
  };
}

/** Counts the bytes of a track's lyrics, where it is given any, in place of its samples. */
function helped(name: string): SampleAlgorithm {
  const alone = counting(name);
  return {
    ...alone,
    input: { ...alone.input, lyrics: 'helpful' },
    open: ({ lyrics }) => ({ write: () => {}, finish: () => ({ samples: lyrics?.length ?? 0 }) }),
  };
}

function reading(name: string, run: LyricsAlgorithm['run']): LyricsAlgorithm {
  return { ...BASE, name, input: { kind: 'lyrics' }, run };
}

const broken = (): never => {
  throw new TypeError('cannot read properties of undefined');
};

describe('one track through many algorithms', () => {
  let folder: string;
  let scratch: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
    scratch = await mkdtemp(join(tmpdir(), 'pipeline-'));
    await makeSong(join(folder, 'song.wav'), 1, 3);
    await writeFile(join(folder, 'words.txt'), 'la la la\n');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await rm(scratch, { recursive: true });
  });

  it.each<[string, Algorithm]>([
    ['open', counting('breaks', { open: broken })],
    ['write', counting('breaks', { write: broken })],
    ['finish', counting('breaks', { finish: broken })],
    ['finish, later', counting('breaks', { finish: () => Promise.reject(new TypeError('cannot read')) })],
    ['encodings', encoding('breaks', 96_000, { encodings: broken })],
    ['finish of an encoder', encoding('breaks', 96_000, { finish: broken })],
    ['run', reading('breaks', broken)],
  ])('what breaks in %s stays in its algorithm', async (_, algorithm) => {
    const outcomes = await work([counting('whole'), algorithm, encoding('encodes', 96_000)]);
    expect(outcomes).toMatchObject([
      { algorithm: 'whole', kind: 'succeeded', row: { samples: 24_000 } },
      { algorithm: 'breaks', kind: 'failed', code: 'algorithm-error' },
      { algorithm: 'encodes', kind: 'succeeded', row: { samples: 1 } },
    ]);
    expect(outcomes[1]).toHaveProperty('message', expect.stringContaining('breaks broke: cannot read'));
  });

  it('an encoder that refuses costs the others nothing but a second hearing', async () => {
    const outcomes = await work([counting('whole'), encoding('refused', 90_000_000)]);
    expect(outcomes).toMatchObject([
      { algorithm: 'whole', kind: 'succeeded', row: { samples: 24_000 } },
      { algorithm: 'refused', kind: 'failed', code: 'encode-failed' },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['a number that is not whole', { samples: 1.5 }, 'samples is 1.5 where a whole number of type int64'],
    ['a number that no column can hold', { samples: 2 ** 60 }, 'samples is 1152921504606847000 where'],
    ['not a number', { samples: Number.NaN }, 'samples is NaN where'],
    ['a big integer', { samples: 1n }, 'samples is bigint where'],
    ['a text', { samples: '1' }, 'samples is string where'],
    ['nothing in a column', {}, 'samples is missing, and may not be'],
    ['a column of its own', { samples: 1, more: 2 }, 'more is no column of the algorithm'],
    ['a list', [1], 'the row is object where a struct is expected'],
    ['nothing', undefined, 'the row is undefined where a struct is expected'],
    ['null', null, 'the row is object where a struct is expected'],
  ])('a row that holds %s fails its own track alone', async (_, row, problem) => {
    const outcomes = await work([counting('whole'), reading('breaks', () => row as never)]);
    expect(outcomes).toMatchObject([
      { algorithm: 'whole', kind: 'succeeded' },
      { algorithm: 'breaks', kind: 'failed', code: 'algorithm-error' },
    ]);
    expect(outcomes[1]).toHaveProperty('message', expect.stringContaining(problem));
  });

  it('a message as long as a file is cut', async () => {
    const tells = reading('tells', () => {
      throw new TrackFailure('lyrics-unreadable', 'x'.repeat(1e6));
    });
    const [outcome] = await work([tells]);
    expect(outcome).toHaveProperty('message', 'x'.repeat(2000));
  });

  it('an algorithm names its own failure', async () => {
    const own = counting('own', {
      finish: () => {
        throw new TrackFailure('silent', 'not a sound');
      },
    });
    expect(await work([own])).toMatchObject([{ kind: 'failed', code: 'silent', message: 'not a sound' }]);
  });

  it('what is wrong with the machine is no fault of the track', async () => {
    const missing = environmentError('program-missing', 'fpcalc is not in PATH');
    const open = () => {
      throw missing;
    };
    await expect(work([counting('needs', { open })])).rejects.toBe(missing);
  });

  it('what is wrong with the store is no fault of the track', async () => {
    const full = new Error('no space left');
    const options = { storeRendition: () => Promise.reject(full) };
    await expect(work([encoding('encodes', 96_000)], options)).rejects.toMatchObject({
      fault: 'environment',
      message: "a rendition of 'song' could not be stored: no space left",
    });
  });

  it('decodes once for all who ask for the same, and leaves nothing behind', async () => {
    const outcomes = await work(['a', 'b', 'c'].map((name) => counting(name)));
    expect(outcomes.every(({ kind }) => kind === 'succeeded')).toBe(true);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('lyrics come to those whom they help, and to no one else', async () => {
    const unasked = counting('unasked');
    const told: unknown[] = [];
    const asks: SampleAlgorithm = {
      ...unasked,
      open: (track) => {
        told.push(track.lyrics);
        return unasked.open(track);
      },
    };
    expect(await work([helped('helped'), asks])).toMatchObject([
      { kind: 'succeeded', row: { samples: 'la la la\n'.length } },
      { kind: 'succeeded', row: { samples: 24_000 } },
    ]);
    expect(told).toEqual([undefined]);
  });

  it.each([
    ['the manifest names none', undefined],
    ['the file does not exist', 'no-such.txt'],
  ])('where %s, those whom lyrics help do without', async (_, lyricsUri) => {
    expect(await work([helped('helped')], {}, { lyricsUri })).toMatchObject([
      { kind: 'succeeded', row: { samples: 0 } },
    ]);
  });

  it('lyrics that can not be read for now are a failure, so that no row hangs on the network', async () => {
    const sources = new MemorySources();
    const lyricsUri = 's3://music/words.txt';
    const error = new SourceObjectError('unreadable', `${lyricsUri} broke off`);
    sources.put(lyricsUri, 'la');
    sources.trouble(lyricsUri, { error });
    const outcomes = await work(
      [helped('helped'), counting('whole')],
      { openSources: async () => sources },
      { lyricsUri },
    );
    expect(outcomes).toMatchObject([
      { algorithm: 'helped', kind: 'failed', code: 'source-unreadable' },
      { algorithm: 'whole', kind: 'succeeded' },
    ]);
  });

  async function work(
    algorithms: readonly Algorithm[],
    options: Partial<TrackPipelineOptions> = {},
    { lyricsUri }: { readonly lyricsUri: string | undefined } = { lyricsUri: 'words.txt' },
  ): ReturnType<TrackPipeline['work']> {
    const pipeline = new TrackPipeline({
      base: folder,
      maxSourceBytes: 2 ** 30,
      maxDurationSeconds: 60,
      scratchDirectory: scratch,
      openSources: () => Promise.reject(new Error('there are no sources in S3 here')),
      storeRendition: async ({ file }) => `memory://${file.encoding.name}`,
      ...options,
    });
    const track = {
      trackId: 'song',
      audioUri: 'song.wav',
      durationSeconds: undefined,
      lyricsUri,
      language: undefined,
      extra: {},
    };
    const { signal } = new AbortController();
    const sources = await pipeline.fetch(track, algorithms, signal);
    return pipeline.work(track, algorithms, sources, signal);
  }
});
