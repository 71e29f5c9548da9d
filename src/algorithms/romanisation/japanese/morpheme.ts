import type { IpadicFeatures } from 'kuromoji';
import { isKana, isKatakana, toKatakana } from './kana.ts';
import { guessReading } from './kanji-readings.ts';

/** A morpheme with the reading that is being worked out for it. */
export interface Morpheme {
  readonly surface: string;
  /** UTF-16 index in the line. */
  readonly start: number;
  /**
   * Katakana as pronounced: ー for every long vowel but ei, ワ and エ for the particles は and へ. Undefined
   * where nobody knows: the dictionary lacks the word and its surface is no kana.
   */
  kana: string | undefined;
  /** IPADIC's part of speech, from coarse to fine; `*` where it has none. */
  readonly pos: string;
  readonly detail1: string;
  readonly detail2: string;
  readonly detail3: string;
  readonly conjugatedForm: string;
  /** IPADIC's dictionary form; the surface where the word is not in the dictionary. */
  readonly base: string;
}

/**
 * Makes the morpheme of a token; an unknown one that mixes kana with signs (ヴィクトル・ユゴー) makes several.
 *
 * @param line the line as it was written: surfaces come from it.
 * @param start UTF-16 index in the line at which the token begins.
 * @param end where it ends (exclusive).
 */
export function morphemesOf(token: IpadicFeatures, line: string, start: number, end: number): Morpheme[] {
  const surface = line.slice(start, end);
  // Spelled with ヴ, it is sung so; the dictionary's pronunciation has バ.
  const kana = surface.includes('ヴ') && isKatakana(surface) ? surface : kanaOf(token);
  if (kana !== undefined || token.pos === '記号') return [morpheme(token, surface, start, kana)];
  const parts: Morpheme[] = [];
  for (const [part, index] of parted(surface)) {
    parts.push(morpheme(token, part, start + index, isKana(part) ? toKatakana(part) : guessReading(part)));
  }
  return parts;
}

/** Runs of kana and of anything else, with their indices; a dash after kana lengthens it. */
function parted(surface: string): [string, number][] {
  const text = surface.replace(/(?<=[ァ-ヺ])[—―－](?=[ァ-ヺ])/g, 'ー');
  return [...text.matchAll(/[\u3041-\u3096\u30a1-\u30fa\u30fc]+|[^\u3041-\u3096\u30a1-\u30fa\u30fc]+/g)].map(
    (match) => [match[0], match.index],
  );
}

function morpheme(token: IpadicFeatures, surface: string, start: number, kana: string | undefined): Morpheme {
  return {
    surface,
    start,
    kana,
    pos: token.pos,
    detail1: token.pos_detail_1,
    detail2: token.pos_detail_2,
    detail3: token.pos_detail_3,
    conjugatedForm: token.conjugated_form,
    base: token.basic_form === '*' ? surface : token.basic_form,
  };
}

function kanaOf(token: IpadicFeatures): string | undefined {
  if (token.pos === '記号') return undefined;
  const { pronunciation } = token;
  return pronunciation !== undefined && isKana(pronunciation) ? pronunciation : undefined;
}

/** One noun that spans morphemes which follow each other; there is a `first` one at least. */
export function mergeMorphemes(
  [first, ...others]: readonly [Morpheme, ...Morpheme[]],
  kana: string,
): Morpheme {
  const surface = first.surface + others.map((other) => other.surface).join('');
  return {
    surface,
    start: first.start,
    kana,
    pos: '名詞',
    detail1: '一般',
    detail2: '*',
    detail3: '*',
    conjugatedForm: '*',
    base: surface,
  };
}
