import type { IpadicFeatures } from 'kuromoji';
import { isKana, toKatakana } from './kana.ts';

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

/** @param offset where the tokenised text begins in the line. */
export function morphemeOf(token: IpadicFeatures, offset: number): Morpheme {
  const surface = token.surface_form;
  return {
    surface,
    start: offset + token.word_position - 1,
    kana: kanaOf(token),
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
  if (pronunciation !== undefined && pronunciation !== '*' && isKana(pronunciation)) return pronunciation;
  return isKana(token.surface_form) ? toKatakana(token.surface_form) : undefined;
}

/** Replaces morphemes `from` to `to` (exclusive) by one noun that spans them. */
export function mergeMorphemes(morphemes: Morpheme[], from: number, to: number, kana: string): void {
  const parts = morphemes.slice(from, to);
  const [first] = parts;
  if (first === undefined) return;
  const surface = parts.map((part) => part.surface).join('');
  morphemes.splice(from, to - from, {
    surface,
    start: first.start,
    kana,
    pos: '名詞',
    detail1: '一般',
    detail2: '*',
    detail3: '*',
    conjugatedForm: '*',
    base: surface,
  });
}
