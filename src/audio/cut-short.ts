/**
 * Finds out by the container's own sizes whether a file is cut short. ffmpeg decodes what is there and
 * says nothing where the container declares no duration of its own (Ogg) or where it takes the file's size
 * for the truth (WAV). What a declared duration shows is checked after decoding (see media-pass.ts).
 */
import { type FileHandle, open } from 'node:fs/promises';
import { TrackFailure } from '../failures.ts';
import {
  declaredAiffEnd,
  declaredAsfEnd,
  declaredCafEnd,
  declaredMovEnd,
  declaredWavEnd,
} from './chunk-sizes.ts';
import { findLastOggPage } from './ogg-end.ts';

/**
 * Checks the file at `path`, which ffprobe says is a `container`.
 *
 * Throws `TrackFailure('decode-failed')` if it ends before its container says it does.
 */
export async function checkNotCutShort(path: string, container: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (container === 'ogg') await checkOgg(file, size);
    else {
      const end = await declaredEnd(file, size, container);
      if (end !== undefined && size < end) {
        throw new TrackFailure(
          'decode-failed',
          `the file is cut short: it ends after ${size} of the ${end} bytes that its container declares`,
        );
      }
    }
  } finally {
    await file.close();
  }
}

async function declaredEnd(file: FileHandle, size: number, container: string): Promise<number | undefined> {
  if (container === 'wav') return declaredWavEnd(file, size);
  if (container === 'aiff') return declaredAiffEnd(file, size);
  if (container === 'caf') return declaredCafEnd(file, size);
  if (container === 'asf') return declaredAsfEnd(file);
  if (container.split(',').includes('mp4')) return declaredMovEnd(file, size);
  return undefined;
}

async function checkOgg(file: FileHandle, size: number): Promise<void> {
  const last = await findLastOggPage(file, size);
  if (last === undefined) {
    throw new TrackFailure('decode-failed', 'the file is cut short or damaged: no whole Ogg page at its end');
  }
  if (last.brokenPageFollows) {
    throw new TrackFailure('decode-failed', 'the file is cut short: its last Ogg page is not whole');
  }
  if (!last.endOfStream) {
    throw new TrackFailure(
      'decode-failed',
      'the file is cut short: its last Ogg page does not bear the end-of-stream flag',
    );
  }
}
