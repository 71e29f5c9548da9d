import type { BeatFeatures } from './beat-features.ts';

/** Shortest and longest section in beats. */
const SHORTEST_BEATS = 8;
const LONGEST_BEATS = 80;
/** The length that costs nothing. */
const USUAL_SECONDS = 16;
/** What a boundary must be worth, in standard deviations of novelty. */
const BOUNDARY_COST = 1.5;
/** What an octave of length away from the usual costs. */
const LENGTH_COST = 1;

/**
 * Cuts a track into sections where novelty is high, by dynamic programming over all cuts: songs are built
 * of phrases of 4 and 8 bars, so that a section of a whole number of phrases is worth more than another.
 *
 * @param novelty how much changes at each span, in standard deviations
 * @returns spans where sections start, ascending from 0, and `spans.count` last
 */
export function segment(spans: BeatFeatures, novelty: Float32Array): number[] {
  const { count, beatsPerSpan, times } = spans;
  const shortest = Math.max(1, Math.round(SHORTEST_BEATS / beatsPerSpan));
  const longest = Math.max(shortest + 1, Math.round(LONGEST_BEATS / beatsPerSpan));
  const worth = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY);
  const previous = new Int32Array(count + 1);
  worth[0] = 0;
  for (let end = 1; end <= count; end++) {
    const gain = end < count ? (novelty[end] as number) : 0;
    for (let length = 1; length <= Math.min(longest, end); length++) {
      const start = end - length;
      const atEdge = start === 0 || end === count;
      if (length < shortest && !atEdge) continue;
      const seconds = (times[end] as number) - (times[start] as number);
      const cost = BOUNDARY_COST + LENGTH_COST * Math.abs(Math.log2(seconds / USUAL_SECONDS));
      const phrases = atEdge ? 0 : phraseWorth(length * beatsPerSpan);
      const value = (worth[start] as number) + gain - cost + phrases;
      if (value > (worth[end] as number)) {
        worth[end] = value;
        previous[end] = start;
      }
    }
  }
  const cuts = [count];
  for (let at = count; at > 0; ) {
    at = previous[at] as number;
    cuts.push(at);
  }
  return cuts.toReversed();
}

function phraseWorth(beats: number): number {
  if (beats % 16 === 0) return 1;
  if (beats % 8 === 0) return 0.5;
  return beats % 4 === 0 ? 0 : -1.5;
}
