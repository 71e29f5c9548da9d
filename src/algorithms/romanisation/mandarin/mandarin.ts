import { LineBuilder } from '../line-builder.ts';
import type { RomanisedWord, Romaniser } from '../romaniser.ts';
import { correctReadings } from './corrections.ts';
import { simplify } from './simplified.ts';

type Pinyin = typeof import('pinyin-pro').pinyin;

const HAN = /^[\p{sc=Han}〇]/u;

let loading: Promise<MandarinRomaniser> | undefined;

/** Loads the dictionary once a process and gives the romaniser of Mandarin: pinyin, syllables apart. */
export function loadMandarin(): Promise<MandarinRomaniser> {
  loading ??= import('pinyin-pro').then(({ pinyin }) => new MandarinRomaniser(pinyin));
  return loading;
}

export class MandarinRomaniser implements Romaniser {
  readonly #pinyin: Pinyin;

  constructor(pinyin: Pinyin) {
    this.#pinyin = pinyin;
  }

  /**
   * One reading for each character (code point) of the line: pinyin with tone marks, dictionary tones
   * (yī and bù unchanged before other tones, as dictionaries and schoolbooks print them); what is no
   * Chinese stands for itself.
   */
  reading(line: string): string[] {
    const simplified = simplify(line);
    const readings = this.#pinyin(simplified, { type: 'array', toneSandhi: false, segmentit: 3 });
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
      if (HAN.test(character) && !HAN.test(reading)) built.word(reading, position);
      else built.passOn(character, position);
      position += character.length;
    }
    return built.finish();
  }
}
