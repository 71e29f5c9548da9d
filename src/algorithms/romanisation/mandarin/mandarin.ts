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
    const readings = this.#pinyin(simplified, { type: 'array', toneSandhi: false });
    correctReadings(simplified, readings);
    return readings;
  }

  romanise(line: string): readonly RomanisedWord[] {
    const built = new LineBuilder();
    const readings = this.reading(line);
    let position = 0;
    let index = 0;
    for (const character of line) {
      const reading = readings[index++] ?? character;
      if (isChinese(character) && !isChinese(reading)) built.word(reading, position);
      else built.passOn(character, position);
      position += character.length;
    }
    return built.finish();
  }
}
