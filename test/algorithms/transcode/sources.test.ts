import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../../src/audio/probe.ts';
import { decode, encode, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';
import { encodeAll, RENDITIONS } from './encode-all.ts';

const SECONDS = 2;
const LADDER = [RENDITIONS['aac-96'], RENDITIONS['mp3-128'], RENDITIONS['opus-96'], RENDITIONS.flac];
const folder = scratchFolder();
const { signal } = new AbortController();
let music: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: SECONDS, channels: 8, gain: 0.9 });
});

/** A mix whose every channel is one of those of the music. */
function layout(name: string, channels: number): readonly string[] {
  const list = Array.from({ length: channels }, (_, index) => `c${index}=c${index % 8}`);
  return ['-af', `pan=${name}|${list.join('|')}`];
}

const STEREO = layout('stereo', 2);

/** File names with the options of ffmpeg that make them, and the rate and channels of their renditions. */
const SOURCES: readonly (readonly [name: string, options: readonly string[], lossy: string, flac: string])[] =
  [
    ['8k-mono.wav', [...layout('mono', 1), '-ar', '8000'], '16000/1 24000/1 48000/1', '8000/1'],
    ['11025.wav', [...STEREO, '-ar', '11025'], '16000/2 12000/2 48000/2', '11025/2'],
    ['37800.wav', [...STEREO, '-ar', '37800'], '44100/2 44100/2 48000/2', '37800/2'],
    ['50k.wav', [...STEREO, '-ar', '50000'], '48000/2 48000/2 48000/2', '50000/2'],
    ['88200.flac', [...STEREO, '-ar', '88200'], '44100/2 44100/2 48000/2', '88200/2'],
    ['192k.flac', [...STEREO, '-ar', '192000', '-sample_fmt', 's32'], '48000/2 48000/2 48000/2', '192000/2'],
    ['u8.wav', [...STEREO, '-c:a', 'pcm_u8'], '44100/2 44100/2 48000/2', '44100/2'],
    ['float.w64', [...STEREO, '-c:a', 'pcm_f32le'], '44100/2 44100/2 48000/2', '44100/2'],
    ['double.wav', [...STEREO, '-c:a', 'pcm_f64le'], '44100/2 44100/2 48000/2', '44100/2'],
    ['24.aiff', [...STEREO, '-c:a', 'pcm_s24be'], '44100/2 44100/2 48000/2', '44100/2'],
    ['alac.caf', [...STEREO, '-c:a', 'alac'], '44100/2 44100/2 48000/2', '44100/2'],
    ['surround.m4a', [...layout('5.1', 6), '-c:a', 'alac'], '44100/2 44100/2 48000/2', '44100/6'],
    ['windows.wma', [...STEREO, '-c:a', 'wmav2'], '44100/2 44100/2 48000/2', '44100/2'],
    ['wavpack.wv', [...STEREO, '-c:a', 'wavpack'], '44100/2 44100/2 48000/2', '44100/2'],
    ['true.tta', [...STEREO, '-c:a', 'tta'], '44100/2 44100/2 48000/2', '44100/2'],
    ['dolby.ac3', [...layout('5.1', 6), '-ar', '48000'], '48000/2 48000/2 48000/2', '48000/6'],
    ['adts.aac', [...STEREO, '-c:a', 'aac'], '44100/2 44100/2 48000/2', '44100/2'],
    [
      'speex.spx',
      [...layout('mono', 1), '-ar', '16000', '-c:a', 'libspeex'],
      '16000/1 24000/1 48000/1',
      '16000/1',
    ],
    ['opus.webm', [...STEREO, '-c:a', 'libopus'], '48000/2 48000/2 48000/2', '48000/2'],
    ['2.1.wav', layout('2.1', 3), '44100/2 44100/2 48000/2', '44100/3'],
    ['quad.wav', layout('quad', 4), '44100/2 44100/2 48000/2', '44100/4'],
    ['6.1.wav', layout('6.1', 7), '44100/2 44100/2 48000/2', '44100/7'],
    ['7.1.flac', layout('7.1', 8), '44100/2 44100/2 48000/2', '44100/8'],
    ['unknown-6.au', layout('6c', 6), '44100/2 44100/2 48000/2', '44100/6'],
    ['unknown-16.wav', layout('16c', 16), '44100/2 44100/2 48000/2', '44100/2'],
  ];

describe('every rendition can be played, and lasts as long as its source', () => {
  it.each(SOURCES)('%s', async (name, options, lossy, lossless) => {
    const path = await encode(folder, music, name, ...options);
    const { encoded, durationSeconds, source } = await encodeAll(path, LADDER);
    const frames = (await decode(path)).length / source.channels;
    expect(durationSeconds).toBeCloseTo(frames / source.sampleRate, 6);
    const layouts: Record<string, string> = {};
    for (const { encoding, path: made } of encoded) {
      const { sampleRate, channels } = await probe(made, { signal });
      layouts[encoding.codec] = `${sampleRate}/${channels}`;
      const missing = (await decode(made)).length / channels - durationSeconds * sampleRate;
      // ffmpeg leaves out what comes before the audio of an m4a, and plays its last frame whole: see gapless.test.ts.
      const most = encoding.codec === 'aac' ? 1024 : sampleRate / 1000;
      expect([encoding.name, missing > -sampleRate / 1000 && missing <= most]).toEqual([encoding.name, true]);
    }
    expect(`${layouts.mp3} ${layouts.aac} ${layouts.opus}`).toBe(lossy);
    expect(layouts.flac).toBe(lossless);
  });
});

it.each([
  ['5.1', 6],
  ['7.1', 8],
  ['quad', 4],
])('mixing %s down never exceeds full scale', async (name, channels) => {
  // Every channel as loud as can be and in phase, but for what codecs add: the worst that a mix can meet.
  const tone = await encode(
    folder,
    music,
    `loud-${name}.wav`,
    '-af',
    `aeval=${Array.from({ length: channels }, () => '0.85*sin(2*PI*440*t)').join('|')}:c=${name}`,
    '-c:a',
    'pcm_f32le',
  );
  const { encoded } = await encodeAll(tone, [RENDITIONS['mp3-320'], RENDITIONS['opus-96']]);
  for (const { encoding, path } of encoded) {
    const samples = await decode(path);
    const clipped = samples.filter((sample) => Math.abs(sample) >= 32767).length;
    expect([encoding.name, clipped]).toEqual([encoding.name, 0]);
    expect(samples.some((sample) => sample > 20_000)).toBe(true);
  }
});

it('channels that can not be mixed for want of a layout are said to be the reason', async () => {
  const ten = await writeMusic(join(folder, 'ten.wav'), { seconds: 1, channels: 10 });
  await expect(encodeAll(ten, LADDER)).rejects.toMatchObject({
    code: 'encode-failed',
    message: expect.stringContaining('Rematrix is needed between 10 channels and stereo'),
  });
});
