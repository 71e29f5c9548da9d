import type { pinyin } from 'pinyin-pro';
import { LineBuilder } from '../line-builder.ts';
import type { RomanisedWord, Romaniser } from '../romaniser.ts';
import { correctReadings } from './corrections.ts';
import { simplify } from './simplified.ts';

let loading: Promise<MandarinRomaniser> | undefined;

/** Chinese characters of any plane, and 〇; pinyin and Latin text are all below. */
function isChinese(text: string): boolean {
  return text.charCodeAt(0) >= 0x3007;
}

/** Loads the dictionary once a process and gives the romaniser of Mandarin: pinyin, syllables apart. */
export function loadMandarin(): Promise<MandarinRomaniser> {
  loading ??= import('pinyin-pro').then((library) => new MandarinRomaniser(library.pinyin));
  return loading;
}

/** The characters that change their tone before others. */
const SANDHI = /[一不]/;
/** A line without them is read alike either way, and undoing what was not done takes the library another pass. */
const AS_IT_IS = { type: 'array' } as const;
const WITHOUT_SANDHI = { type: 'array', toneSandhi: false } as const;

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
    const readings = this.#pinyin(simplified, SANDHI.test(simplified) ? WITHOUT_SANDHI : AS_IT_IS);
    correctReadings(simplified, readings);
    return readings;
  }

  romanise(line: string): readonly RomanisedWord[] {
    const built = new LineBuilder();
    const readings = this.reading(line);
    // Beyond the Basic Multilingual Plane a character is two units, and its index another than the reading's.
    const characters: ArrayLike<string> = line.length === readings.length ? line : [...line];
    let position = 0;
    for (let index = 0; index < characters.length; index++) {
      const character = characters[index] as string;
      const reading = readings[index] ?? character;
      if (isChinese(character) && !isChinese(reading)) built.word(reading, position);
      else built.passOn(character, position);
      position += character.length;
    }
    return built.finish();
  }
}
