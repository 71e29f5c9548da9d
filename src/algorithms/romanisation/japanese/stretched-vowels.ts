/**
 * Vowels that a singer draws out and the dictionary does not: すごーく, だぁいすき, 好きだよぉ. The analyser sees
 * the word without them; its reading gets them back.
 */
import { Cuts } from './cuts.ts';
import { vowelOf, toKatakana } from './kana.ts';

/** Text without its stretches, and where they were. */
export interface UnstretchedText {
  readonly text: string;
  /** For an index of `text`, its length included, the index in what was given. */
  readonly original: (index: number) => number;
  /** Indices of `text` before which a vowel was drawn out. */
  readonly stretches: readonly number[];
}

const STRETCH = /(?<=[ぁ-ゖ])[ーぁぃぅぇぉ]+/g;

/** Whether a word that the analyser found begins with what can only draw a vowel out. */
export function isStretch(surface: string): boolean {
  return 'ーぁぃぅぇぉ'.includes(surface.charAt(0));
}

export function unstretch(stretched: string): UnstretchedText {
  let text = '';
  let position = 0;
  const stretches: number[] = [];
  const cuts = new Cuts();
  for (const { 0: stretch, index } of stretched.matchAll(STRETCH)) {
    // ふぁ and てぃ are syllables.
    const vowel = vowelOf(toKatakana(stretched.charAt(index - 1)));
    const small = toKatakana(stretch.charAt(0));
    if (small !== 'ー' && vowelOf(small) !== vowel) continue;
    text += stretched.slice(position, index);
    position = index + stretch.length;
    stretches.push(text.length);
    cuts.add(text.length, stretch.length);
  }
  text += stretched.slice(position);
  // Ahead of what was cut out at an index itself: a word ends where its last vowel is not yet drawn out.
  const original = (index: number): number => cuts.original(index - 1) + 1;
  return { text, original, stretches };
}

/**
 * The reading of a word with vowels drawn out.
 *
 * @param rests for each vowel, first to last, how many characters of the word follow it; each is one kana, as okurigana
 * are.
 */
export function stretchReading(kana: string, rests: readonly number[]): string {
  let stretched = '';
  let position = 0;
  for (const rest of rests) {
    const at = Math.max(position, kana.length - Math.max(0, rest));
    stretched += `${kana.slice(position, at)}ー`;
    position = at;
  }
  return stretched + kana.slice(position);
}
