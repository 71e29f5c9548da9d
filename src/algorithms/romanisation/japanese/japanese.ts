import type { IpadicFeatures, Tokenizer } from 'kuromoji';
import { LineBuilder } from '../line-builder.ts';
import type { RomanisedWord, Romaniser } from '../romaniser.ts';
import { takeFurigana } from './furigana.ts';
import { hepburn } from './hepburn.ts';
import { composeKana, isKatakana } from './kana.ts';
import type { Morpheme } from './morpheme.ts';
import { readMorphemes } from './reading.ts';
import { loadTokenizer } from './tokenizer.ts';
import { joinsPrevious } from './word-division.ts';

/** Loads the dictionary and gives the romaniser of Japanese: modified Hepburn, words apart. */
export async function loadJapanese(): Promise<JapaneseRomaniser> {
  return new JapaneseRomaniser(await loadTokenizer());
}

export class JapaneseRomaniser implements Romaniser {
  readonly #tokenizer: Tokenizer<IpadicFeatures>;

  constructor(tokenizer: Tokenizer<IpadicFeatures>) {
    this.#tokenizer = tokenizer;
  }

  /**
   * The line's reading in katakana, as pronounced (long vowels as ー, ヴ as the b it is in speech); anything but
   * words left out.
   */
  reading(line: string): string {
    const { text, readings } = takeFurigana(composeKana(line));
    return readMorphemes(this.#tokenizer, text, readings)
      .map((morpheme) => morpheme.kana?.replaceAll(' ', '') ?? '')
      .join('')
      .replace(/ヴ([ァィェォュ]?)/g, (_, small: string) => SPOKEN_V[small] ?? 'ブ');
  }

  romanise(line: string): readonly RomanisedWord[] {
    const { text, readings, original } = takeFurigana(composeKana(line));
    const built = new LineBuilder();
    let kana = '';
    let start = 0;
    let inWord = false;
    const flush = (): void => {
      if (kana !== '') built.word(hepburn(kana), original(start));
      kana = '';
    };
    const morphemes = readMorphemes(this.#tokenizer, text, readings);
    for (const [index, morpheme] of morphemes.entries()) {
      if (morpheme.kana === undefined) {
        flush();
        built.passOn(morpheme.surface, original(morpheme.start));
        inWord = false;
        continue;
      }
      if (!inWord || !joinsPrevious(morphemes, index)) {
        flush();
        start = morpheme.start;
      }
      kana += spelled(morpheme);
      inWord = true;
    }
    flush();
    return built.finish();
  }
}

const SPOKEN_V: Readonly<Record<string, string>> = { ァ: 'バ', ィ: 'ビ', ェ: 'ベ', ォ: 'ボ', ュ: 'ビュ' };

/** A long i is marked in loanwords alone: `takushī`, but `oishii`. */
function spelled({ kana = '', surface }: Morpheme): string {
  return kana.includes('ー') && !isKatakana(surface) && !/^(珈琲|麦酒)$/.test(surface)
    ? kana.replace(/([イキシチニヒミリギジビピ])ー/g, '$1イ')
    : kana;
}
