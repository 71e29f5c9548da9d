import { LEVEL_STEP, type MelodyFeatures } from './melody-features.ts';
import { CANDIDATES, STEPS_PER_SEMITONE } from './pitch-grid.ts';

/** Grid steps that a voice may glide from one frame to the next: 1.5 semitones in 10 ms. */
const GLIDE: number = Math.round(1.5 * STEPS_PER_SEMITONE);
/** What each step of a glide costs, and what a leap to any pitch costs, in saliences of a clear frame. */
const GLIDE_COST = 0.02;
const LEAP_COST = 1.2;
/** What each dB costs by which a candidate is quieter than the frame's loudest, and the most that counts. */
const QUIETNESS_COST = 0.035;
const MOST_QUIETNESS = 24;
/** In the table of moves: came by a leap from the frame's best candidate. */
const LEAP = 127;

/**
 * The most salient continuous path through the candidates, one grid step a frame (Viterbi). Takes one byte
 * a candidate and frame while it works. `unit`: a clear frame's salience, see {@link clearSalience}.
 */
export function tracePath(features: MelodyFeatures, unit: number): Uint8Array {
  const { frames } = features;
  const path = new Uint8Array(frames);
  if (frames === 0) return path;
  const moves = new Int8Array(frames * CANDIDATES);
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
          move = from - step;
        }
      }
      const penalty = penalties[Math.round(step / STEPS_PER_SEMITONE)] as number;
      next[step] = best + (saliences[step] as number) / unit - penalty;
      moves[frame * CANDIDATES + step] = move;
    }
    [scores, next] = [next, scores];
  }
  let step = indexOfLargest(scores);
  for (let frame = frames - 1; frame >= 0; frame--) {
    path[frame] = step;
    const move = moves[frame * CANDIDATES + step] as number;
    step = move === LEAP ? (leapSources[frame] as number) : step + move;
  }
  return path;
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

/** What a clear frame's best candidate reaches: the 90th percentile of all frames' largest saliences. */
export function clearSalience(features: MelodyFeatures): number {
  const counts = new Uint32Array(256);
  for (let frame = 0; frame < features.frames; frame++) {
    let largest = 0;
    for (const salience of features.saliences(frame)) if (salience > largest) largest = salience;
    counts[largest] = (counts[largest] as number) + 1;
  }
  let left = features.frames * 0.1;
  for (let salience = 255; salience > 0; salience--) {
    left -= counts[salience] as number;
    if (left <= 0) return salience;
  }
  return 1;
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[best] as number)) best = index;
  }
  return best;
}
