import { poolByBeat } from './beat-features.ts';
import { trackBeats } from './beats.ts';
import { Analysis } from './candidates.ts';
import {
  chooseExcerpt,
  type Excerpt,
  highest,
  LEAD_IN_S,
  LONGEST_EXCERPT_S,
  type Scored,
  scored,
  SHORTEST_EXCERPT_S,
} from './choose-excerpt.ts';
import type { Features } from './features.ts';
import type { LyricLine } from './lyric-lines.ts';
import { occurrences, repeatedSections, type Stretch } from './sections.ts';

/** What was found out about a track. */
export interface Structure {
  readonly excerpt: Excerpt;
  /** 0 to 1. */
  readonly confidence: number;
  /** Whether lyrics told where the excerpt starts. */
  readonly byLyrics: boolean;
  readonly sections: readonly (Excerpt & { readonly label: string })[];
}

/**
 * Finds the chorus and what else repeats.
 *
 * @param lines the words, where they and their times are known: then the excerpt is one whose words come back, if
 * there are any, and starts and ends with lines
 */
export function findStructure(
  features: Features,
  durationSeconds: number,
  lines: readonly LyricLine[] = [],
): Structure {
  const spans = poolByBeat(features, trackBeats(features.onsets), durationSeconds);
  const at = (span: number): number => spans.times[span] as number;
  const analysis = new Analysis(spans);
  const candidates = Array.from(
    analysis.candidates(SHORTEST_EXCERPT_S, LONGEST_EXCERPT_S - LEAD_IN_S),
    scored,
  );
  const choice = chooseExcerpt(candidates, { times: spans.times, lines, durationSeconds });
  if (choice === undefined) {
    const end = Math.min(durationSeconds, LONGEST_EXCERPT_S);
    return { excerpt: { start: 0, end }, confidence: 0, byLyrics: false, sections: [] };
  }
  const places = occurrences(analysis, choice.candidate);
  const sections = repeatedSections(analysis, places);
  return {
    excerpt: choice.excerpt,
    confidence: choice.repetition * preferenceFor(places, candidates),
    byLyrics: choice.byLyrics,
    sections: sections.map(({ label, start, end }) => ({ label, start: at(start), end: at(end) })),
  };
}

/** The probability, in the model that the weights were fitted in, that the chorus is where the choice is heard. */
function preferenceFor(places: readonly Stretch[], among: readonly Scored[]): number {
  const best = highest(among)?.score ?? 0;
  let inside = 0;
  let all = 0;
  for (const { candidate, score } of among) {
    const middle = candidate.start + candidate.length / 2;
    // Against the best score: the odds themselves may be too large for a number.
    const odds = Math.exp(score - best);
    all += odds;
    if (places.some(({ start, end }) => middle >= start && middle < end)) inside += odds;
  }
  return inside / all;
}
