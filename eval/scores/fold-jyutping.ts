/**
 * Jyutping syllables folded for comparison: initial n as l, and initial ng before a vowel as none, as many
 * speakers of Cantonese say them and write them down.
 */
export function foldJyutping(jyutping: string): string[] {
  return jyutping
    .split(' ')
    .filter((syllable) => syllable !== '')
    .map((syllable) => syllable.replace(/^n(?!g)/, 'l').replace(/^ng(?=[aeiou])/, ''));
}
