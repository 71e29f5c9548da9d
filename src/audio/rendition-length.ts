import { type FileHandle, open } from 'node:fs/promises';
import type { Encoding } from '../algorithms/algorithm.ts';
import { declaredMovLength } from './chunk-sizes.ts';
import { readMp3Length } from './mp3-frames.ts';
import { readOggLength } from './ogg-length.ts';

/** Where a FLAC file's STREAMINFO tells its rate (20 bits) and, after 8 other bits, its samples (36): RFC 9639, 8.2. */
const STREAMINFO_RATE_OFFSET = 18;

/**
 * Seconds of a file that we have encoded, as its own container counts them: encoder delay and padding are among
 * them in MP3 and Ogg. Undefined where it is not a whole file of its kind. (ffprobe says the same, and takes 50 ms.)
 */
export async function readRenditionLength(
  path: string,
  container: Encoding['container'],
): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    switch (container) {
      case 'm4a':
        return await declaredMovLength(file, size);
      case 'mp3':
        return await readMp3Length(file, size, Number.POSITIVE_INFINITY);
      case 'ogg':
        return await readOggLength(file, size);
      case 'flac':
        return await readFlacLength(file);
    }
  } finally {
    await file.close();
  }
}

async function readFlacLength(file: FileHandle): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(26), 0, 26, 0);
  if (buffer.toString('latin1', 0, 4) !== 'fLaC') return undefined;
  const bits = buffer.readBigUInt64BE(STREAMINFO_RATE_OFFSET);
  const [sampleRate, samples] = [Number(bits >> 44n), Number(bits & 0xfffffffffn)];
  return sampleRate === 0 ? undefined : samples / sampleRate;
}
