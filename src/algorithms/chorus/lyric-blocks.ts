import { LineSimilarity } from './line-similarity.ts';
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

/** A sheet of more lines than this, or of more text, is no song's: it is compared with nothing. */
const MAX_LINES = 1000;
const MAX_CHARACTERS = 100_000;

/**
 * The repeated blocks of a song's lyrics, in order of their first lines: maximal stretches of lines that are sung
 * again in the same order. A refrain of one line is a block; so is a chorus with the lines that lead to it, where they
 * come back as well. A line that is sung again at once, over and over, is one block for each time.
 *
 * This is the diagonal search of self-similarity (J. Foote 1999) upon lines in place of spectra. It compares each line
 * with each: its time grows by the square of their number, which is why that is bounded.
 */
export function repeatedBlocks(lines: readonly LyricLine[]): LyricBlock[] {
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
  if (lines.length > MAX_LINES || characters > MAX_CHARACTERS) return [];
  const similarity = new LineSimilarity(lines.map(({ text }) => text));
  const blocks = new Map<string, { readonly first: number; readonly behind: number }>();
  for (let lag = 1; lag < lines.length; lag++) {
    for (let first = 0; first + lag < lines.length; first++) {
      // A block ends before it meets its own repetition.
      const length = Math.min(similarity.run(first, first + lag), lag);
      if (length === 0) continue;
      const behind = first + length;
      blocks.set(`${first}-${behind}`, { first, behind });
      blocks.set(`${first + lag}-${behind + lag}`, { first: first + lag, behind: behind + lag });
      first = behind - 1;
    }
  }
  return [...blocks.values()]
    .map((block) => ({
      ...block,
      occurrences: similarity.occurrences(block.first, block.behind - block.first),
    }))
    .toSorted((a, b) => a.first - b.first || a.behind - b.behind);
}
