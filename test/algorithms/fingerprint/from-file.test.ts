import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SampleAlgorithm } from '../../../src/algorithms/algorithm.ts';
import { fingerprint } from '../../../src/algorithms/fingerprint/fingerprint.ts';
import type { Outcome } from '../../../src/worker/outcome.ts';
import { TrackPipeline } from '../../../src/worker/track-pipeline.ts';
import { encode, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';
import { makeWrecks } from '../../wrecks/make-wrecks.ts';
import { numRuns } from '../../property-settings.ts';

const folder = scratchFolder();
const { signal } = new AbortController();
const PLAIN = [
  'short.mp3',
  'short.ogg',
  'short.opus',
  'short.wav',
  'uncounted.mp3',
  'guessed.mp3',
  'long.ogg',
  'long.mp3',
];
let music: string;

/** Hears all of a track, so that fingerprint has to share the decoder with it. */
const listener: SampleAlgorithm = {
  name: 'listener',
  version: '1',
  summary: 'for tests',
  columns: [],
  input: {
    kind: 'samples',
    format: { encoding: 's16', sampleRate: 8000, channels: 1 },
    minSeconds: 0,
    needsSound: false,
  },
  cost: { perTrackSeconds: 0, perAudioSecond: 0 },
  open: () => ({ write: () => {}, finish: () => ({}) }),
  present: () => ({}),
};

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 20 });
  await encode(folder, music, 'short.wav', '-t', '14', '-c:a', 'pcm_s24le');
  await encode(folder, music, 'short.mp3', '-t', '12', '-q:a', '5');
  await encode(folder, music, 'short.ogg', '-t', '9', '-c:a', 'libvorbis');
  await encode(folder, music, 'short.opus', '-t', '11', '-c:a', 'libopus');
  await encode(folder, music, 'uncounted.mp3', '-t', '8', '-write_xing', '0');
  // Nothing tells its length, and its frames are of 261.2 bytes: a guess by the bit rate is a little off.
  const guessed = [
    '-ar',
    '22050',
    '-b:a',
    '80k',
    '-write_xing',
    '0',
    '-id3v2_version',
    '0',
    '-write_id3v1',
    '1',
  ];
  await encode(folder, music, 'guessed.mp3', ...guessed, '-metadata', 'title=T');
  const long = await encode(folder, music, 'long.wav', '-ar', '22050', '-af', 'aloop=loop=6:size=882000');
  await encode(folder, long, 'long.ogg', '-c:a', 'libvorbis', '-q:a', '0');
  await encode(folder, long, 'long.mp3', '-ac', '1', '-b:a', '32k');
});

/** What a track comes to where fingerprint hears it alone, and where another algorithm hears it too. */
async function bothWays(
  path: string,
  options: { readonly maxDurationSeconds?: number; readonly base?: string } = {},
): Promise<readonly [Outcome, Outcome]> {
  const pipeline = new TrackPipeline({
    base: dirname(path),
    maxSourceBytes: 2 ** 30,
    maxDurationSeconds: 3600,
    scratchDirectory: folder,
    openSources: () => Promise.reject(new Error('there are no sources in S3 here')),
    storeRendition: () => Promise.reject(new Error('nothing is encoded here')),
    ...options,
  });
  const track = {
    trackId: path,
    audioUri: path,
    durationSeconds: undefined,
    lyricsUri: undefined,
    language: undefined,
    extra: {},
  };
  const work = async (algorithms: readonly SampleAlgorithm[]): Promise<Outcome> => {
    const sources = await pipeline.fetch(track, algorithms, signal);
    const [outcome] = await pipeline.work(track, algorithms, sources, signal);
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  };
  return [await work([fingerprint]), await work([fingerprint, listener])];
}

async function takesFile(path: string): Promise<boolean> {
  return (await fingerprint.fromFile?.({ path, maxDurationSeconds: 3600, signal })) !== undefined;
}

