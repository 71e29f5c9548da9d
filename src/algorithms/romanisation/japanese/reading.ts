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
  const analysed: Morpheme[] = [];
  const analyse = (run: string, start: number): void => {
    analysed.push(...analyseRun(tokenizer, run, line, (index) => original(start + index)));
  };
  if (!PASSING_BY.test(text)) analyse(text, 0);
  else {
    for (const { 0: run, index } of text.matchAll(RUNS)) {
      if (PASSING_BY.test(run)) analysed.push(latin(run, original(index)));
      else analyse(run, index);
    }
  }
  const morphemes = readLexicon(readCompounds(readRepetitions(analysed)));
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
  drawOut(morphemes, unstretched.stretches, toLine);
  return morphemes;
}

/** Draws vowels out, in place. `stretches` are as {@link unstretch} gives them, `toLine` gives the line's index for each. */
function drawOut(
  morphemes: readonly Morpheme[],
  stretches: readonly number[],
  toLine: (index: number) => number,
): void {
  const rests = new Map<Morpheme, number[]>();
  let next = 0;
  for (const at of stretches) {
    // The vowel before it is the one drawn out.
    const vowel = toLine(at - 1);
    while (next < morphemes.length && (morphemes[next] as Morpheme).start <= vowel) next++;
    const drawn = morphemes[next - 1];
    if (drawn === undefined) continue;
    const rest = drawn.start + drawn.surface.length - toLine(at + 1) + 1;
    const others = rests.get(drawn);
    if (others === undefined) rests.set(drawn, [rest]);
    else others.push(rest);
  }
  for (const [morpheme, found] of rests) {
    if (morpheme.kana !== undefined) morpheme.kana = stretchReading(morpheme.kana, found);
  }
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
function readRepetitions(morphemes: readonly Morpheme[]): Morpheme[] {
  const read: Morpheme[] = [];
  for (let index = 0; index < morphemes.length; index++) {
    const [word, mark] = [morphemes[index] as Morpheme, morphemes[index + 1]];
    if (mark?.surface !== '々' || word.kana === undefined || !isRepeated(word)) read.push(word);
    else {
      read.push(mergeMorphemes([word, mark], word.kana + voiceFirst(word.kana)));
      index++;
    }
  }
  return read;
}

function isRepeated({ pos, detail1, surface }: Morpheme): boolean {
  return pos === '名詞' && detail1 !== '数' && surface.length === 1;
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
function readLexicon(morphemes: readonly Morpheme[]): Morpheme[] {
  const read: Morpheme[] = [];
  for (let from = 0; from < morphemes.length; ) {
    const first = morphemes[from] as Morpheme;
    const found = isNumeral(read.at(-1)) ? undefined : longestInLexicon(morphemes, from);
    const to = found?.to ?? from + 1;
    if (found === undefined) read.push(first);
    else if (to > from + 1) {
      read.push(mergeMorphemes([first, ...morphemes.slice(from + 1, to)], found.kana));
    } else {
      first.kana = found.kana;
      read.push(first);
    }
    from = to;
  }
  return read;
}

/** The longest word of the lexicon that begins with morpheme `from`: behind which one it ends, and its reading. */
function longestInLexicon(
  morphemes: readonly Morpheme[],
  from: number,
): { readonly to: number; readonly kana: string } | undefined {
  let surface = morphemes[from]?.surface ?? '';
  if (!LEXICON_INITIALS.has(surface.charAt(0))) return undefined;
  let best: { readonly to: number; readonly kana: string } | undefined;
  for (let to = from + 1; surface.length <= LONGEST_LEXICON_WORD; to++) {
    const kana = LEXICON.get(surface);
    if (kana !== undefined) best = { to, kana };
    if (to >= morphemes.length) break;
    surface += morphemes[to]?.surface ?? '';
  }
  return best;
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

/** Sets the readings that the lyrics give, in order. Okurigana and honorific prefixes around the kanji keep theirs. */
function applyGiven(morphemes: readonly Morpheme[], given: readonly GivenReading[]): void {
  // Made once they are all known: a long word may be given many, and keeps what the last one leaves of it.
  const readings = new Map<Morpheme, () => string>();
  let whole = 0;
  let to = 0;
  for (const { start, end, kana } of given) {
    while (whole < morphemes.length && endOf(morphemes[whole]) <= start) whole++;
    while (to < morphemes.length && (morphemes[to] as Morpheme).start < end) to++;
    // The whole run of kanji before the bracket, or its last word where the reading is shorter than the run
    // (永遠運命(さだめ) gives 運命 alone its reading).
    const from = kana.length >= end - start ? whole : to - 1;
    const [first, last] = [morphemes[from], morphemes.at(to - 1)];
    if (first === undefined || last === undefined) continue;
    const before = (): string => toKatakana(first.surface.slice(0, Math.max(0, start - first.start)));
    const after = (): string => toKatakana(last.surface.slice(Math.max(0, end - last.start)));
    readings.set(first, () => before() + kana + (first === last ? after() : ''));
    for (const morpheme of morphemes.slice(from + 1, to)) {
      readings.set(morpheme, () => (morpheme === last ? after() : ''));
    }
  }
  for (const [morpheme, reading] of readings) morpheme.kana = reading();
}

function endOf(morpheme: Morpheme | undefined): number {
  return morpheme === undefined ? 0 : morpheme.start + morpheme.surface.length;
}
