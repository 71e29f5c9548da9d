import type { LyricLine } from './lyric-lines.ts';

/** Lines of lyrics that come again elsewhere, one of their occurrences. */
export interface LyricBlock {
  /** Index of the first line. */
  readonly first: number;
  /** Index behind the last line. */
  readonly behind: number;
  /** How many times the lines are sung. */
  readonly occurrences: number;
}

/** Lines count as the same from this share of common letter pairs on: `yeah`s and misprints differ. */
const SAME_LINE = 0.75;
/** A sheet of more lines than this is no song's: it is compared with nothing. */
const MOST_LINES = 1000;

/**
 * The repeated blocks of a song's lyrics, in order of their first lines: maximal stretches of lines that are sung
 * again in the same order. A refrain of one line is a block; so is a chorus with the lines that lead to it, where they
 * come back as well. A line that is sung again at once, over and over, is one block for each time.
 *
 * This is the diagonal search of self-similarity (J. Foote 1999) upon lines in place of spectra.
 */
export function repeatedBlocks(lines: readonly LyricLine[]): LyricBlock[] {
  if (lines.length > MOST_LINES) return [];
  const pairs = lines.map(({ text }) => letterPairs(text));
  const alike = (a: number, b: number): boolean => {
    const [one, other] = [pairs[a], pairs[b]];
    return one !== undefined && other !== undefined && likeness(one, other) >= SAME_LINE;
  };
  const blocks = new Map<string, { readonly first: number; readonly behind: number }>();
  for (let lag = 1; lag < lines.length; lag++) {
    for (let first = 0; first + lag < lines.length; first++) {
      if (!alike(first, first + lag)) continue;
      let behind = first + 1;
      // A block ends before it meets its own repetition.
      while (behind < first + lag && behind + lag < lines.length && alike(behind, behind + lag)) behind++;
      blocks.set(`${first}-${behind}`, { first, behind });
      blocks.set(`${first + lag}-${behind + lag}`, { first: first + lag, behind: behind + lag });
      first = behind - 1;
    }
  }
  const startsLike = (at: number, { first, behind }: { first: number; behind: number }): boolean => {
    for (let line = first; line < behind; line++) if (!alike(line, at + line - first)) return false;
    return true;
  };
  return [...blocks.values()]
    .map((block) => ({ ...block, occurrences: lines.filter((_, at) => startsLike(at, block)).length }))
    .toSorted((a, b) => a.first - b.first || a.behind - b.behind);
}

/** Pairs of neighbouring letters, without case, marks and spaces; undefined where there are no letters. */
function letterPairs(text: string): ReadonlyMap<string, number> | undefined {
  const letters = [
    ...text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, ''),
  ];
  if (letters.length === 0) return undefined;
  const pairs = new Map<string, number>();
  for (const [index, letter] of ['', ...letters].entries()) {
    const pair = letter + (letters[index] ?? '');
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** Dice's coefficient (L. Dice 1945): twice what both have over what each has. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  let total = 0;
  for (const [pair, count] of a) {
    common += Math.min(count, b.get(pair) ?? 0);
    total += count;
  }
  for (const count of b.values()) total += count;
  return (2 * common) / total;
}
