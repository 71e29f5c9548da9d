/** Marks of the first to the fourth tone, as Unicode decomposes them. */
const TONE_MARKS = ['\u0304', '\u0301', '\u030c', '\u0300'];
const NEUTRAL = 5;

/** A syllable of pinyin with its tone as a number behind it: `zhōng` is `zhong1`, `le` is `le5`. */
export function toneNumber(marked: string): string {
  const decomposed = [...marked.normalize('NFD')];
  const tone = decomposed.map((character) => TONE_MARKS.indexOf(character) + 1).find((found) => found > 0);
  const letters = decomposed.filter((character) => !TONE_MARKS.includes(character)).join('');
  return `${letters.normalize('NFC')}${tone ?? NEUTRAL}`;
}
