/**
 * What a track costs, in CPU seconds on one core: the measure by which shards are cut and hours estimated.
 */
import type { Algorithm, SampleAlgorithm } from '../algorithms/algorithm.ts';

/** What weighing needs to know of an algorithm. */
export type WeighedAlgorithm = Pick<Algorithm, 'input' | 'cost'> & Pick<Partial<SampleAlgorithm>, 'fromFile'>;

/** Seconds of audio that a track of unknown duration is taken for: about the mean of popular music. */
export const DEFAULT_DURATION_SECONDS = 240;

/**
 * The shared decode: CPU seconds of starting ffprobe and ffmpeg (a build with few libraries, like the images', starts
 * ten times as fast), and of each second of audio. Measured, as algorithms' costs are: `npm run bench --
 * catalogue-cost`.
 */
export const DECODE_COST: Algorithm['cost'] = { perTrackSeconds: 0.13, perAudioSecond: 0.0017 };

/** CPU seconds of one track: the shared decode, as far as anything hears it, and each algorithm's own cost. */
export function trackWeight(options: {
  /** Seconds; {@link DEFAULT_DURATION_SECONDS} where unknown. */
  readonly durationSeconds: number | undefined;
  readonly algorithms: readonly WeighedAlgorithm[];
}): number {
  return trackWeigher(options.algorithms)(options.durationSeconds);
}

/** {@link trackWeight} of many tracks for the same algorithms. */
export function trackWeigher(
  algorithms: readonly WeighedAlgorithm[],
): (durationSeconds: number | undefined) => number {
  const perTrackSeconds = algorithms.reduce((sum, { cost }) => sum + cost.perTrackSeconds, 0);
  const rates = algorithms.map(({ cost }) => cost.perAudioSecond);
  const limits = algorithms.map(({ input }) => mostSecondsTaken(input));
  const isDecoded = sharesDecode(algorithms);
  if (isDecoded) {
    rates.push(DECODE_COST.perAudioSecond);
    limits.push(Math.max(...listenersOf(algorithms).map(({ input }) => mostSecondsTaken(input))));
  }
  const fixed = perTrackSeconds + (isDecoded ? DECODE_COST.perTrackSeconds : 0);
  return (durationSeconds = DEFAULT_DURATION_SECONDS) => {
    let weight = fixed;
    for (let index = 0; index < rates.length; index += 1) {
      const limit = limits[index] as number;
      weight += (rates[index] as number) * (durationSeconds < limit ? durationSeconds : limit);
    }
    return weight;
  };
}

/** Whether a track is decoded for its algorithms: somebody hears it, and is not alone with a file that it can read. */
export function sharesDecode(algorithms: readonly WeighedAlgorithm[]): boolean {
  const [first, ...others] = listenersOf(algorithms);
  return first !== undefined && (others.length > 0 || first.fromFile === undefined);
}

function listenersOf(algorithms: readonly WeighedAlgorithm[]): readonly WeighedAlgorithm[] {
  return algorithms.filter(({ input }) => input.kind !== 'lyrics');
}

/** How much of a track an algorithm hears: its beginning alone, where it says so. */
export function audioSecondsTaken(input: WeighedAlgorithm['input'], durationSeconds: number): number {
  return Math.min(durationSeconds, mostSecondsTaken(input));
}

/** The most seconds of a track that an algorithm hears; infinite where it hears all. */
export function mostSecondsTaken(input: WeighedAlgorithm['input']): number {
  return input.kind === 'samples' ? (input.maxSeconds ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
}
