/**
 * Vowels that a singer draws out and the dictionary does not: すごーく, だぁいすき, 好きだよぉ. The analyser sees
 * the word without them; its reading gets them back.
 */
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
  const cuts: { readonly at: number; readonly removed: number }[] = [];
  for (const { 0: stretch, index } of stretched.matchAll(STRETCH)) {
    // ふぁ and てぃ are syllables.
    const vowel = vowelOf(toKatakana(stretched.charAt(index - 1)));
    const small = toKatakana(stretch.charAt(0));
    if (small !== 'ー' && vowelOf(small) !== vowel) continue;
    text += stretched.slice(position, index);
    position = index + stretch.length;
    stretches.push(text.length);
    cuts.push({ at: text.length, removed: position - text.length });
  }
  text += stretched.slice(position);
  const original = (index: number): number => index + (cuts.findLast(({ at }) => at < index)?.removed ?? 0);
  return { text, original, stretches };
}

/**
 * The reading of a word with a vowel drawn out.
 *
 * @param rest how many characters of the word follow the vowel; each is one kana, as okurigana are.
 */
export function stretchReading(kana: string, rest: number): string {
  const at = Math.max(0, kana.length - rest);
  return `${kana.slice(0, at)}ー${kana.slice(at)}`;
}
