import type { Candidate } from './candidates.ts';
import { weigh } from './cue-weights.ts';
import type { LyricLine } from './lyric-lines.ts';
import { type ExcerptLimits, sungExcerpts } from './sung-excerpts.ts';

/** Seconds that an excerpt lasts at least (in a track that long) and at most. */
export const SHORTEST_EXCERPT_S = 10;
export const LONGEST_EXCERPT_S = 30;
/**
 * Seconds that an excerpt starts ahead of its chorus: singers come in before the bar line, and a player's fade-in
 * should not take their first word.
 */
export const LEAD_IN_S = 1.5;

const LIMITS: Omit<ExcerptLimits, 'duration'> = {
  shortest: SHORTEST_EXCERPT_S,
  longest: LONGEST_EXCERPT_S,
  leadIn: LEAD_IN_S,
};
/** Share that an excerpt of the words and a candidate of the audio must have in common to be the same stretch. */
const SAME_STRETCH = 0.5;
/** What comes back as surely as this does (a chorus that is played more freely does too); and the least that counts. */
const SURE_REPETITION = 0.35;
const LEAST_REPETITION = 0.05;
/** Seconds within which the start of an excerpt gives way to that of a line. */
const LINE_REACH_S = 2;

/** A stretch of a track in seconds. */
export interface Excerpt {
  readonly start: number;
  readonly end: number;
}

/** A stretch that may be the chorus, and how much the audio says for it: the logarithm of its odds. */
export interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
}

/**
 * What the audio says for a stretch. The weights were fitted to songs in which every likely stretch comes back; one that
 * does not is no chorus, however well it is placed: its odds are lowered by as much as it falls short of coming back.
 */
export function scored(candidate: Candidate): Scored {
  const sureness = Math.max(LEAST_REPETITION, repetitionOf(candidate)) / SURE_REPETITION;
  return { candidate, score: weigh(candidate.cues) + Math.log(Math.min(1, sureness)) };
}

/** An excerpt and the candidate that the audio has for it. */
export interface Choice extends Scored {
  readonly excerpt: Excerpt;
  /** How surely it comes back, 0 to 1. */
  readonly repetition: number;
  /** Whether lyrics told where the excerpt starts. */
  readonly byLyrics: boolean;
}

/** What candidates are chosen among by, beside their scores. */
interface Circumstances {
  /** Seconds at which spans start, and the last one ends. */
  readonly times: Float64Array;
  /** The words; empty where they are not known. */
  readonly lines: readonly LyricLine[];
  /** Of the track. */
  readonly durationSeconds: number;
}

/**
 * Chooses the excerpt: one whose words come back, where they are known and do, else the stretch that the audio says
 * most for. Undefined where there is nothing to choose from.
 */
export function chooseExcerpt(among: readonly Scored[], circumstances: Circumstances): Choice | undefined {
  return chooseByWords(among, circumstances) ?? chooseByEar(among, circumstances);
}

/**
 * The excerpt whose words come back that the audio says most for, and the more the oftener they do. Words that come
 * back leave no doubt about repetition.
 */
function chooseByWords(
  among: readonly Scored[],
  { times, lines, durationSeconds }: Circumstances,
): Choice | undefined {
  let chosen: Choice | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const { start, end, occurrences } of sungExcerpts(lines, { ...LIMITS, duration: durationSeconds })) {
    const excerpt = { start, end };
    const heard = highest(among.filter(({ candidate }) => isSame(excerpt, stretchOf(candidate, times))));
    if (heard === undefined || heard.score + Math.log(occurrences) <= most) continue;
    most = heard.score + Math.log(occurrences);
    chosen = { ...heard, excerpt, repetition: 1, byLyrics: true };
  }
  return chosen;
}

/** The stretch that the audio says most for; it starts with a line of the words where one starts near. */
function chooseByEar(among: readonly Scored[], { times, lines }: Circumstances): Choice | undefined {
  const best = highest(among);
  if (best === undefined) return undefined;
  const stretch = stretchOf(best.candidate, times);
  const repetition = repetitionOf(best.candidate);
  const nearest = nearestStart(stretch.start, lines);
  const snapped = nearest === undefined ? undefined : ledIn(nearest, stretch.end);
  if (snapped !== undefined && snapped.end - snapped.start >= SHORTEST_EXCERPT_S) {
    return { ...best, excerpt: snapped, repetition, byLyrics: true };
  }
  return { ...best, excerpt: ledIn(stretch.start, stretch.end), repetition, byLyrics: false };
}

/** An excerpt of what is sung from `start` on. */
function ledIn(start: number, end: number): Excerpt {
  const first = Math.max(0, start - LEAD_IN_S);
  return { start: first, end: Math.min(end, first + LONGEST_EXCERPT_S) };
}

function stretchOf({ start, length }: Candidate, times: Float64Array): Excerpt {
  return { start: times[start] as number, end: times[start + length] as number };
}

function isSame(a: Excerpt, b: Excerpt): boolean {
  const common = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  return common > SAME_STRETCH * Math.max(a.end - a.start, b.end - b.start);
}

/** The stretch with the highest score; the first of several. */
export function highest(among: readonly Scored[]): Scored | undefined {
  let best: Scored | undefined;
  for (const each of among) if (best === undefined || each.score > best.score) best = each;
  return best;
}

/** Where the nearest line starts, if any starts near. */
function nearestStart(time: number, lines: readonly LyricLine[]): number | undefined {
  const near = lines.map(({ start }) => start).filter((start) => Math.abs(start - time) <= LINE_REACH_S);
  return near.toSorted((a, b) => Math.abs(a - time) - Math.abs(b - time))[0];
}

/** How surely a stretch comes back, 0 to 1: 0 where its best match is no more alike than chance. */
function repetitionOf({ matches }: Candidate): number {
  const best = matches[0];
  if (best === undefined) return 0;
  const harmony = Math.max(0, Math.min(1, (best.harmony - 0.4) / 0.5));
  const articulation = Math.max(0, Math.min(1, best.articulation / 0.5));
  return harmony * (0.5 + 0.5 * articulation);
}
