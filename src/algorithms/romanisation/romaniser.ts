/**
 * What every language's romaniser gives: words of Latin text that remember which part of the line they
 * came from, so that word stamps can be set again and runs of several languages joined.
 */

/** One unit of romanised text. */
export interface RomanisedWord {
  /** UTF-16 index in the source line at which it begins. */
  readonly start: number;
  readonly text: string;
  /** Whether a space stands before it. (Never one at the start of a line: see {@link joinWords}.) */
  readonly spaced: boolean;
}

/** A romanised line: its words, and what {@link joinWords} makes of them. */
export interface RomanisedLine {
  readonly words: readonly RomanisedWord[];
  readonly text: string;
}

export interface Romaniser {
  /** Romanises one line (or a part of one) that holds no line break. Pure: keeps nothing between calls. */
  romanise(text: string): readonly RomanisedWord[];
}

/** The words as one line of text. */
export function joinWords(words: readonly RomanisedWord[]): string {
  let line = '';
  for (const { text, spaced } of words) {
    if (text !== '') line = spaced && line !== '' ? line + ' ' + text : line + text;
  }
  return line;
}
