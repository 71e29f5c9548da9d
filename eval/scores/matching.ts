/** Times that are written in milliseconds differ by this much when they are subtracted. */
const ROUNDING = 1e-6;

/**
 * How many times of `found` and `truth` can be paired, each at most once, no further apart than `tolerance`.
 * Both must ascend: then, as the tolerance is one for all, taking the first that fits pairs as many as possible
 * (what mir_eval's `match_events` finds by bipartite matching).
 */
export function countMatches(found: readonly number[], truth: readonly number[], tolerance: number): number {
  let matched = 0;
  let next = 0;
  for (const time of truth) {
    while (next < found.length && (found[next] as number) < time - tolerance - ROUNDING) next += 1;
    if (next < found.length && (found[next] as number) <= time + tolerance + ROUNDING) {
      matched += 1;
      next += 1;
    }
  }
  return matched;
}

/** Harmonic mean of precision and recall; 0 where there is neither anything found nor anything true. */
export function fMeasure(counts: {
  readonly matched: number;
  readonly found: number;
  readonly truth: number;
}): number {
  return (2 * counts.matched) / Math.max(1, counts.found + counts.truth);
}
