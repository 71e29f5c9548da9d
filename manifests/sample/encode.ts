import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dawnCover } from './cover.ts';
import type { AudioFile, Song } from './song.ts';

const run = promisify(execFile);

/** Encoder of each format. */
const ENCODERS: Readonly<Record<AudioFile['format'], readonly string[]>> = {
  mp3: ['-c:a', 'libmp3lame'],
  ogg: ['-c:a', 'libvorbis'],
  m4a: ['-c:a', 'aac', '-movflags', '+faststart'],
  opus: ['-c:a', 'libopus'],
  flac: ['-c:a', 'flac', '-sample_fmt', 's16', '-compression_level', '12'],
  wav: ['-c:a', 'pcm_s16le'],
};
/** The muxer where the name of the format is not its name. */
const MUXERS: Partial<Record<AudioFile['format'], string>> = { m4a: 'ipod', opus: 'ogg' };

/**
 * Encodes a song's channels (full scale at +-1) with the ffmpeg on PATH. `bitexact` keeps dates, versions and random serial numbers
 * out, so that the same ffmpeg makes the same file.
 */
export async function encode(song: Song, channels: readonly Float32Array[], target: string): Promise<void> {
  const { format, sampleRate, kilobits, tagged } = song.audio;
  const scratch = await mkdtemp(join(tmpdir(), 'sample-'));
  try {
    const raw = join(scratch, 'sound.f32');
    await writeFile(raw, interleave(channels));
    const input = ['-f', 'f32le', '-ar', String(sampleRate), '-ac', String(channels.length), '-i', raw];
    const tags: string[] = [];
    if (tagged === true) {
      const cover = dawnCover();
      const picture = join(scratch, 'cover.rgb');
      await writeFile(picture, cover.rgb);
      const size = `${cover.side}x${cover.side}`;
      input.push('-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', size, '-i', picture);
      tags.push('-map', '0:a', '-map', '1:v', '-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj420p');
      tags.push('-disposition:v', 'attached_pic', '-metadata:s:v', 'comment=Cover (front)');
      tags.push(
        '-metadata',
        `title=${song.title}`,
        '-metadata',
        `artist=${song.artist}`,
        '-id3v2_version',
        '3',
      );
    }
    const bitrate = kilobits === undefined ? [] : ['-b:a', `${kilobits}k`];
    const bitexact = ['-flags', '+bitexact', '-fflags', '+bitexact'];
    const output = [...ENCODERS[format], ...bitrate, ...bitexact, '-f', MUXERS[format] ?? format, target];
    await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...input, ...tags, ...output]);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** 32-bit floats, frame by frame. */
function interleave(channels: readonly Float32Array[]): Uint8Array {
  const frames = channels[0]?.length ?? 0;
  const samples = new Float32Array(frames * channels.length);
  for (const [index, channel] of channels.entries()) {
    for (let i = 0; i < frames; i++) samples[i * channels.length + index] = channel[i] ?? 0;
  }
  return new Uint8Array(samples.buffer);
}
