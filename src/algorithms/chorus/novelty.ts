import { type BeatFeatures } from './beat-features.ts';
import { TIMBRE_COUNT } from './features.ts';
import { RunningSum } from './running-sum.ts';
import type { SelfSimilarity } from './self-similarity.ts';

/** Beats looked at on either side for what repeats, and for timbre. */
const STRUCTURE_BEATS: readonly number[] = [8, 16];
const TIMBRE_BEATS = 8;
/** Likeness along a diagonal that is no repetition yet. */
const REPETITION_FLOOR = 0.15;

/**
 * How much changes at each span in where the music comes back: the set of lags at which the beats before
 * it repeat, against that of the beats after it. (After the structure features of J. Serrà and others, IEEE
 * Trans. Multimedia 2014, with boxes of two widths for their Gaussian.) In standard deviations.
 */
export function structureNovelty(spans: BeatFeatures, harmony: SelfSimilarity): Float32Array {
  const novelty = new Float32Array(spans.count);
  for (const beats of STRUCTURE_BEATS) {
    const width = Math.max(2, Math.round(beats / spans.beatsPerSpan));
    for (const [at, value] of lagNovelty(harmony, width).entries())
      novelty[at] = (novelty[at] as number) + value;
  }
  return standardise(novelty);
}

/** The same for `width` spans on either side. */
function lagNovelty(harmony: SelfSimilarity, width: number): Float32Array {
  const { count } = harmony;
  const shortest = Math.max(1, Math.floor(width / 4));
  const novelty = new Float32Array(count);
  const cameFrom = new Float32Array(count);
  const comesAt = new Float32Array(count);
  for (let at = shortest; at <= count - shortest; at++) {
    const past = Math.min(width, at);
    const coming = Math.min(width, count - at);
    harmony.addAlongAll(at - past, past, 1, cameFrom.fill(0));
    harmony.addAlongAll(at, coming, 1, comesAt.fill(0));
    let squares = 0;
    for (let other = 0; other < count; other++) {
      if (Math.abs(other - at) < width / 2) continue;
      const came = other < past ? 0 : (cameFrom[other - past] as number);
      const change = Math.max(REPETITION_FLOOR, comesAt[other] as number) - Math.max(REPETITION_FLOOR, came);
      squares += change * change;
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
