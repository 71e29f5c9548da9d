import { type LyricBlock, repeatedBlocks } from './lyric-blocks.ts';
import type { LyricLine } from './lyric-lines.ts';

/** Seconds that words which come back must last to be a refrain, not a catchword. */
const SHORTEST_REFRAIN_S = 6;

/** A stretch of a song whose words are sung again elsewhere, fit for a preview. Seconds. */
export interface SungExcerpt {
  readonly start: number;
  readonly end: number;
  /** How many times its words are sung. */
  readonly occurrences: number;
}

/** What an excerpt has to keep to, in seconds. */
export interface ExcerptLimits {
  readonly shortest: number;
  readonly longest: number;
  readonly leadIn: number;
  /** Of the track. */
  readonly duration: number;
}

/**
 * Where previews may start by the lyrics: ahead of each block of lines that is sung more than once. They end where a
 * line ends; a block that is too long is cut behind a line, one too short takes the next lines in.
 *
 * @param lines in order of time
 * @param shortest seconds of an excerpt at least, where the track lasts that long
 * @param longest seconds at most
 * @param leadIn seconds that it starts ahead of its first word
 */
export function sungExcerpts(
  lines: readonly LyricLine[],
  { shortest, longest, leadIn, duration }: ExcerptLimits,
): SungExcerpt[] {
  const heard = lines.filter(({ start }) => start < duration);
  return repeatedBlocks(heard)
    .filter((block) => secondsOf(block, heard) >= SHORTEST_REFRAIN_S)
    .map((block) => {
      const start = Math.max(0, (heard[block.first] as LyricLine).start - leadIn);
      const end = endOf(block, heard, start + shortest, start + longest);
      return { start, end: Math.min(end, duration), occurrences: block.occurrences };
    })
    .filter(({ start, end }) => end - start >= Math.min(shortest, duration));
}

function secondsOf({ first, behind }: LyricBlock, lines: readonly LyricLine[]): number {
  return (lines[behind - 1] as LyricLine).end - (lines[first] as LyricLine).start;
}

/** The end of the block's last line that is early enough, or of the first line behind it that is late enough. */
function endOf(
  { first, behind }: LyricBlock,
  lines: readonly LyricLine[],
  earliest: number,
  latest: number,
): number {
  const ends = lines.slice(first).map(({ end }) => end);
  const inside = ends.slice(0, behind - first).filter((end) => end >= earliest && end <= latest);
  return inside.at(-1) ?? ends.find((end) => end >= earliest && end <= latest) ?? earliest;
}
