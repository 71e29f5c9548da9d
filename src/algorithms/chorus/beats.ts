import { ONSET_RATE } from './features.ts';

/** Beat periods are sought in one octave (75 to 150 beats a minute), so that a beat is a like unit in every song. */
const SHORTEST_PERIOD_S = 0.4;
const LONGEST_PERIOD_S = 0.8;
/** How strongly beats keep to the period: the `alpha` of Ellis 2007. */
const TIGHTNESS = 100;

/**
 * Beat times in seconds, ascending: the tempo by autocorrelation of the onset strengths, the beats by
 * dynamic programming (D. Ellis, "Beat tracking by dynamic programming", JNMR 2007). Where nothing
 * pulses they fall back to an even grid.
 *
 * @param onsets onset strengths, {@link ONSET_RATE} a second
 */
export function trackBeats(onsets: Float32Array): Float64Array {
  const strengths = standardise(onsets);
  const period = beatPeriod(strengths);
  const { scores, previous } = bestChains(strengths, period);

  // The last beat: the best chain that ends within the last period.
  let beat = strengths.length - 1;
  for (let i = Math.max(0, strengths.length - Math.ceil(period)); i < strengths.length; i++) {
    if ((scores[i] as number) > (scores[beat] as number)) beat = i;
  }
  const beats: number[] = [];
  while (beat >= 0) {
    beats.push(beat / ONSET_RATE);
    beat = previous[beat] as number;
  }
  return Float64Array.from(beats.toReversed());
}

/** Removes the local mean (2 s) and scales to unit deviation; what is left below zero is no onset. */
function standardise(onsets: Float32Array): Float32Array {
  const radius = Math.round(ONSET_RATE);
  const result = new Float32Array(onsets.length);
  let sum = 0;
  for (let i = 0; i < Math.min(radius, onsets.length); i++) sum += onsets[i] as number;
  let squares = 0;
  for (let i = 0; i < onsets.length; i++) {
    sum += onsets[i + radius] ?? 0;
    sum -= onsets[i - radius - 1] ?? 0;
    const width = Math.min(i + radius, onsets.length - 1) - Math.max(i - radius, 0) + 1;
    const excess = Math.max(0, (onsets[i] as number) - sum / width);
    result[i] = excess;
    squares += excess * excess;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares / onsets.length) : 0;
  return result.map((value) => value * scale);
}

/** The period in onset frames, with a fraction. */
function beatPeriod(strengths: Float32Array): number {
  const shortest = Math.round(SHORTEST_PERIOD_S * ONSET_RATE);
  const longest = Math.round(LONGEST_PERIOD_S * ONSET_RATE);
  const correlation = new Float64Array(4 * longest + 3);
  for (let lag = shortest - 1; lag < correlation.length; lag++) {
    let sum = 0;
    for (let i = lag; i < strengths.length; i++) {
      sum += (strengths[i] as number) * (strengths[i - lag] as number);
    }
    correlation[lag] = sum;
  }
  const at = (lag: number): number => {
    const whole = Math.floor(lag);
    const fraction = lag - whole;
    return (correlation[whole] ?? 0) * (1 - fraction) + (correlation[whole + 1] ?? 0) * fraction;
  };
  let best = (shortest + longest) / 2;
  let bestStrength = 0;
  for (let period = shortest; period < longest; period += 0.125) {
    // A beat's multiples correlate as well: bars of two and of four.
    const strength = at(period) + at(2 * period) + at(4 * period);
    if (strength > bestStrength) {
      best = period;
      bestStrength = strength;
    }
  }
  return best;
}

function bestChains(strengths: Float32Array, period: number): { scores: Float32Array; previous: Int32Array } {
  const nearest = Math.round(period / 2);
  const farthest = Math.round(2 * period);
  const penalties = Float64Array.from({ length: farthest + 1 }, (_, gap) =>
    gap < nearest ? 0 : -TIGHTNESS * Math.log(gap / period) ** 2,
  );
  const scores = new Float32Array(strengths.length);
  const previous = new Int32Array(strengths.length).fill(-1);
  for (let i = 0; i < strengths.length; i++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let gap = nearest; gap <= Math.min(farthest, i); gap++) {
      const score = (scores[i - gap] as number) + (penalties[gap] as number);
      if (score > best) {
        best = score;
        previous[i] = i - gap;
      }
    }
    scores[i] = (strengths[i] as number) + Math.max(best, 0);
    if (best < 0) previous[i] = -1;
  }
  return { scores, previous };
}
