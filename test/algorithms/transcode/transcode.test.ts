import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LADDER_PRESETS, ladderDigest } from '../../../src/algorithms/transcode/ladder.ts';
import { transcode } from '../../../src/algorithms/transcode/transcode.ts';
import { probe } from '../../../src/audio/probe.ts';
import type { JsonValue } from '../../../src/results/columns.ts';
import { decode, encode, run, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';
import { encodeAll, encodeOne, RENDITIONS } from './encode-all.ts';

const folder = scratchFolder();
const { signal } = new AbortController();
let music: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 12 });
});

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
});

describe('bit rates', () => {
  it('of one channel are those of two', async () => {
    const mono = await encode(folder, music, 'mono.wav', '-ac', '1');
    const ladder = [
      RENDITIONS['aac-96'],
      RENDITIONS['mp3-128'],
      RENDITIONS['mp3-320'],
      RENDITIONS['opus-96'],
    ];
    const { encoded } = await encodeAll(mono, ladder);
    for (const { encoding, bitrate } of encoded) {
      const isNear = Math.abs(bitrate / (encoding.bitrate ?? 0) - 1) < 0.05;
      expect([encoding.name, Math.round(bitrate), isNear]).toEqual([
        encoding.name,
        Math.round(bitrate),
        true,
      ]);
    }
  });

  it('at the ends of what a ladder may ask for are taken by every encoder', async () => {
    const ladder = [16_000, 512_000].map((bitrate) => ({ codec: 'aac', container: 'm4a', bitrate }) as const);
    const opus = [6000, 510_000].map((bitrate) => ({ codec: 'opus', container: 'ogg', bitrate }) as const);
    const mp3 = [32_000, 320_000].map((bitrate) => ({ codec: 'mp3', container: 'mp3', bitrate }) as const);
    const named = [...ladder, ...opus, ...mp3].map((encoding) => ({
      ...encoding,
      name: `${encoding.codec}-${encoding.bitrate}`,
    }));
    for (const [rate, channels] of [
      ['8000', '1'],
      ['192000', '2'],
    ] as const) {
      const source = await encode(folder, music, `${rate}.wav`, '-t', '1', '-ar', rate, '-ac', channels);
      const { encoded } = await encodeAll(source, named);
      expect(encoded.map(({ durationSeconds }) => durationSeconds)).toEqual(named.map(() => 1));
    }
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

describe('a lossy source is not upscaled in silence', () => {
  it.each([
    ['lossy.mp3', ['-b:a', '112k'], [false, true, true]],
    ['small.opus', ['-c:a', 'libopus', '-b:a', '32k'], [true, true, true]],
    ['large.m4a', ['-c:a', 'aac', '-b:a', '256k'], [false, false, true]],
    ['lossless.m4a', ['-c:a', 'alac'], [false, false, false]],
    ['mu-law.wav', ['-c:a', 'pcm_mulaw'], [false, false, true]],
  ])('%s', async (name, options, upscaled) => {
    const source = await encode(folder, music, name, ...options);
    const { row } = await encodeAll(source, [RENDITIONS['aac-96'], RENDITIONS['mp3-128'], RENDITIONS.flac]);
    const renditions = row.renditions as readonly Record<string, JsonValue>[];
    expect(renditions.map((rendition) => rendition.upscaled)).toEqual(upscaled);
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
