import type { LrcEntry, WordStamp } from '../lyrics/lrc.ts';
import type { RomanisedLine, RomanisedWord } from './romaniser.ts';

/**
 * Writes a lyrics file again with romanised words: tags, blank lines, line stamps and their order as they
 * were, `\n` at line ends. A word stamp is kept where a romanised word begins, and at the line's end; one
 * that fell inside a word (二|人, futari) has no place left and is dropped.
 *
 * @param romanised each entry of kind `line`, in order.
 */
export function writeLrc(entries: readonly LrcEntry[], romanised: readonly RomanisedLine[]): string {
  let lrc = '';
  let line = 0;
  for (const entry of entries) {
    if (entry.kind === 'verbatim') lrc += entry.raw.trimEnd();
    else {
      const { words, text } = romanised[line++] ?? NOTHING;
      lrc += entry.stamps;
      lrc += entry.wordStamps.length === 0 ? text : joinStamped(words, entry);
    }
    lrc += '\n';
  }
  return lrc;
}

const NOTHING: RomanisedLine = { words: [], text: '' };

function joinStamped(
  words: readonly RomanisedWord[],
  { text, wordStamps }: { readonly text: string; readonly wordStamps: readonly WordStamp[] },
): string {
  let line = '';
  let next = 0;
  for (const word of words) {
    if (word.text === '') continue;
    let stamp = '';
    let blanksFrom: number | undefined;
    for (; next < wordStamps.length && (wordStamps[next]?.at ?? 0) <= word.start; next++) {
      const { at, raw } = wordStamps[next] as WordStamp;
      // Between the last word and this one nothing but spaces may have stood after the stamp.
      blanksFrom ??= blanksBefore(text, word.start);
      if (at >= blanksFrom) stamp += raw;
    }
    line += (word.spaced && line !== '' ? ' ' : '') + stamp + word.text;
  }
  const closing = wordStamps.slice(next).filter(({ at }) => at >= text.length);
  return line + closing.map(({ raw }) => raw).join('');
}

/** The index from which on nothing but blanks stands before `end`. */
function blanksBefore(text: string, end: number): number {
  let from = end;
  while (from > 0 && text.charAt(from - 1).trim() === '') from--;
  return from;
}
