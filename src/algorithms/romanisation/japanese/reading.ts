import type { IpadicFeatures, Tokenizer } from 'kuromoji';
import type { GivenReading } from './furigana.ts';
import { expandIterationMarks, toKatakana, vowelOf } from './kana.ts';
import { readByContext } from './context-readings.ts';
import { commonSpelling, LEXICON, LONGEST_LEXICON_WORD } from './lexicon.ts';
import { mergeMorphemes, type Morpheme, morphemesOf } from './morpheme.ts';
import { readNumbers } from './numbers.ts';

/** Runs without Latin letters or spaces go to the analyser; the rest passes it by. */
const RUNS = /[^\s\p{sc=Latin}]+|[\s\p{sc=Latin}]+/gu;
const PASSING_BY = /[\s\p{sc=Latin}]/u;

/**
 * The morphemes of a line (without line breaks) with the readings a singer uses: the dictionary's, then
 * corrected by rule and lexicon; readings that the lyrics give win.
 */
export function readMorphemes(
  tokenizer: Tokenizer<IpadicFeatures>,
  line: string,
  given: readonly GivenReading[],
): Morpheme[] {
  const text = commonSpelling(expandIterationMarks(line));
  const morphemes: Morpheme[] = [];
  const analyse = (run: string, start: number): void => {
    // Its own positions count code points.
    let position = start;
    for (const token of tokenizer.tokenize(run)) {
      morphemes.push(...morphemesOf(token, line, position));
      position += token.surface_form.length;
    }
  };
  if (!PASSING_BY.test(text)) analyse(text, 0);
  else {
    for (const { 0: run, index } of text.matchAll(RUNS)) {
      if (PASSING_BY.test(run)) morphemes.push(latin(run, index));
      else analyse(run, index);
    }
  }
  readLexicon(morphemes);
  readNumbers(morphemes);
  readByContext(morphemes);
  for (const [index, morpheme] of morphemes.entries()) pronounce(morphemes[index - 1], morpheme);
  applyGiven(morphemes, given);
  return morphemes;
}

function latin(surface: string, start: number): Morpheme {
  return {
    surface,
    start,
    kana: undefined,
    pos: '記号',
    detail1: '*',
    detail2: '*',
    detail3: '*',
    conjugatedForm: '*',
    base: surface,
  };
}

/** Gives the words of the lexicon their readings, joining what the analyser cut up. */
function readLexicon(morphemes: Morpheme[]): void {
  for (let from = 0; from < morphemes.length; from++) {
    let surface = '';
    let best: { to: number; kana: string } | undefined;
    for (let to = from; to < morphemes.length; to++) {
      surface += morphemes[to]?.surface ?? '';
      if (surface.length > LONGEST_LEXICON_WORD) break;
      const kana = LEXICON.get(surface);
      if (kana !== undefined) best = { to: to + 1, kana };
    }
    if (best === undefined || isNumeral(morphemes[from - 1])) continue;
    if (best.to > from + 1) mergeMorphemes(morphemes, from, best.to, best.kana);
    else {
      const [only] = morphemes.slice(from);
      if (only !== undefined) only.kana = best.kana;
    }
  }
}

/** 十一人 is no hitori. */
function isNumeral(morpheme: Morpheme | undefined): boolean {
  return morpheme?.detail1 === '数';
}

/** What the dictionary's pronunciations get wrong of themselves. */
function pronounce(previous: Morpheme | undefined, morpheme: Morpheme): void {
  const { surface, kana } = morpheme;
  if (kana === undefined) return;
  if (surface === 'を') morpheme.kana = 'オ';
  // 言う is sung i-u, whatever is said: という, っていう.
  else if (/(いう|言う)$/.test(surface) && kana.endsWith('ユウ')) morpheme.kana = `${kana.slice(0, -2)}イウ`;
  // The volitional う lengthens the verb's o: 行こう, でしょう.
  else if (surface === 'う' && morpheme.pos === '助動詞' && vowelOf(previous?.kana?.at(-1) ?? '') === 'オ') {
    morpheme.kana = 'ー';
  }
  // The dictionary's compound particles are words to a reader: に ついて, と して, と いう.
  if (morpheme.detail2 === '連語' && morpheme.pos === '助詞')
    morpheme.kana = morpheme.kana?.replace(/^(ト|ニ|オ|ヲ)(?=..)/, '$1 ');
  else if (morpheme.kana === surface && /[ぁ-ん]/.test(surface)) morpheme.kana = toKatakana(surface);
}

/** Sets the readings that the lyrics give. Okurigana and honorific prefixes around the kanji keep theirs. */
function applyGiven(morphemes: Morpheme[], given: readonly GivenReading[]): void {
  for (const { start, end, kana } of given) {
    const from = givenStart(morphemes, start, end, kana);
    const to = morphemes.findIndex((morpheme) => morpheme.start >= end);
    const [first, last] = [morphemes[from], morphemes.at(to === -1 ? -1 : to - 1)];
    if (first === undefined || last === undefined) continue;
    const before = toKatakana(first.surface.slice(0, Math.max(0, start - first.start)));
    const after = toKatakana(last.surface.slice(Math.max(0, end - last.start)));
    first.kana = before + kana + (first === last ? after : '');
    for (const morpheme of morphemes.slice(from + 1, to === -1 ? undefined : to)) {
      morpheme.kana = morpheme === last ? after : '';
    }
  }
}

/**
 * The morpheme at which a given reading begins: the whole run of kanji before the bracket, or its last
 * word where the reading is shorter than the run (永遠運命(さだめ) gives 運命 alone its reading).
 */
function givenStart(morphemes: readonly Morpheme[], start: number, end: number, kana: string): number {
  const whole = morphemes.findIndex((morpheme) => morpheme.start + morpheme.surface.length > start);
  if (kana.length >= end - start) return whole;
  return morphemes.findLastIndex((morpheme) => morpheme.start < end);
}
