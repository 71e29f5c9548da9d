import type ToJyutping from 'to-jyutping';
import { readAsSpoken } from './colloquial.ts';
import { LineBuilder } from '../line-builder.ts';
import type { RomanisedWord, Romaniser } from '../romaniser.ts';
import { traditional } from './traditional.ts';

let loading: Promise<CantoneseRomaniser> | undefined;

/** Loads the dictionary once a process and gives the romaniser of Cantonese: Jyutping, syllables apart. */
export function loadCantonese(): Promise<CantoneseRomaniser> {
  loading ??= import('to-jyutping').then(({ default: converter }) => new CantoneseRomaniser(converter));
  return loading;
}

export class CantoneseRomaniser implements Romaniser {
  readonly #converter: typeof ToJyutping;

  constructor(converter: typeof ToJyutping) {
    this.#converter = converter;
  }

  /** One reading (Jyutping, tone as a digit) for each character of the line; null for what is no Chinese. */
  reading(line: string): [string, string | null][] {
    const text = traditional(line.replaceAll('の', '的'));
    const readings = this.#converter.getJyutpingList(text);
    readAsSpoken(text, readings);
    return readings;
  }

  romanise(line: string): readonly RomanisedWord[] {
    const built = new LineBuilder();
    let position = 0;
    for (const [character, jyutping] of this.reading(line)) {
      if (jyutping === null) built.passOn(character, position);
      else built.word(jyutping, position);
      position += character.length;
    }
    return built.finish();
  }
}
