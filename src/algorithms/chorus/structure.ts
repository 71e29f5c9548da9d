import { poolByBeat } from './beat-features.ts';
import { trackBeats } from './beats.ts';
import { Analysis, type Candidate } from './candidates.ts';
import { weigh } from './cue-weights.ts';
import type { Features } from './features.ts';
import { occurrences, repeatedSections, type Stretch } from './sections.ts';

/** Seconds that an excerpt lasts at least (in a track that long) and at most. */
export const SHORTEST_EXCERPT_S = 10;
export const LONGEST_EXCERPT_S = 30;
/**
 * Seconds that an excerpt starts ahead of its chorus: singers come in before the bar line, and a player's fade-in
 * should not take their first word.
 */
export const LEAD_IN_S = 1.5;

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

/** Another stretch that might have been taken. */
interface Rival {
  /** In spans. */
  readonly middle: number;
  readonly score: number;
}

/** Finds the chorus and what else repeats. */
export function findStructure(features: Features, durationSeconds: number): Structure {
  const spans = poolByBeat(features, trackBeats(features.onsets), durationSeconds);
  const { times } = spans;
  const at = (span: number): number => times[span] as number;
  const analysis = new Analysis(spans);
  let best: Candidate | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  const rivals: Rival[] = [];
  for (const candidate of analysis.candidates(SHORTEST_EXCERPT_S, LONGEST_EXCERPT_S - LEAD_IN_S)) {
    const score = weigh(candidate.cues);
    rivals.push({ middle: candidate.start + candidate.length / 2, score });
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
    excerpt: { start: Math.max(0, at(best.start) - LEAD_IN_S), end: at(best.start + best.length) },
    confidence: repetitionOf(best) * preferenceFor(occurrences(analysis, best), bestScore, rivals),
    sections: sections.map(({ label, start, end }) => ({ label, start: at(start), end: at(end) })),
  };
}

/** How surely a stretch comes back, 0 to 1: 0 where its best match is no more alike than chance. */
function repetitionOf({ matches }: Candidate): number {
  const best = matches[0];
  if (best === undefined) return 0;
  const harmony = Math.max(0, Math.min(1, (best.harmony - 0.4) / 0.5));
  const articulation = Math.max(0, Math.min(1, best.articulation / 0.5));
  return harmony * (0.5 + 0.5 * articulation);
}

/** The probability, in the model that the weights were fitted in, that the chorus is where the choice is heard. */
function preferenceFor(places: readonly Stretch[], score: number, rivals: readonly Rival[]): number {
  let inside = 0;
  let all = 0;
  for (const rival of rivals) {
    const odds = Math.exp(rival.score - score);
    all += odds;
    if (places.some(({ start, end }) => rival.middle >= start && rival.middle < end)) inside += odds;
  }
  return inside / all;
}
