import { LineBuilder } from '../line-builder.ts';
import type { RomanisedWord, Romaniser } from '../romaniser.ts';
import { pronounce } from './pronunciation.ts';

/** Revised Romanization of Korean (2000), section 2. */
const ONSETS: Readonly<Record<string, string>> = {
  ㄱ: 'g',
  ㄲ: 'kk',
  ㄴ: 'n',
  ㄷ: 'd',
  ㄸ: 'tt',
  ㄹ: 'r',
  ㅁ: 'm',
  ㅂ: 'b',
  ㅃ: 'pp',
  ㅅ: 's',
  ㅆ: 'ss',
  ㅇ: '',
  ㅈ: 'j',
  ㅉ: 'jj',
  ㅊ: 'ch',
  ㅋ: 'k',
  ㅌ: 't',
  ㅍ: 'p',
  ㅎ: 'h',
};
const VOWELS: Readonly<Record<string, string>> = {
  ㅏ: 'a',
  ㅐ: 'ae',
  ㅑ: 'ya',
  ㅒ: 'yae',
  ㅓ: 'eo',
  ㅔ: 'e',
  ㅕ: 'yeo',
  ㅖ: 'ye',
  ㅗ: 'o',
  ㅘ: 'wa',
  ㅙ: 'wae',
  ㅚ: 'oe',
  ㅛ: 'yo',
  ㅜ: 'u',
  ㅝ: 'wo',
  ㅞ: 'we',
  ㅟ: 'wi',
  ㅠ: 'yu',
  ㅡ: 'eu',
  ㅢ: 'ui',
  ㅣ: 'i',
};
const CODAS: Readonly<Record<string, string>> = {
  '': '',
  ㄱ: 'k',
  ㄴ: 'n',
  ㄷ: 't',
  ㄹ: 'l',
  ㅁ: 'm',
  ㅂ: 'p',
  ㅇ: 'ng',
};

const RUNS = /[가-힣]+|[^가-힣]+/g;
const STARTS_HANGUL = /^[가-힣]/;
const LONE_JAMO = /^[ㄱ-ㅣ]$/;

/** Korean in the Revised Romanization, from its standard pronunciation. Loads nothing, keeps nothing. */
export class KoreanRomaniser implements Romaniser {
  /** One word of Hangul in Latin letters. */
  reading(word: string): string {
    let latin = '';
    let codaBefore = '';
    for (const { onset, vowel, coda } of pronounce(word)) {
      const letters = onset === 'ㄹ' && codaBefore === 'ㄹ' ? 'l' : (ONSETS[onset] ?? '');
      latin += letters + (VOWELS[vowel] ?? '') + (CODAS[coda] ?? '');
      codaBefore = coda;
    }
    return latin;
  }

  romanise(line: string): readonly RomanisedWord[] {
    const built = new LineBuilder();
    for (const match of line.normalize('NFC').matchAll(RUNS)) {
      const [run] = match;
      if (STARTS_HANGUL.test(run)) {
        built.word(this.reading(run), match.index);
        continue;
      }
      let position = match.index;
      for (const character of run) {
        // ㅋㅋㅋ, ㅠㅠ: letters on their own.
        const jamo = LONE_JAMO.test(character) ? (ONSETS[character] ?? VOWELS[character]) : undefined;
        built.passOn(jamo ?? character, position);
        position += character.length;
      }
    }
    return built.finish();
  }
}
