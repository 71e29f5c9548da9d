import type { Span } from './chorus-songs.ts';

/** How well an excerpt meets the occurrences of a chorus. */
export interface ExcerptScore {
  /** Share of the excerpt that lies in a chorus. */
  readonly overlap: number;
  /** Seconds from its start to the nearest start of a chorus. */
  readonly startDistance: number;
  /** F1 of the seconds of the excerpt and of the chorus that it fits best. */
  readonly f1: number;
}

export function scoreExcerpt(excerpt: Span, choruses: readonly Span[]): ExcerptScore {
  const [start, end] = excerpt;
  return {
    overlap: choruses.reduce((sum, span) => sum + common(excerpt, span), 0) / (end - start),
    startDistance: Math.min(...choruses.map((span) => Math.abs(span[0] - start))),
    f1: Math.max(...choruses.map((span) => (2 * common(excerpt, span)) / (end - start + span[1] - span[0]))),
  };
}

/** F measure of boundaries, matched one to one within a tolerance (MIREX, structural segmentation). */
export function boundaryF(found: readonly Span[], truth: readonly Span[], tolerance = 3): number {
  const foundEdges = edges(found);
  const trueEdges = edges(truth);
  // Both ascend and the tolerance is one for all: taking the first that fits matches as many as possible.
  let hits = 0;
  let next = 0;
  for (const time of trueEdges) {
    while (next < foundEdges.length && (foundEdges[next] as number) < time - tolerance) next += 1;
    if (next < foundEdges.length && (foundEdges[next] as number) <= time + tolerance) {
      hits += 1;
      next += 1;
    }
  }
  return trueEdges.length === 0 ? 0 : (2 * hits) / (foundEdges.length + trueEdges.length);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function common(a: Span, b: Span): number {
  return Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]));
}

/** Where spans start and end, each time once. */
function edges(spans: readonly Span[]): number[] {
  return [...new Set(spans.flat())].toSorted((a, b) => a - b);
}
