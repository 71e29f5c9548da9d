/**
 * What a track costs, in CPU seconds on one core: the measure by which shards are cut and hours estimated.
 */
import type { Algorithm } from '../algorithms/algorithm.ts';

/** What weighing needs to know of an algorithm. */
export type WeighedAlgorithm = Pick<Algorithm, 'input' | 'cost'>;

/** Seconds of audio that a track of unknown duration is taken for: about the mean of popular music. */
export const DEFAULT_DURATION_SECONDS = 240;

/** CPU seconds to decode a second of audio, once for all algorithms. */
const DECODE_PER_AUDIO_SECOND = 0.002;
/** CPU seconds to start a decoder. */
const DECODE_PER_TRACK = 0.1;

/** CPU seconds of one track: the shared decode, if anything hears it, and each algorithm's own cost. */
export function trackWeight(options: {
  /** Seconds; {@link DEFAULT_DURATION_SECONDS} where unknown. */
  readonly durationSeconds: number | undefined;
  readonly algorithms: readonly WeighedAlgorithm[];
}): number {
  const { durationSeconds = DEFAULT_DURATION_SECONDS, algorithms } = options;
  let weight = 0;
  let isHeard = false;
  for (const { input, cost } of algorithms) {
    isHeard ||= input.kind !== 'lyrics';
    weight += cost.perTrackSeconds + cost.perAudioSecond * audioSecondsTaken(input, durationSeconds);
  }
  return isHeard ? weight + DECODE_PER_TRACK + DECODE_PER_AUDIO_SECOND * durationSeconds : weight;
}

function audioSecondsTaken(input: WeighedAlgorithm['input'], durationSeconds: number): number {
  if (input.kind !== 'samples' || input.maxSeconds === undefined) return durationSeconds;
  return Math.min(durationSeconds, input.maxSeconds);
}
