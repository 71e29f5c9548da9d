import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Encoding } from '../../../src/algorithms/algorithm.ts';
import { LADDER_PRESETS, type Ladder, ladderDigest } from '../../../src/algorithms/transcode/ladder.ts';
import { createTranscode, transcode } from '../../../src/algorithms/transcode/transcode.ts';
import { type MediaPassResult, runMediaPass } from '../../../src/audio/media-pass.ts';
import { probe } from '../../../src/audio/probe.ts';
import type { JsonRow, JsonValue } from '../../../src/results/columns.ts';
import { decode, encode, run, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';

const folder = scratchFolder();
const { signal } = new AbortController();
let music: string;
let tagged: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 12 });
  const cover = join(folder, 'cover.jpg');
  await run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', '-frames:v', '1', cover);
  tagged = join(folder, 'tagged.flac');
  await run(
    'ffmpeg',
    '-v',
    'error',
    '-i',
    music,
    '-i',
    cover,
    '-map',
    '0:a',
    '-map',
    '1:v',
    '-c:v',
    'copy',
    '-disposition:v',
    'attached_pic',
    '-metadata',
    "title=Ünï T'itle",
    '-metadata',
    'artist=A;b',
    tagged,
  );
});

let passes = 0;

async function encodeAll(path: string, ladder: Ladder): Promise<MediaPassResult & { readonly row: JsonRow }> {
  const scratchDirectory = join(folder, `pass-${(passes += 1)}`);
  await mkdir(scratchDirectory);
  const source = await probe(path, { signal });
  const algorithm = createTranscode(ladder);
  const result = await runMediaPass({
    path,
    source,
    sinks: [],
    encodings: algorithm.encodings(source),
    scratchDirectory,
    maxDurationSeconds: 3600,
    timeoutSeconds: 100,
    signal,
  });
  if (result.loudness === undefined) throw new Error('loudness was not measured');
  const row = algorithm.finish({
    track: { trackId: path, language: undefined, source, signal },
    renditions: result.encoded.map((file) => ({ ...file, uri: `s3://media/${basename(file.path)}` })),
    loudness: result.loudness,
  });
  return { ...result, row: algorithm.present(row) };
}

/** One rendition's file. */
async function encodeOne(path: string, name: keyof typeof RENDITIONS): Promise<string> {
  const { encoded } = await encodeAll(path, [RENDITIONS[name]]);
  return encoded[0]?.path ?? '';
}

const RENDITIONS = Object.fromEntries(
  LADDER_PRESETS.full.map((encoding) => [encoding.name, encoding]),
) as Record<'aac-96' | 'aac-256' | 'mp3-128' | 'mp3-320' | 'opus-96' | 'flac', Encoding>;

describe('every rendition', () => {
  it('has the bit rate, length, sound and digest that its row says, and the same bytes every time', async () => {
    const { encoded, row } = await encodeAll(music, LADDER_PRESETS.full);
    const renditions = row.renditions as readonly Record<string, JsonValue>[];
    expect(renditions.map(({ name }) => name)).toEqual([
      'aac-96',
      'aac-256',
      'mp3-128',
      'mp3-320',
      'opus-96',
      'flac',
    ]);
    for (const [index, { encoding, path, bytes, sha256 }] of encoded.entries()) {
      const sampleRate = encoding.codec === 'opus' ? 48000 : 44100;
      expect([encoding.name, (await decode(path)).length / 2 / sampleRate]).toEqual([
        encoding.name,
        expect.closeTo(12, 1),
      ]);
      expect(renditions[index]).toMatchObject({
        uri: `s3://media/${encoding.name}.${encoding.container}`,
        codec: encoding.codec,
        container: encoding.container,
        bytes,
        sha256,
        duration_s: 12,
        upscaled: false,
      });
      expect((await readFile(path)).length).toBe(bytes);
    }
    for (const name of ['aac-96', 'mp3-128', 'mp3-320', 'opus-96'] as const) {
      const rate = renditions.find((rendition) => rendition.name === name)?.bitrate_bps as number;
      expect([name, Math.abs(rate / (RENDITIONS[name].bitrate ?? 1) - 1) < 0.05]).toEqual([name, true]);
    }
    const again = await encodeAll(music, LADDER_PRESETS.full);
    expect(again.row).toEqual(row);
  });

  it('keeps tags and cover', async () => {
    const { encoded } = await encodeAll(tagged, [
      RENDITIONS['aac-96'],
      RENDITIONS['mp3-128'],
      RENDITIONS['opus-96'],
      RENDITIONS.flac,
    ]);
    for (const { encoding, path } of encoded) {
      const report = JSON.parse(
        await run('ffprobe', '-v', 'error', '-show_format', '-show_streams', '-of', 'json', path),
      );
      const streams = report.streams as { codec_name: string; tags?: Record<string, string> }[];
      const tags = Object.fromEntries(
        Object.entries({ ...streams[0]?.tags, ...report.format.tags }).map(([key, value]) => [
          key.toLowerCase(),
          value,
        ]),
      );
      expect(tags).toMatchObject({ title: "Ünï T'itle", artist: 'A;b' });
      expect(streams.some((stream) => stream.codec_name === 'mjpeg')).toBe(encoding.codec !== 'opus');
    }
  });

  it('gets the tags of an Ogg source, which stand elsewhere', async () => {
    const ogg = await encode(folder, tagged, 'tagged.ogg', '-map', '0:a', '-c:a', 'libvorbis');
    const path = await encodeOne(ogg, 'mp3-128');
    expect(
      await run('ffprobe', '-v', 'error', '-show_entries', 'format_tags=title', '-of', 'csv=p=0', path),
    ).toContain("Ünï T'itle");
  });
});

