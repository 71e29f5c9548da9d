import { hasHan } from './kana.ts';
import type { Morpheme } from './morpheme.ts';

/** What stands around a morpheme. */
export interface Neighbours {
  readonly before2: Morpheme | undefined;
  readonly before: Morpheme | undefined;
  readonly after: Morpheme | undefined;
  readonly after2: Morpheme | undefined;
  /** Whether a morpheme of the line is written so. */
  readonly inLine: (surface: string) => boolean;
}

/** The reading of a morpheme there; undefined where the one it has may stand. */
export type ContextRule = (morpheme: Morpheme, neighbours: Neighbours) => string | undefined;

/** Rules by the surface they are for. */
export type ContextRules = readonly (readonly [surface: string, rule: ContextRule])[];

/** Whether it is a noun of its own, written in kanji. */
export function isNoun(morpheme: Morpheme | undefined): boolean {
  return morpheme?.pos === '名詞' && morpheme.detail1 !== '非自立' && hasHan(morpheme.surface);
}

/** Whether it is a common noun, written in kanji. */
export function isPlainNoun(morpheme: Morpheme | undefined): boolean {
  return isNoun(morpheme) && /^(一般|サ変接続)$/.test(morpheme?.detail1 ?? '');
}

export function isName(morpheme: Morpheme | undefined): boolean {
  return morpheme?.detail1 === '固有名詞' && morpheme.detail2 === '人名';
}

/** Whether a clause ends in `morpheme` that says something of the noun after it: 待つ, 短い, 飲んだ, 君の. */
export function modifies(morpheme: Morpheme | undefined): boolean {
  if (morpheme === undefined) return false;
  if (morpheme.surface === 'の') return morpheme.pos === '助詞';
  return /^(動詞|形容詞|助動詞)$/.test(morpheme.pos) && /^(基本形|体言接続)$/.test(morpheme.conjugatedForm);
}

export function isDemonstrative(morpheme: Morpheme | undefined): boolean {
  return /^[こそあど]の$/.test(morpheme?.surface ?? '');
}
