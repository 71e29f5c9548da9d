import { LEVEL_STEP, type MelodyFeatures, PITCHED_SALIENCE } from './melody-features.ts';
import { CANDIDATES, STEPS_PER_SEMITONE } from './pitch-grid.ts';

/** Grid steps that a voice may glide from one frame to the next: 1.4 semitones in 10 ms. */
const GLIDE = 7;
/** What each step of a glide costs, and what a leap to any pitch costs, in saliences of a clear frame. */
const GLIDE_COST = 0.02;
const LEAP_COST = 3;
/** What each dB costs by which a candidate is quieter than the frame's loudest, and the most that counts. */
const QUIETNESS_COST = 0.035;
const MOST_QUIETNESS = 24;
/** The share of frames that are clearer than a clear frame. */
const CLEARER_SHARE = 0.1;
/** Among the moves, which else are a glide's steps plus {@link GLIDE}: a leap from the best candidate. */
const LEAP = 2 * GLIDE + 1;

/**
 * The most salient continuous path through the candidates, one grid step a frame (Viterbi). Takes half a
 * byte a candidate and frame while it works: 39 MB for an hour. `unit`: a clear frame's salience, see {@link clearSalience}.
 */
export function tracePath(features: MelodyFeatures, unit: number): Uint8Array {
  const { frames } = features;
  const path = new Uint8Array(frames);
  if (unit === 0) return path;
  const moves = new Nibbles(frames * CANDIDATES);
  const leapSources = new Uint8Array(frames);
  let scores = new Float64Array(CANDIDATES);
  let next = new Float64Array(CANDIDATES);
  for (let frame = 0; frame < frames; frame++) {
    const source = indexOfLargest(scores);
    leapSources[frame] = source;
    const leap = (scores[source] as number) - LEAP_COST;
    const saliences = features.saliences(frame);
    const penalties = quietness(features.levels(frame));
    for (let step = 0; step < CANDIDATES; step++) {
      let best = leap;
      let move = LEAP;
      const last = Math.min(CANDIDATES - 1, step + GLIDE);
      for (let from = Math.max(0, step - GLIDE); from <= last; from++) {
        const score = (scores[from] as number) - GLIDE_COST * Math.abs(from - step);
        if (score > best) {
          best = score;
          move = from - step + GLIDE;
        }
      }
      const penalty = penalties[Math.round(step / STEPS_PER_SEMITONE)] as number;
      next[step] = best + (saliences[step] as number) / unit - penalty;
      moves.set(frame * CANDIDATES + step, move);
    }
    [scores, next] = [next, scores];
  }
  let step = indexOfLargest(scores);
  for (let frame = frames - 1; frame >= 0; frame--) {
    path[frame] = step;
    const move = moves.get(frame * CANDIDATES + step);
    step = move === LEAP ? (leapSources[frame] as number) : step + move - GLIDE;
  }
  return path;
}

/** An array of numbers from 0 to 15, all 0 at first, each of which may be set once. */
class Nibbles {
  readonly #bytes: Uint8Array;

  constructor(length: number) {
    this.#bytes = new Uint8Array(Math.ceil(length / 2));
  }

  set(index: number, value: number): void {
    const byte = index >> 1;
    this.#bytes[byte] = (this.#bytes[byte] as number) | (value << ((index & 1) * 4));
  }

  get(index: number): number {
    return ((this.#bytes[index >> 1] as number) >> ((index & 1) * 4)) & 15;
  }
}

/**
 * What each semitone's candidates lose for being quieter than the loudest: the whitened salience does not
 * tell a lead voice from a faint echo of it an octave below, or from a quiet guitar.
 */
function quietness(levels: Uint8Array): Float64Array {
  let loudest = 0;
  for (const level of levels) if (level > loudest) loudest = level;
  return Float64Array.from(
    levels,
    (level) => QUIETNESS_COST * Math.min(MOST_QUIETNESS, (loudest - level) * LEVEL_STEP),
  );
}

/**
 * What a clear frame's best candidate reaches: the 90th percentile of the largest saliences of the frames
 * that have a pitch at all. 0 where there is none.
 */
export function clearSalience(features: MelodyFeatures): number {
  const counts = new Uint32Array(256);
  let pitched = 0;
  for (let frame = 0; frame < features.frames; frame++) {
    let largest = 0;
    for (const salience of features.saliences(frame)) if (salience > largest) largest = salience;
    if (largest < PITCHED_SALIENCE) continue;
    counts[largest] = (counts[largest] as number) + 1;
    pitched++;
  }
  let left = pitched * CLEARER_SHARE;
  for (let salience = 255; salience >= PITCHED_SALIENCE; salience--) {
    left -= counts[salience] as number;
    if (left < 0) return salience;
  }
  return 0;
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[best] as number)) best = index;
  }
  return best;
}
