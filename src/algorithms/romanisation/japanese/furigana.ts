import { Cuts } from './cuts.ts';
import { toKatakana } from './kana.ts';

/** A reading that the lyrics themselves give: of the characters from `start` to `end` (exclusive). */
export interface GivenReading {
  readonly start: number;
  readonly end: number;
  readonly kana: string;
}

/** Text without its furigana, and what they said. */
export interface AnnotatedText {
  readonly text: string;
  readonly readings: readonly GivenReading[];
  /** For an index of `text`, the index of the line it came from. */
  readonly original: (index: number) => number;
}

/**
 * Kanji, then kana alone in brackets: 運命(さだめ), 抱（いだ）く, 宇宙《そら》. Only where the kanji begin: none of the others
 * in a run can be followed by a bracket if the first can not.
 */
const FURIGANA =
  /(?<![\p{sc=Han}々ヶ])([\p{sc=Han}々ヶ]+)[(（《]([\u3041-\u3096\u30a1-\u30fa\u30fc]+)[)）》]/gu;

/** Finds the readings that stand in brackets after kanji, as songwriters give them, and takes them out. */
export function takeFurigana(line: string): AnnotatedText {
  const readings: GivenReading[] = [];
  const cuts = new Cuts();
  let text = '';
  let position = 0;
  for (const match of line.matchAll(FURIGANA)) {
    const [whole, base = '', kana = ''] = match;
    text += line.slice(position, match.index) + base;
    position = match.index + whole.length;
    cuts.add(text.length, whole.length - base.length);
    readings.push({ start: text.length - base.length, end: text.length, kana: toKatakana(kana) });
  }
  if (readings.length === 0) return { text: line, readings, original: (index) => index };
  text += line.slice(position);
  return { text, readings, original: (index) => cuts.original(index) };
}
