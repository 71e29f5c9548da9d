/** Hangul syllables taken apart: onset, vowel and coda as compatibility jamo. */

const ONSETS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const VOWELS = [...'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'];
const CODAS = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'];

export interface Syllable {
  /** `ㅇ` is silent here. */
  onset: string;
  readonly vowel: string;
  /** Empty where the syllable is open; one of 27, clusters included. */
  coda: string;
}

/** Takes one precomposed syllable (U+AC00 to U+D7A3) apart (The Unicode Standard, section 3.12). */
export function decompose(character: string): Syllable {
  const index = character.charCodeAt(0) - 0xac00;
  return {
    onset: ONSETS[Math.floor(index / 588)] ?? '',
    vowel: VOWELS[Math.floor(index / 28) % 21] ?? '',
    coda: CODAS[index % 28] ?? '',
  };
}
