import type { TruthNote } from '../scores/notes.ts';

/** A line of the words of a song. */
export interface SungLine {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The lines of a chart, from its syllables. */
export function sungLines(notes: readonly TruthNote[]): SungLine[] {
  const lines: { start: number; end: number; text: string }[] = [];
  for (const [i, [start, end, , syllable, line]] of notes.entries()) {
    if (i === 0 || notes[i - 1]?.[4] !== line) lines.push({ start, end, text: '' });
    const last = lines.at(-1);
    if (last === undefined) continue;
    last.end = end;
    last.text += String(syllable);
  }
  return lines;
}

/** The lines as an LRC file has them; where words are long in coming, a stamp clears the line before. */
export function lrcOf(lines: readonly SungLine[]): string {
  const stamped = lines.flatMap(({ start, end, text }, index) => {
    const next = lines[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    const words = `${stamp(start)}${text.trim()}`;
    return next - end > PAUSE_S ? [words, stamp(end)] : [words];
  });
  return `${stamped.join('\n')}\n`;
}

/** A silence that LRC files show by clearing the line, seconds. */
const PAUSE_S = 3;

function stamp(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `[${String(minutes).padStart(2, '0')}:${(seconds - 60 * minutes).toFixed(2).padStart(5, '0')}]`;
}
