import { poolByBeat } from './beat-features.ts';
import { trackBeats } from './beats.ts';
import { Analysis, type Candidate } from './candidates.ts';
import { weigh } from './cue-weights.ts';
import type { Features } from './features.ts';
import { repeatedSections } from './sections.ts';

/** Seconds that an excerpt lasts at least (in a track that long) and at most. */
const SHORTEST_EXCERPT_S = 10;
const LONGEST_EXCERPT_S = 30;
/** Beats that an excerpt starts ahead of its chorus: singers come in before the bar line. */
const LEAD_IN_BEATS = 4;

/** A stretch of a track in seconds. */
export interface Excerpt {
  readonly start: number;
  readonly end: number;
}

/** What was found out about a track. */
export interface Structure {
  readonly excerpt: Excerpt;
  /** 0 to 1. */
  readonly confidence: number;
  readonly sections: readonly (Excerpt & { readonly label: string })[];
}

/** Finds the chorus and what else repeats. */
export function findStructure(features: Features, durationSeconds: number): Structure {
  const spans = poolByBeat(features, trackBeats(features.onsets), durationSeconds);
  const { times } = spans;
  const at = (span: number): number => times[span] as number;
  const analysis = new Analysis(spans);
  const beatSeconds = (at(spans.count) - at(0)) / (spans.count * spans.beatsPerSpan);
  const leadIn = Math.min(2, LEAD_IN_BEATS * beatSeconds);
  let best: Candidate | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const candidate of analysis.candidates(SHORTEST_EXCERPT_S, LONGEST_EXCERPT_S - leadIn)) {
    const score = weigh(candidate.cues);
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  if (best === undefined) {
    const end = Math.min(durationSeconds, LONGEST_EXCERPT_S);
    return { excerpt: { start: 0, end }, confidence: 0, sections: [] };
  }
  const sections = repeatedSections(analysis, best);
  return {
    excerpt: { start: Math.max(0, at(best.start) - leadIn), end: at(best.start + best.length) },
    confidence: confidenceIn(best),
    sections: sections.map(({ label, start, end }) => ({ label, start: at(start), end: at(end) })),
  };
}

/** How surely a stretch comes back: 0 where its best match is no more alike than chance. */
function confidenceIn(candidate: Candidate): number {
  const best = candidate.matches[0];
  if (best === undefined) return 0;
  const harmony = Math.max(0, Math.min(1, (best.harmony - 0.4) / 0.5));
  const articulation = Math.max(0, Math.min(1, best.articulation / 0.5));
  return harmony * (0.5 + 0.5 * articulation);
}
