import type { Span } from '../scores/excerpt.ts';
import type { TruthNote } from '../scores/notes.ts';
import type { SungTruth } from './truth.ts';

/** Seconds by which a line may start ahead of the chorus that it belongs to. */
const EARLY = 0.1;

/**
 * Occurrences of the chorus from their first line on whose words come in another occurrence as well: a chorus
 * often begins with words of its own each time, and where it then begins is a matter of opinion.
 */
export function refrains({ choruses, notes }: SungTruth): Span[] {
  const lines = sungLines(notes);
  const within = choruses.map(([start, end]) =>
    lines.filter((line) => line.start >= start - EARLY && line.start < end),
  );
  return choruses.map(([start, end], i) => {
    const others = new Set(within.flatMap((found, j) => (j === i ? [] : found.map(({ words }) => words))));
    return [within[i]?.find(({ words }) => others.has(words))?.start ?? start, end];
  });
}

function sungLines(notes: readonly TruthNote[]): { start: number; words: string }[] {
  const lines: { start: number; words: string }[] = [];
  for (const [i, [start, , , syllable, line]] of notes.entries()) {
    if (i === 0 || notes[i - 1]?.[4] !== line) lines.push({ start, words: '' });
    const last = lines.at(-1);
    if (last !== undefined)
      last.words += String(syllable)
        .toLowerCase()
        .replaceAll(/[^\p{L}]/gu, '');
  }
  return lines;
}
