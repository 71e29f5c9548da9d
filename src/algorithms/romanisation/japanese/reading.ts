import type { IpadicFeatures, Tokenizer } from 'kuromoji';
import type { GivenReading } from './furigana.ts';
import { toKatakana, vowelOf } from './kana.ts';
import { readCompounds } from './compound-readings.ts';
import { readByContext } from './context-readings.ts';
import { LEXICON, LEXICON_INITIALS, LONGEST_LEXICON_WORD } from './lexicon.ts';
import { mergeMorphemes, type Morpheme, morphemesOf } from './morpheme.ts';
import { readNumbers } from './numbers.ts';
import { respell } from './spelling.ts';
import { isStretch, stretchReading, unstretch } from './stretched-vowels.ts';

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
  const { text, original } = respell(line);
  const morphemes: Morpheme[] = [];
  const analyse = (run: string, start: number): void => {
    morphemes.push(...analyseRun(tokenizer, run, line, (index) => original(start + index)));
  };
  if (!PASSING_BY.test(text)) analyse(text, 0);
  else {
    for (const { 0: run, index } of text.matchAll(RUNS)) {
      if (PASSING_BY.test(run)) morphemes.push(latin(run, original(index)));
      else analyse(run, index);
    }
  }
  readRepetitions(morphemes);
  readCompounds(morphemes);
  readLexicon(morphemes);
  readNumbers(morphemes);
  readByContext(morphemes);
  for (const [index, morpheme] of morphemes.entries()) pronounce(morphemes[index - 1], morpheme);
  applyGiven(morphemes, given);
  return morphemes;
}

/** The morphemes of a run, as the dictionary reads them. `original` gives the line's index for the run's. */
function analyseRun(
  tokenizer: Tokenizer<IpadicFeatures>,
  run: string,
  line: string,
  original: (index: number) => number,
): Morpheme[] {
  const tokens = tokenizer.tokenize(run);
  if (!tokens.some((token) => isStretch(token.surface_form))) return place(tokens, run, line, original);
  const unstretched = unstretch(run);
  const toLine = (index: number): number => original(unstretched.original(index));
  const morphemes = place(tokenizer.tokenize(unstretched.text), unstretched.text, line, toLine);
  for (const at of unstretched.stretches) {
    // The vowel before it is the one drawn out.
    const drawn = morphemes.findLast(({ start }) => start <= toLine(at - 1));
    if (drawn?.kana === undefined) continue;
    const rest = drawn.start + drawn.surface.length - original(unstretched.original(at + 1)) + 1;
    drawn.kana = stretchReading(drawn.kana, Math.max(0, rest));
  }
  return morphemes;
}

function place(
  tokens: readonly IpadicFeatures[],
  run: string,
  line: string,
  original: (index: number) => number,
): Morpheme[] {
  const morphemes: Morpheme[] = [];
  // Their own positions count code points.
  let position = 0;
  for (const [index, token] of tokens.entries()) {
    const start = position;
    if (run.startsWith(token.surface_form, start)) position += token.surface_form.length;
    else {
      // A word in kana, found under its spelling in kanji.
      const next = tokens[index + 1];
      position = next === undefined ? run.length : start + next.word_position - token.word_position;
    }
    morphemes.push(...morphemesOf(token, line, original(start), original(position)));
  }
  return morphemes;
}

/** 花々, 夢々: the mark repeats the word before it, as words that the dictionary does not have. */
function readRepetitions(morphemes: Morpheme[]): void {
  for (let i = 1; i < morphemes.length; i++) {
    const repeated = morphemes[i - 1];
    if (morphemes[i]?.surface !== '々' || repeated?.kana === undefined) continue;
    if (repeated.pos !== '名詞' || repeated.detail1 === '数' || repeated.surface.length !== 1) continue;
    mergeMorphemes(morphemes, i - 1, i + 1, repeated.kana + voiceFirst(repeated.kana));
  }
}

/** Rendaku: the second part of a compound begins voiced, but where it has a voiced stop already (Lyman's law). */
function voiceFirst(kana: string): string {
  if (/[ガギグゲゴザジズゼゾダヂヅデドバビブベボ]/.test(kana)) return kana;
  const voiced = `${kana.charAt(0)}\u3099`.normalize('NFC');
  return voiced.length === 1 ? voiced + kana.slice(1) : kana;
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
    if (!LEXICON_INITIALS.has(morphemes[from]?.surface.charAt(0) ?? '')) continue;
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
  // The dictionary spells out the long o of 覆う and 催す, though not of 通る.
  else if (/^[覆催]/.test(surface)) morpheme.kana = kana.replace(/^(オ|モヨ)オ/, '$1ー');
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
