import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode, encode, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';
import { encodeOne } from './encode-all.ts';

/** Ends in the middle of a frame of every codec. */
const FRAMES = 44100 + 1234;
const folder = scratchFolder();
let music: string;

beforeAll(async () => {
  const longer = await writeMusic(join(folder, 'longer.wav'), { seconds: 2 });
  music = await encode(folder, longer, 'music.wav', '-af', `atrim=end_sample=${FRAMES}`);
});

describe('a player plays the samples of the source, and no more', () => {
  it.each(['mp3-128', 'mp3-320', 'flac'] as const)('%s', async (name) => {
    expect((await decode(await encodeOne(music, name))).length / 2).toBe(FRAMES);
  });

  it('opus, at its own rate', async () => {
    const frames = (await decode(await encodeOne(music, 'opus-96'))).length / 2;
    expect(Math.abs(frames - (FRAMES * 48000) / 44100)).toBeLessThanOrEqual(1);
  });

  it.each([
    ['aac-96', '44100'],
    ['aac-256', '48000'],
  ] as const)('%s, by its edit list, to the sample: %s Hz', async (name, rate) => {
    const source = await encode(folder, music, `${rate}.wav`, '-ar', rate);
    const frames = (await decode(source)).length / 2;
    const file = await readFile(await encodeOne(source, name));
    // ISO/IEC 14496-12: 8.2.2 (movie header), 8.6.6 (edit list), 8.4.2 (media header), all of version 0.
    const [movie, edits, media] = ['mvhd', 'elst', 'mdhd'].map((box) => file.subarray(file.indexOf(box) + 4));
    expect(movie?.readUInt32BE(12)).toBe(Number(rate));
    expect(edits?.readUInt32BE(4)).toBe(1);
    const [duration = 0, start = 0] = [edits?.readUInt32BE(8), edits?.readUInt32BE(12)];
    expect(duration).toBe(frames);
    // The encoder's delay is skipped, and the media ends where the edit does.
    expect(start).toBe(1024);
    expect(media?.readUInt32BE(16)).toBe(start + duration);
  });
});
