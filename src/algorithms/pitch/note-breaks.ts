/** A dip this deep on both sides parts two notes, dB. */
const DEPTH = 5;
/** Frames on either side among which a dip is the lowest point: a syllable takes longer. */
const LOWEST_WITHIN = 8;
/** Frames on either side in which the evidence must have been, and be again, above a dip. */
const RISE_WITHIN = 15;

/**
 * Marks with 1 the frames at which a singer starts anew, whether or not the pitch changes: where the
 * evidence for singing dips, as it does at the consonant between two syllables on one pitch.
 */
export function noteBreaks(evidence: Float32Array): Uint8Array {
  const breaks = new Uint8Array(evidence.length);
  for (let frame = 0; frame < evidence.length; frame++) {
    if (!isLowest(evidence, frame)) continue;
    const before = highest(evidence, frame - RISE_WITHIN, frame);
    const after = highest(evidence, frame + 1, frame + 1 + RISE_WITHIN);
    if (Math.min(before, after) - (evidence[frame] as number) >= DEPTH) breaks[frame] = 1;
  }
  return breaks;
}

/** Whether no frame near by is lower, and none before it as low. */
function isLowest(evidence: Float32Array, frame: number): boolean {
  const value = evidence[frame] as number;
  const last = Math.min(evidence.length - 1, frame + LOWEST_WITHIN);
  for (let other = Math.max(0, frame - LOWEST_WITHIN); other <= last; other++) {
    const near = evidence[other] as number;
    if (near < value || (near === value && other < frame)) return false;
  }
  return true;
}

function highest(evidence: Float32Array, first: number, end: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let frame = Math.max(0, first); frame < Math.min(evidence.length, end); frame++) {
    best = Math.max(best, evidence[frame] as number);
  }
  return best;
}
