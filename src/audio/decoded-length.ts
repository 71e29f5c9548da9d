import type { SourceInfo } from '../algorithms/algorithm.ts';
import { TrackFailure } from '../failures.ts';
import { isLossless } from './lossless.ts';

/** Containers that count the samples of lossless audio; others round its length, or count padding (CAF of ALAC). */
const COUNTING_CONTAINERS: ReadonlySet<string> = new Set([
  'flac',
  'wav',
  'w64',
  'aiff',
  'wv',
  'tta',
  'ape',
  'tak',
]);

/** Seconds that may be missing of a length in samples: ffprobe rounds it to microseconds. */
const COUNTED_TOLERANCE_SECONDS = 0.001;
/**
 * Seconds that may be missing otherwise: what an encoder put before and after the audio, which some
 * containers count and decoders drop (2,257 samples and a frame, most at low rates).
 */
const TOLERANCE_SECONDS = 0.25;

/**
 * Compares what was decoded with what the container declares; `cutAt` is where decoding was ended on
 * purpose, if it was.
 *
 * Throws `TrackFailure('decode-failed')` where audio is missing.
 */
export function checkDecodedLength(
  source: SourceInfo,
  decodedSeconds: number,
  cutAt: number | undefined,
): void {
  if (source.durationSeconds === undefined) return;
  const expected = Math.min(source.durationSeconds, cutAt ?? Number.POSITIVE_INFINITY);
  const isCounted = COUNTING_CONTAINERS.has(source.container) && isLossless(source.codec);
  const tolerance = isCounted ? COUNTED_TOLERANCE_SECONDS + 1 / source.sampleRate : TOLERANCE_SECONDS;
  if (decodedSeconds >= expected - tolerance) return;
  throw new TrackFailure(
    'decode-failed',
    `audio ends at ${seconds(decodedSeconds)} s of ${seconds(source.durationSeconds)} s declared: the file is cut short or damaged`,
  );
}

function seconds(value: number): string {
  return value.toFixed(1);
}
