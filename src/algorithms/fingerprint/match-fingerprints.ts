import { bitErrorRate, chanceErrorRate } from './bit-errors.ts';
import { SECONDS_PER_CODE, secondsOfCodes } from './chromaprint.ts';
import { type CommonStretch, LEAST_DISTINCT_CODES, findCommonStretches } from './common-stretches.ts';

/**
 * `same`: they hold one recording, or pieces of it. `different`: nothing of the kind was found. `undecidable`: one of
 * them is too short, or too steady, to tell it from others.
 */
export type MatchVerdict = 'same' | 'different' | 'undecidable';

/** Where two recordings are alike. */
export interface MatchedStretch {
  readonly startASeconds: number;
  readonly startBSeconds: number;
  readonly seconds: number;
  /** Share of its bits that differ. */
  readonly bitErrorRate: number;
}

/** How two fingerprints compare. */
export interface FingerprintMatch {
  readonly verdict: MatchVerdict;
  /**
   * From 0 to 1: the share of what could be alike that is, times how much more alike it is than by chance. From
   * 0.5 on they are the same.
   */
  readonly score: number;
  /** Share of bits that differ in the stretches; where there are none, with both beginnings side by side. */
  readonly bitErrorRate: number;
  /**
   * How much later the longest stretch comes in the first than in the second: by so much the second starts later into
   * the recording; below 0, the first. A multiple of 0.124 s; 0 where there is no stretch.
   */
  readonly offsetSeconds: number;
  /** Seconds that could be alike: without what only one of them has before, between and after the stretches. */
  readonly overlapSeconds: number;
  /** Seconds of the stretches. */
  readonly matchedSeconds: number;
  /** What they have in common, in the order of time. */
  readonly stretches: readonly MatchedStretch[];
}

/** See docs/algorithms/fingerprint.md for how scores are spread on either side. */
const SAME_SCORE = 0.5;

/**
 * Says whether two fingerprints, of one algorithm of Chromaprint, are of the same recording.
 *
 * The score is AcoustID's (`acoustid_compare2`: the share of the overlap, times 1 less twice the bit error rate) with
 * two changes. What could overlap is counted along the stretches found, so that edits and cuts cost nothing but what
 * is missing; and bit errors are held against those to be expected by chance of such codes (Cohen's kappa) instead of
 * against a half, since noises look alike to Chromaprint. Swapping the two changes the sign of the offset and nothing
 * else.
 *
 * @param a codes of the first, in the order of time
 * @param b codes of the second
 */
export function matchFingerprints(a: Uint32Array, b: Uint32Array): FingerprintMatch {
  const stretches = findCommonStretches(a, b);
  const longest = stretches.toSorted((one, other) => other.length - one.length)[0];
  if (longest === undefined) {
    return {
      verdict: tellsApart(a) && tellsApart(b) ? 'different' : 'undecidable',
      score: 0,
      bitErrorRate: bitErrorRate(a, b),
      offsetSeconds: 0,
      overlapSeconds: secondsOfCodes(Math.min(a.length, b.length)),
      matchedSeconds: 0,
      stretches: [],
    };
  }
  const matched = sum(stretches.map(({ length }) => length));
  const overlap = overlapOf(stretches, a.length, b.length);
  const errors = sum(stretches.map((stretch) => stretch.length * stretch.bitErrorRate)) / matched;
  const score = (matched / overlap) * Math.max(0, 1 - errors / chanceErrorRate(a, b));
  return {
    verdict: score >= SAME_SCORE ? 'same' : 'different',
    score,
    bitErrorRate: errors,
    offsetSeconds: (longest.startA - longest.startB) * SECONDS_PER_CODE,
    overlapSeconds: secondsOfCodes(overlap),
    matchedSeconds: secondsOfCodes(matched),
    stretches: stretches.map((stretch) => ({
      startASeconds: stretch.startA * SECONDS_PER_CODE,
      startBSeconds: stretch.startB * SECONDS_PER_CODE,
      seconds: secondsOfCodes(stretch.length),
      bitErrorRate: stretch.bitErrorRate,
    })),
  };
}

/** Whether a fingerprint has enough different codes to be found again. */
function tellsApart(codes: Uint32Array): boolean {
  return new Set(codes).size >= LEAST_DISTINCT_CODES;
}

/** Codes that could be alike: those of the stretches, and before, between and after them what both have. */
function overlapOf(stretches: readonly CommonStretch[], lengthA: number, lengthB: number): number {
  let [overlap, endA, endB] = [0, 0, 0];
  for (const { startA, startB, length } of stretches) {
    overlap += Math.min(startA - endA, startB - endB) + length;
    [endA, endB] = [startA + length, startB + length];
  }
  return overlap + Math.min(lengthA - endA, lengthB - endB);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
