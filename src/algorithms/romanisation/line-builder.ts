import { latinOf, type SpacingClass, spacingClassOf } from './punctuation.ts';
import type { RomanisedWord } from './romaniser.ts';

/**
 * Puts a romanised line together and decides its spaces: romanised words stand apart, Latin text keeps
 * the spaces it came with, punctuation clings to its word.
 */
export class LineBuilder {
  readonly #words: { start: number; text: string; spaced: boolean }[] = [];
  #last: SpacingClass | 'word' | 'start' = 'start';

  /** Appends a romanised word. */
  word(text: string, start: number): void {
    const spaced = this.#last !== 'opening' && this.#last !== 'joiner';
    this.#words.push({ start, text, spaced });
    this.#last = 'word';
  }

  /** Appends text that is passed on as it is, but for wide punctuation. */
  passOn(source: string, start: number): void {
    let position = start;
    for (const character of source) {
      this.#passOnCharacter(character, position);
      position += character.length;
    }
  }

  #passOnCharacter(character: string, start: number): void {
    const spacing = spacingClassOf(character);
    const last = this.#last;
    this.#last = spacing;
    if (spacing === 'space') return;
    const text = latinOf(character);
    const spaced =
      last === 'space' ||
      (spacing === 'letter' && (last === 'word' || last === 'wide-closing')) ||
      (spacing === 'opening' && last !== 'opening' && last !== 'joiner');
    const word = this.#words.at(-1);
    if (!spaced && word !== undefined && last !== 'word') {
      word.text += text;
    } else this.#words.push({ start, text, spaced });
  }

  finish(): readonly RomanisedWord[] {
    return this.#words;
  }
}
