import type { Span } from './excerpt.ts';
import { countMatches, fMeasure } from './matching.ts';

/**
 * F measure, 0 to 1, of where sections start and end, paired one to one within `tolerance` seconds (MIREX,
 * structural segmentation; mir_eval.segment.detection with trim=False).
 */
export function boundaryF(found: readonly Span[], truth: readonly Span[], tolerance = 3): number {
  const foundTimes = boundaries(found);
  const trueTimes = boundaries(truth);
  return fMeasure({
    matched: countMatches(foundTimes, trueTimes, tolerance),
    found: foundTimes.length,
    truth: trueTimes.length,
  });
}

/** Where spans start and end, each time once, ascending. */
function boundaries(spans: readonly Span[]): number[] {
  return [...new Set(spans.flat())].toSorted((a, b) => a - b);
}
