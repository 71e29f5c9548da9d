/** Seconds from the start of the track. */
export type Span = readonly [start: number, end: number];

/** How well an excerpt meets the occurrences of a chorus. */
export interface ExcerptScore {
  /** Share of the excerpt that lies in a chorus. */
  readonly overlap: number;
  /** Seconds from its start to the nearest start of a chorus. */
  readonly startDistance: number;
  /** F1 of the seconds of the excerpt and of the chorus that it fits best. */
  readonly f1: number;
}

/** Scores an excerpt. There has to be a chorus; occurrences do not overlap each other. */
export function scoreExcerpt(excerpt: Span, choruses: readonly Span[]): ExcerptScore {
  const [start, end] = excerpt;
  return {
    overlap: choruses.reduce((sum, span) => sum + inCommon(excerpt, span), 0) / (end - start),
    startDistance: Math.min(...choruses.map((span) => Math.abs(span[0] - start))),
    f1: Math.max(
      ...choruses.map((span) => (2 * inCommon(excerpt, span)) / (end - start + span[1] - span[0])),
    ),
  };
}

function inCommon(a: Span, b: Span): number {
  return Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]));
}