async function written(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('a file that fpcalc takes by itself', () => {
  it.each(PLAIN)('%s gives the row that its samples give', async (name) => {
    const path = join(folder, name);
    expect(await takesFile(path)).toBe(true);
    const [alone, accompanied] = await bothWays(path);
    expect(alone.kind).toBe('succeeded');
    expect(alone).toEqual(accompanied);
  });

  it('may have tags before and behind its audio, and a name that reads like something else', async () => {
    const tag = Buffer.from('TAG'.padEnd(128, ' '));
    await mkdir(join(folder, `odd 'q" 100%03d [x]`), { recursive: true });
    const path = join(folder, `odd 'q" 100%03d [x]`, '-i %d,concat:"b".mp3');
    await encode(folder, join(folder, 'short.wav'), 'tagged.mp3', '-metadata', 'title=Ünï');
    await writeFile(path, Buffer.concat([await readFile(join(folder, 'tagged.mp3')), tag]));
    expect(await takesFile(path)).toBe(true);
    const [alone, accompanied] = await bothWays(path);
    expect(alone.kind).toBe('succeeded');
    expect(alone).toEqual(accompanied);
  });

  it('that is silent fails as its samples do', async () => {
    for (const gain of [0, 0.0001]) {
      const path = await writeMusic(join(folder, 'silent.wav'), { seconds: 5, gain });
      const [alone, accompanied] = await bothWays(path);
      expect(alone).toMatchObject({ kind: 'failed', code: 'silent' });
      expect(alone).toEqual(accompanied);
    }
  });
});

describe('a file that is decoded as ever', () => {
  it.each([
    ['declares no length', 'raw.aac', ['-c:a', 'aac']],
    ['has checksums to be held to', 'checked.flac', []],
    ['is of another container', 'other.m4a', ['-c:a', 'aac']],
    ['is of another codec in Ogg', 'flac.ogg', ['-c:a', 'flac']],
    ['is of another codec in WAVE', 'adpcm.wav', ['-c:a', 'adpcm_ms']],
  ])('because it %s', async (_, name, options) => {
    const path = await encode(folder, join(folder, 'short.wav'), name, ...options);
    expect(await takesFile(path)).toBe(false);
    const [alone, accompanied] = await bothWays(path);
    expect(alone.kind).toBe('succeeded');
    expect(alone).toEqual(accompanied);
  });

  it('because it is too short, or too long for the run', async () => {
    const brief = await encode(folder, music, 'brief.wav', '-t', '2');
    const [alone, accompanied] = await bothWays(brief);
    expect(alone).toMatchObject({ kind: 'failed', code: 'too-short' });
    expect(alone).toEqual(accompanied);
    const [long, longAccompanied] = await bothWays(join(folder, 'long.ogg'), { maxDurationSeconds: 100 });
    expect(long).toMatchObject({ kind: 'failed', code: 'too-long' });
    expect(long).toEqual(longAccompanied);
  });

  it('because another stream follows, or one of its frames is of another kind', async () => {
    const [ogg, mp3] = await Promise.all(
      PLAIN.slice(0, 2)
        .toReversed()
        .map((name) => readFile(join(folder, name))),
    );
    const again = await encode(
      folder,
      join(folder, 'short.wav'),
      'again.ogg',
      '-c:a',
      'libvorbis',
      '-ac',
      '1',
    );
    const mono = await encode(folder, join(folder, 'short.wav'), 'mono.mp3', '-ac', '1', '-write_xing', '0');
    const chained = await written('chained.ogg', Buffer.concat([ogg as Buffer, await readFile(again)]));
    expect(await takesFile(chained)).toBe(false);
    const spliced = Buffer.concat([(mp3 as Buffer).subarray(0, 30_000), await readFile(mono)]);
    expect(await takesFile(await written('spliced.mp3', spliced))).toBe(false);
  });

  it.each(PLAIN.slice(0, 5))('because %s is cut short', async (name) => {
    const whole = await readFile(join(folder, name));
    for (const share of [0.01, 0.4, 0.99]) {
      const path = await written(`cut-${name}`, whole.subarray(0, whole.length * share));
      const [alone, accompanied] = await bothWays(path);
      expect([share, alone]).toEqual([share, accompanied]);
    }
  });
});

it('whatever is done to a file, it comes to the same alone and in company', async () => {
  const files = await Promise.all(PLAIN.slice(0, 5).map((name) => readFile(join(folder, name))));
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(files.length - 1),
      share,
      fc.uint8Array({ minLength: 1, maxLength: 600 }),
      fc.constantFrom('overwrite', 'insert', 'append', 'cut'),
      async (index, where, bytes, damage) => {
        const whole = files[index] as Buffer;
        const at = Math.floor(where * whole.length);
        const rest = { overwrite: at + bytes.length, insert: at, append: whole.length, cut: whole.length };
        const head = damage === 'append' ? whole : whole.subarray(0, at);
        const content = damage === 'cut' ? head : Buffer.concat([head, bytes, whole.subarray(rest[damage])]);
        const [alone, accompanied] = await bothWays(await written(`damaged-${PLAIN[index]}`, content));
        expect(alone).toEqual(accompanied);
      },
    ),
    { numRuns: numRuns(12) },
  );
});

it('a catalogue of wrecks comes to the same alone and in company, and nothing but its files is read', async () => {
  let bites = 0;
  const bait = createServer((socket) => {
    bites += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(bait, 'listening');
  try {
    const base = join(folder, 'wrecks');
    await mkdir(base);
    const { manifestPath } = await makeWrecks(base, (bait.address() as AddressInfo).port);
    const rows: { track_id: string; audio_uri: string }[] = parse(await readFile(manifestPath), {
      columns: true,
    });
    for (const { track_id, audio_uri } of rows) {
      const [alone, accompanied] = await bothWays(audio_uri, { base });
      expect([track_id, alone]).toEqual([track_id, accompanied]);
    }
    expect(bites).toBe(0);
  } finally {
    bait.close();
  }
});
