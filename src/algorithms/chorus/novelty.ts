import { type BeatFeatures } from './beat-features.ts';
import { TIMBRE_COUNT } from './features.ts';
import { RunningSum } from './running-sum.ts';
import type { SelfSimilarity } from './self-similarity.ts';

/** Beats looked at on either side for what repeats, and for timbre. */
const STRUCTURE_BEATS = 16;
const TIMBRE_BEATS = 8;
/** Likeness along a diagonal that is no repetition yet. */
const REPETITION_FLOOR = 0.25;

/**
 * How much changes at each span in where the music comes back: the set of lags at which the beats before
 * it repeat, against that of the beats after it. (After the structure features of J. Serrà and others, IEEE
 * Trans. Multimedia 2014, with a box for their Gaussian.) In standard deviations.
 */
export function structureNovelty(spans: BeatFeatures, harmony: SelfSimilarity): Float32Array {
  const { count } = spans;
  const width = Math.max(2, Math.round(STRUCTURE_BEATS / spans.beatsPerSpan));
  const shortest = Math.max(1, width / 4);
  const novelty = new Float32Array(count);
  for (let at = shortest; at < count - shortest; at++) {
    const before = Math.min(width, at);
    const after = Math.min(width, count - at);
    let squares = 0;
    for (let other = 0; other < count; other++) {
      if (Math.abs(other - at) < width / 2) continue;
      const past = Math.min(before, other);
      const coming = Math.min(after, count - other);
      const came =
        past >= shortest
          ? Math.max(REPETITION_FLOOR, harmony.along(at - past, other - past, past))
          : REPETITION_FLOOR;
      const comes =
        coming >= shortest ? Math.max(REPETITION_FLOOR, harmony.along(at, other, coming)) : REPETITION_FLOOR;
      squares += (comes - came) ** 2;
    }
    novelty[at] = Math.sqrt(squares);
  }
  return standardise(novelty);
}

/** How much the timbre (loudness included) changes at each span, in standard deviations. */
export function timbreNovelty(spans: BeatFeatures): Float32Array {
  const width = Math.max(1, Math.round(TIMBRE_BEATS / spans.beatsPerSpan));
  const means = new RunningSum(spans.timbre, TIMBRE_COUNT);
  const novelty = new Float32Array(spans.count);
  for (let at = 2; at < spans.count - 2; at++) {
    let squares = 0;
    for (let band = 0; band < TIMBRE_COUNT; band++) {
      squares += (means.mean(at, at + width, band) - means.mean(at - width, at, band)) ** 2;
    }
    novelty[at] = Math.sqrt(squares);
  }
  return standardise(novelty);
}

function standardise(values: Float32Array): Float32Array {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}
