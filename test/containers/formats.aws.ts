import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasEngine, runContainer } from './docker.ts';

/** File names with the encoder's options; what this machine's ffmpeg makes, any worker has to read. */
const FORMATS: readonly (readonly [name: string, ...options: string[]])[] = [
  ['pcm-24.wav', '-c:a', 'pcm_s24le'],
  ['float.wav', '-c:a', 'pcm_f32le'],
  ['adpcm.wav', '-c:a', 'adpcm_ms'],
  ['mu-law.au', '-c:a', 'pcm_mulaw'],
  ['pcm.aiff'],
  ['alac.caf', '-c:a', 'alac'],
  ['alac.m4a', '-c:a', 'alac'],
  ['aac.m4a', '-c:a', 'aac'],
  ['aac.aac', '-c:a', 'aac'],
  ['lame.mp3', '-c:a', 'libmp3lame', '-q:a', '3'],
  ['layer-2.mp2', '-c:a', 'mp2'],
  ['vorbis.ogg', '-c:a', 'libvorbis'],
  ['opus.opus', '-c:a', 'libopus'],
  ['speex.spx', '-c:a', 'libspeex', '-ar', '16000', '-ac', '1'],
  ['flac.flac'],
  ['flac.ogg', '-c:a', 'flac'],
  ['wavpack.wv', '-c:a', 'wavpack'],
  ['true-audio.tta', '-c:a', 'tta'],
  ['windows.wma', '-c:a', 'wmav2'],
  ['dolby.ac3', '-c:a', 'ac3'],
  ['dolby-plus.eac3', '-c:a', 'eac3'],
  ['dts.dts', '-c:a', 'dca', '-strict', '-2'],
  ['opus.mka', '-c:a', 'libopus'],
  ['vorbis.webm', '-c:a', 'libvorbis'],
  ['flash.flv', '-c:a', 'libmp3lame'],
  ['transport.ts', '-c:a', 'aac'],
  ['program.mpg', '-c:a', 'mp2'],
];

describe.runIf(hasEngine)("the images' ffmpeg", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
    await chmod(folder, 0o777);
    const tones = "aevalsrc='0.4*sin(2*PI*(220+40*t)*t)|0.3*sin(2*PI*659*t)':s=44100:d=3";
    for (const [name, ...options] of FORMATS) {
      await ffmpeg('-y', '-f', 'lavfi', '-i', tones, ...options, join(folder, name));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(FORMATS)("decodes %s to the bits of this machine's", async (name) => {
    // biome-ignore format: options with their values
    const args = (to: string) => [
      '-nostdin', '-v', 'error', '-i', `file:${join(folder, name)}`,
      '-map', '0:a:0', '-f', 's16le', '-c:a', 'pcm_s16le', `file:${join(folder, to)}`,
    ];
    const { code, stderr } = await runContainer(
      'all',
      args('inside'),
      [folder],
      ['--entrypoint', '/usr/bin/ffmpeg'],
    );
    expect(code, stderr).toBe(0);
    await ffmpeg(...args('outside'));
    const [inside, outside] = [
      await readFile(join(folder, 'inside')),
      await readFile(join(folder, 'outside')),
    ];
    expect(outside.length).toBeGreaterThan(0);
    expect(inside.equals(outside)).toBe(true);
    await Promise.all([rm(join(folder, 'inside')), rm(join(folder, 'outside'))]);
  });
});

async function ffmpeg(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...args]);
}
