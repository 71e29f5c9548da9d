import { loadCantonese } from './cantonese/cantonese.ts';
import { loadJapanese } from './japanese/japanese.ts';
import { KoreanRomaniser } from './korean/korean.ts';
import type { Language } from './language.ts';
import { LineBuilder } from './line-builder.ts';
import { loadMandarin } from './mandarin/mandarin.ts';
import type { Romaniser } from './romaniser.ts';

/** The system each language is romanised in. */
export const SYSTEMS: Readonly<Record<Language, string>> = {
  ja: 'hepburn',
  yue: 'jyutping',
  ko: 'rr',
  zh: 'pinyin',
};

const KOREAN = new KoreanRomaniser();

/** The romaniser of a language. Its dictionary is loaded when first asked for, once a process. */
export async function loadRomaniser(language: Language): Promise<Romaniser> {
  switch (language) {
    case 'ja':
      return loadJapanese();
    case 'yue':
      return loadCantonese();
    case 'zh':
      return loadMandarin();
    case 'ko':
      return KOREAN;
  }
}

/** For lines in none of the languages: changes wide punctuation and nothing else. */
export const LATIN: Romaniser = {
  romanise(text) {
    const built = new LineBuilder();
    built.passOn(text, 0);
    return built.finish();
  },
};