it('m4a can start before it is loaded: its index comes first', async () => {
  const bytes = await readFile(await encodeOne(music, 'aac-96'));
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
});

describe('flac', () => {
  it.each([
    ['16 bits', 'pcm_s16le', 's16le'],
    ['24 bits', 'pcm_s24le', 's24le'],
  ])('gives back every sample of %s', async (_, codec, raw) => {
    const source = await encode(folder, music, `${codec}.wav`, '-c:a', codec, '-af', 'volume=0.7312');
    const made = await encodeOne(source, 'flac');
    const digest = (path: string): Promise<string> =>
      run('ffmpeg', '-v', 'error', '-i', path, '-map', '0:a', '-c:a', codec, '-f', 'md5', '-');
    expect(await digest(made)).toBe(await digest(source));
    expect((await probe(made, { signal })).bitsPerSample).toBe(Number(raw.slice(1, 3)));
  });
});

describe('sources that an encoder does not take as they are', () => {
  it.each([
    ['96 kHz', ['-ar', '96000'], 48000, 2],
    ['88.2 kHz', ['-ar', '88200'], 44100, 2],
    ['8 kHz mono', ['-ar', '8000', '-ac', '1'], 32000, 1],
    ['5.1', ['-af', 'pan=5.1|c0=c0|c1=c1|c2=c0|c3=c1|c4=c0|c5=c1'], 44100, 2],
    ['floats', ['-c:a', 'pcm_f32le'], 44100, 2],
  ])('%s', async (name, options, sampleRate, channels) => {
    const source = await encode(folder, music, `${name.replace(/\W/g, '-')}.wav`, '-t', '3', ...options);
    const { encoded } = await encodeAll(source, [
      RENDITIONS['mp3-320'],
      RENDITIONS['aac-96'],
      RENDITIONS['opus-96'],
      RENDITIONS.flac,
    ]);
    const [mp3, , opus, flac] = await Promise.all(encoded.map(({ path }) => probe(path, { signal })));
    expect(mp3).toMatchObject({ sampleRate, channels });
    expect(opus).toMatchObject({ sampleRate: 48000, channels });
    const { sampleRate: own, channels: ownChannels } = await probe(source, { signal });
    expect(flac).toMatchObject({ sampleRate: own, channels: ownChannels });
  });
});

describe('a lossy source is not upscaled in silence', () => {
  it('by a higher bit rate or a lossless codec', async () => {
    const mp3 = await encode(folder, music, 'lossy.mp3', '-b:a', '112k');
    const { row } = await encodeAll(mp3, [RENDITIONS['aac-96'], RENDITIONS['mp3-128'], RENDITIONS.flac]);
    const renditions = row.renditions as readonly Record<string, JsonValue>[];
    expect(renditions.map(({ upscaled }) => upscaled)).toEqual([false, true, true]);
  });
});

describe('loudness', () => {
  it('is that of EBU Tech 3341: a sine of 1 kHz at -23 dBFS in both channels is -23 LUFS', async () => {
    const sine = join(folder, 'sine.wav');
    await run(
      'ffmpeg',
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      `sine=f=1000:r=48000:d=20,volume=${8 * 10 ** (-23 / 20)},pan=stereo|c0=c0|c1=c0`,
      '-c:a',
      'pcm_s24le',
      sine,
    );
    const { row } = await encodeAll(sine, LADDER_PRESETS.flac);
    expect(row.loudness_lufs).toBeGreaterThanOrEqual(-23.2);
    expect(row.loudness_lufs).toBeLessThanOrEqual(-22.8);
    expect(row.true_peak_dbtp).toBeCloseTo(-23, 0);
    expect(row.loudness_range_lu).toBe(0);
  });

  it('of silence is none', async () => {
    const silence = await writeMusic(join(folder, 'silence.wav'), { seconds: 3, gain: 0 });
    const { row } = await encodeAll(silence, LADDER_PRESETS.flac);
    expect(row).toMatchObject({ loudness_lufs: null, loudness_range_lu: null, true_peak_dbtp: null });
  });
});

it('ladders are told apart by their digest', () => {
  const digests = Object.values(LADDER_PRESETS).map(ladderDigest);
  expect(new Set(digests).size).toBe(digests.length);
  for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{8}$/);
  expect(ladderDigest([{ ...RENDITIONS['mp3-128'], bitrate: 192_000 }])).not.toBe(
    ladderDigest([RENDITIONS['mp3-128']]),
  );
});

it('the default ladder is the standard one', async () => {
  expect(transcode.encodings(await probe(music, { signal }))).toBe(LADDER_PRESETS.standard);
});
