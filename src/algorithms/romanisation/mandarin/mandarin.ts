import type { pinyin } from 'pinyin-pro';
import { LineBuilder } from '../line-builder.ts';
import type { RomanisedWord, Romaniser } from '../romaniser.ts';
import { correctReadings } from './corrections.ts';
import { simplify } from './simplified.ts';

let loading: Promise<MandarinRomaniser> | undefined;

/** 〇; above it stand the Chinese characters of any plane, below it pinyin and Latin text. */
const FIRST_CHINESE = 0x3007;
/** Above it a character takes two UTF-16 units. */
const LAST_OF_ONE_UNIT = 0xffff;
/** One reading a character. 一 and 不 come with their sandhi, which to have undone takes the library another pass. */
const READINGS = { type: 'array' } as const;

/** Loads the dictionary once a process and gives the romaniser of Mandarin: pinyin, syllables apart. */
export function loadMandarin(): Promise<MandarinRomaniser> {
  loading ??= import('pinyin-pro').then((library) => new MandarinRomaniser(library.pinyin));
  return loading;
}

export class MandarinRomaniser implements Romaniser {
  readonly #pinyin: typeof pinyin;

  constructor(convert: typeof pinyin) {
    this.#pinyin = convert;
  }

  /**
   * One reading for each character (code point) of the line: pinyin with tone marks, dictionary tones
   * (yī and bù unchanged before other tones, as dictionaries and schoolbooks print them); what is no
   * Chinese stands for itself.
   */
  reading(line: string): string[] {
    const simplified = simplify(line);
    const readings = this.#pinyin(simplified, READINGS);
    correctReadings(simplified, readings);
    return readings;
  }

  romanise(line: string): readonly RomanisedWord[] {
    const built = new LineBuilder();
    let position = 0;
    for (const reading of this.reading(line)) {
      const code = line.codePointAt(position) ?? 0;
      const end = position + (code > LAST_OF_ONE_UNIT ? 2 : 1);
      // What has no reading stands for itself.
      if (code >= FIRST_CHINESE && reading.charCodeAt(0) < FIRST_CHINESE) built.word(reading, position);
      else built.passOn(line.slice(position, end), position);
      position = end;
    }
    return built.finish();
  }
}
