import type { SourceInfo } from '../algorithms/algorithm.ts';
import { TrackFailure } from '../failures.ts';
import { isLossless } from './lossless.ts';

/**
 * Seconds by which a good file may decode to less than it declares. Lossless: rounding. Lossy: what the
 * encoder put before and after the audio (up to 2,257 samples and a frame, at 8 kHz the most), which
 * some containers count and decoders drop.
 */
const LOSSLESS_TOLERANCE_SECONDS = 0.001;
const LOSSY_TOLERANCE_SECONDS = 0.25;

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
  const tolerance = isLossless(source.codec)
    ? LOSSLESS_TOLERANCE_SECONDS + 1 / source.sampleRate
    : LOSSY_TOLERANCE_SECONDS;
  if (decodedSeconds >= expected - tolerance) return;
  throw new TrackFailure(
    'decode-failed',
    `audio ends at ${seconds(decodedSeconds)} s of ${seconds(source.durationSeconds)} s declared: the file is cut short or damaged`,
  );
}

/** To a tenth; finer where that would show no difference. */
function seconds(value: number): string {
  return value.toFixed(1);
}
