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

  /** The line's reading in katakana, as pronounced (long vowels as ー); anything but words left out. */
  reading(line: string): string {
    const { text, readings } = takeFurigana(composeKana(line));
    return readMorphemes(this.#tokenizer, text, readings)
      .map((morpheme) => morpheme.kana?.replaceAll(' ', '') ?? '')
      .join('');
  }

  romanise(line: string): readonly RomanisedWord[] {
    const { text, readings, original } = takeFurigana(composeKana(line));
    const built = new LineBuilder();
    let kana = '';
    let start = 0;
    let previous: Morpheme | undefined;
    const flush = (): void => {
      if (kana !== '') built.word(hepburn(kana), original(start));
      kana = '';
    };
    for (const morpheme of readMorphemes(this.#tokenizer, text, readings)) {
      if (morpheme.kana === undefined) {
        flush();
        built.passOn(morpheme.surface, original(morpheme.start));
        previous = undefined;
        continue;
      }
      if (previous === undefined || !joinsPrevious(previous, morpheme)) {
        flush();
        start = morpheme.start;
      }
      kana += spelled(morpheme);
      previous = morpheme;
    }
    flush();
    return built.finish();
  }
}

/** A long i is marked in loanwords alone: `takushī`, but `oishii`. */
function spelled({ kana = '', surface }: Morpheme): string {
  return kana.includes('ー') && !isKatakana(surface)
    ? kana.replace(/([イキシチニヒミリギジビピ])ー/g, '$1イ')
    : kana;
}
