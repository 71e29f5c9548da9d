import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { LADDER_PRESETS } from '../../../src/algorithms/transcode/ladder.ts';
import { encode, run, writeMusic } from '../../audio/make-audio.ts';
import { scratchFolder } from '../../audio/scratch.ts';
import { encodeAll, RENDITIONS } from './encode-all.ts';

const folder = scratchFolder();
let music: string;

beforeAll(async () => {
  music = await writeMusic(join(folder, 'music.wav'), { seconds: 8 });
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

  it.each([
    ['mono.flac', ['-ac', '1']],
    ['5.1.wav', ['-af', 'pan=5.1|c0=c0|c1=c1|c2=0.5*c0|c3=c1|c4=0.7*c0|c5=0.7*c1', '-c:a', 'pcm_s24le']],
    ['unknown-layout.au', ['-af', 'pan=6c|c0=c0|c1=c1|c2=0.5*c0|c3=c1|c4=0.7*c0|c5=0.7*c1']],
    ['8k.wav', ['-ar', '8000']],
    ['192k.flac', ['-ar', '192000']],
    ['over.wav', ['-af', 'volume=9dB', '-c:a', 'pcm_f32le']],
    ['quiet.wav', ['-af', 'volume=-50dB', '-c:a', 'pcm_s24le']],
    ['lossy.mp3', ['-b:a', '64k']],
    ['short.wav', ['-t', '0.2']],
  ])("is that of ffmpeg's meter: %s", async (name, options) => {
    const source = await encode(folder, music, name, ...options);
    const { row } = await encodeAll(source, [RENDITIONS['opus-96']]);
    const meter = await ebur128(source);
    expect([row.loudness_lufs, row.loudness_range_lu, row.true_peak_dbtp]).toEqual(meter);
  });

  it('of silence is none', async () => {
    const silence = await writeMusic(join(folder, 'silence.wav'), { seconds: 3, gain: 0 });
    const { row } = await encodeAll(silence, LADDER_PRESETS.flac);
    expect(row).toMatchObject({ loudness_lufs: null, loudness_range_lu: null, true_peak_dbtp: null });
  });
});

/** Loudness, range and true peak by ffmpeg's filter in a run of its own; null where it tells none. */
async function ebur128(path: string): Promise<readonly (number | null)[]> {
  // biome-ignore format: options with their values
  const { stderr } = await promisify(execFile)('ffmpeg', [
    '-nostdin', '-hide_banner', '-nostats', '-i', path, '-map', '0:a:0',
    '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-',
  ]);
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const figures = [/I: +(\S+) LUFS/, /LRA: +(\S+) LU\n/, /Peak: +(\S+) dBFS/].map((pattern) =>
    Number(pattern.exec(summary)?.[1]),
  );
  return figures[0] === -70 ? [null, null, figures[2] ?? null] : figures;
}
