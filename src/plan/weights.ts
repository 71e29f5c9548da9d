/**
 * What a track costs, in CPU seconds on one core: the measure by which shards are cut and hours estimated.
 */
import type { Algorithm } from '../algorithms/algorithm.ts';

/** What weighing needs to know of an algorithm. */
export type WeighedAlgorithm = Pick<Algorithm, 'input' | 'cost'>;

/** Seconds of audio that a track of unknown duration is taken for: about the mean of popular music. */
export const DEFAULT_DURATION_SECONDS = 240;

/**
 * The shared decode: CPU seconds of starting ffprobe and ffmpeg (a build with few libraries, like the images', starts
 * ten times as fast), and of each second of audio. Measured, as algorithms' costs are: `npm run bench --
 * catalogue-cost`.
 */
export const DECODE_COST: Algorithm['cost'] = { perTrackSeconds: 0.1, perAudioSecond: 0.002 };

/** CPU seconds of one track: the shared decode, as far as anything hears it, and each algorithm's own cost. */
export function trackWeight(options: {
  /** Seconds; {@link DEFAULT_DURATION_SECONDS} where unknown. */
  readonly durationSeconds: number | undefined;
  readonly algorithms: readonly WeighedAlgorithm[];
}): number {
  const { durationSeconds = DEFAULT_DURATION_SECONDS, algorithms } = options;
  let weight = 0;
  let heardSeconds: number | undefined;
  for (const { input, cost } of algorithms) {
    const taken = audioSecondsTaken(input, durationSeconds);
    weight += cost.perTrackSeconds + cost.perAudioSecond * taken;
    if (input.kind !== 'lyrics') heardSeconds = Math.max(heardSeconds ?? 0, taken);
  }
  if (heardSeconds === undefined) return weight;
  return weight + DECODE_COST.perTrackSeconds + DECODE_COST.perAudioSecond * heardSeconds;
}

/** How much of a track an algorithm hears: its beginning alone, where it says so. */
export function audioSecondsTaken(input: WeighedAlgorithm['input'], durationSeconds: number): number {
  return Math.min(durationSeconds, mostSecondsTaken(input));
}

/** The most seconds of a track that an algorithm hears; infinite where it hears all. */
export function mostSecondsTaken(input: WeighedAlgorithm['input']): number {
  return input.kind === 'samples' ? (input.maxSeconds ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
}
