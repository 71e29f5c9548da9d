import type { Span } from '../scores/excerpt.ts';
import { sungLines } from './sung-lines.ts';
import type { SungTruth } from './truth.ts';

/** Seconds by which a line may start ahead of the chorus that it belongs to. */
const EARLY = 0.1;

/**
 * Occurrences of the chorus from their first line on whose words come in another occurrence as well: a chorus
 * often begins with words of its own each time, and where it then begins is a matter of opinion.
 */
export function refrains({ choruses, notes }: SungTruth): Span[] {
  const lines = sungLines(notes).map(({ start, text }) => ({ start, words: lettersOf(text) }));
  const within = choruses.map(([start, end]) =>
    lines.filter((line) => line.start >= start - EARLY && line.start < end),
  );
  return choruses.map(([start, end], i) => {
    const others = new Set(within.flatMap((found, j) => (j === i ? [] : found.map(({ words }) => words))));
    return [within[i]?.find(({ words }) => others.has(words))?.start ?? start, end];
  });
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}]/gu, '');
}
