/** Makes wrecked files: with ffmpeg where they are media, byte by byte where they are not. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MOVING_PICTURE = ['-f', 'lavfi', '-i', 'color=c=teal:s=64x64:r=10:d=4'];
/** One frame. */
const STILL_PICTURE = ['-f', 'lavfi', '-i', 'color=c=teal:s=64x64:r=10:d=0.1'];

async function ffmpeg(args: readonly string[], target: string): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, target]);
}

/** The first half of a file, cut wherever that falls. */
export async function writeFirstHalf(source: string, target: string): Promise<void> {
  const bytes = await readFile(source);
  await writeFile(target, bytes.subarray(0, Math.floor(bytes.length / 2)));
}

/** A WAV of 50 ms. */
export async function writeBlip(target: string): Promise<void> {
  await ffmpeg(['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=0.05'], target);
}

/** 30 s of digital silence. */
export async function writeSilence(target: string): Promise<void> {
  await ffmpeg(['-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=stereo', '-t', '30'], target);
}

/** A video without sound. */
export async function writeSoundless(target: string): Promise<void> {
  await ffmpeg([...MOVING_PICTURE, '-c:v', 'mpeg4'], target);
}

/** A film with the sound of `source`; its first stream is the picture. */
export async function writeFilm(source: string, target: string): Promise<void> {
  const codecs = ['-c:v', 'mpeg4', '-c:a', 'aac', '-b:a', '96k'];
  await ffmpeg([...MOVING_PICTURE, '-i', source, '-map', '0:v', '-map', '1:a', ...codecs], target);
}

/** An MP3 with the sound of `source`, written with its JPEG cover before the sound. */
export async function writeCovered(source: string, target: string): Promise<void> {
  const cover = ['-map', '0:v', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'];
  const sound = ['-map', '1:a', '-c:a', 'libmp3lame', '-b:a', '96k'];
  await ffmpeg(
    [...STILL_PICTURE, '-i', source, ...cover, ...sound, '-disposition:v', 'attached_pic'],
    target,
  );
}

/** Makes a named pipe that nobody writes to: who opens it to read waits for ever. */
export async function makeFifo(target: string): Promise<void> {
  await run('mkfifo', [target]);
}

/** Playlists and scripts that ask a demuxer to open something else: what each says, by its extension. */
export function lures(port: number): Readonly<Record<'local' | 'remote' | 'script', Lure>> {
  const playlist = (uri: string): string =>
    ['#EXTM3U', '#EXT-X-TARGETDURATION:10', '#EXTINF:10,', uri, '#EXT-X-ENDLIST', ''].join('\n');
  return {
    local: { extension: 'm3u8', text: playlist('file:///etc/passwd') },
    remote: { extension: 'm3u8', text: playlist(`http://127.0.0.1:${port}/segment.ts`) },
    script: { extension: 'ffconcat', text: 'ffconcat version 1.0\nfile /etc/passwd\n' },
  };
}

interface Lure {
  readonly extension: string;
  readonly text: string;
}

/** Bytes that are text in no encoding: a PNG's signature, then every byte value with NULs between. */
export function binaryBytes(): Uint8Array {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  return Uint8Array.from([
    ...signature,
    ...Array.from({ length: 2048 }, (_, i) => (i % 3 === 0 ? 0 : i & 0xff)),
  ]);
}
