/**
 * Scores the romanisation of the four languages on labelled lines, and its speed against the libraries
 * alone. Prints a table.
 *
 *     node eval/romanisation.ts <folder>
 *
 * The folder holds tab-separated files with a header line: `ja.tsv` (text, pronunciation in katakana),
 * `yue.tsv` (text, Jyutping), `zh.tsv` (text, index of one character, its pinyin with tone number, 5 =
 * neutral) and `ko.tsv` (word, Revised Romanization). Files that are missing are left out.
 *
 * Rules: Japanese, character error rate of the reading in kana, long vowels folded, punctuation dropped.
 * Cantonese, syllable error rate, initial n/l and zero/ng folded. Mandarin, accuracy on the marked
 * character. Korean, whole words.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { romanize } from 'koroman';
import kuromoji, { type IpadicFeatures, type Tokenizer } from 'kuromoji';
import { pinyin } from 'pinyin-pro';
import toJyutping from 'to-jyutping';
import { loadCantonese } from '../src/algorithms/romanisation/cantonese/cantonese.ts';
import { loadJapanese } from '../src/algorithms/romanisation/japanese/japanese.ts';
import { toKatakana, vowelOf } from '../src/algorithms/romanisation/japanese/kana.ts';
import { KoreanRomaniser } from '../src/algorithms/romanisation/korean/korean.ts';
import { loadMandarin } from '../src/algorithms/romanisation/mandarin/mandarin.ts';
import { joinWords } from '../src/algorithms/romanisation/romaniser.ts';

interface Score {
  readonly language: string;
  readonly measure: string;
  /** Per cent, ours and the library's. */
  readonly ours: number;
  readonly library: number;
  readonly goal: string;
  readonly lines: number;
  /** Lines a second, romanised in full against the library's own call. */
  readonly speed: number;
  readonly librarySpeed: number;
}

type Fields = readonly string[];

function readTable(folder: string, name: string): Fields[] {
  const file = path.join(folder, name);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
}

function editDistance(a: ArrayLike<string>, b: ArrayLike<string>): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Errors over the length of the truth, in per cent. */
function errorRate<T extends ArrayLike<string>>(pairs: readonly (readonly [T, T])[]): number {
  let errors = 0;
  let length = 0;
  for (const [heard, truth] of pairs) {
    errors += editDistance(heard, truth);
    length += truth.length;
  }
  return (100 * errors) / length;
}

/** Lines a second of ours and the library's, measured by turns; the best of each, as others use this machine too. */
function compareSpeeds(
  lines: readonly string[],
  ours: (line: string) => unknown,
  library: (line: string) => unknown,
): { speed: number; librarySpeed: number } {
  const passes = Math.ceil(3000 / lines.length);
  const secondsOf = (convert: (line: string) => unknown): number => {
    const start = performance.now();
    for (let pass = 0; pass < passes; pass++) for (const line of lines) convert(line);
    return (performance.now() - start) / 1000;
  };
  let [oursSeconds, librarySeconds] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 6; round++) {
    oursSeconds = Math.min(oursSeconds, secondsOf(ours));
    librarySeconds = Math.min(librarySeconds, secondsOf(library));
  }
  const count = passes * lines.length;
  return { speed: count / oursSeconds, librarySpeed: count / librarySeconds };
}

function foldKana(kana: string): string {
  let folded = '';
  const katakana = toKatakana(kana).replaceAll('ヲ', 'オ').replaceAll('ヅ', 'ズ').replaceAll('ヂ', 'ジ');
  for (const character of katakana.replace(/[^ァ-ヴー]/g, '')) {
    const vowel = vowelOf(folded.at(-1) ?? '');
    const long =
      character === 'ー' || (character === 'イ' && vowel === 'エ') || (character === 'ウ' && vowel === 'オ');
    folded += long ? (vowel ?? '') : character;
  }
  return folded;
}

/** The library's analyser as it comes. */
function buildTokenizer(): Promise<Tokenizer<IpadicFeatures>> {
  const dicPath = path.join(
    path.dirname(createRequire(import.meta.url).resolve('kuromoji/package.json')),
    'dict',
  );
  return new Promise((resolve, reject) => {
    kuromoji.builder({ dicPath }).build((error: Error | null, tokenizer) => {
      if (error === null) resolve(tokenizer);
      else reject(error);
    });
  });
}

async function scoreJapanese(rows: readonly Fields[]): Promise<Score> {
  const japanese = await loadJapanese();
  const tokenizer = await buildTokenizer();
  const lines = rows.map(([text = '']) => text);
  const rate = (read: (text: string) => string): number =>
    errorRate(rows.map(([text = '', truth = '']) => [foldKana(read(text)), foldKana(truth)] as const));
  return {
    language: 'ja',
    measure: 'kana CER',
    ours: rate((text) => japanese.reading(text)),
    library: rate((text) =>
      tokenizer
        .tokenize(text)
        .map(({ pronunciation, surface_form }) => pronunciation ?? surface_form)
        .join(''),
    ),
    goal: '<= 1.6',
    lines: rows.length,
    ...compareSpeeds(
      lines,
      (line) => joinWords(japanese.romanise(line)),
      (line) => tokenizer.tokenize(line),
    ),
  };
}

function foldJyutping(syllables: readonly (string | null)[]): string[] {
  return syllables
    .flatMap((syllable) => syllable?.split(' ') ?? [])
    .map((syllable) => syllable.replace(/^n(?!g)/, 'l').replace(/^ng(?=[aeiou])/, ''));
}

async function scoreCantonese(rows: readonly Fields[]): Promise<Score> {
  const cantonese = await loadCantonese();
  const lines = rows.map(([text = '']) => text);
  const rate = (read: (text: string) => [string, string | null][]): number =>
    errorRate(
      rows.map(
        ([text = '', truth = '']) =>
          [foldJyutping(read(text).map(([, jyutping]) => jyutping)), foldJyutping(truth.split(' '))] as const,
      ),
    );
  return {
    language: 'yue',
    measure: 'syllable error rate',
    ours: rate((text) => cantonese.reading(text)),
    library: rate((text) => toJyutping.getJyutpingList(text)),
    goal: '<= 5',
    lines: rows.length,
    ...compareSpeeds(
      lines,
      (line) => joinWords(cantonese.romanise(line)),
      (line) => toJyutping.getJyutpingText(line),
    ),
  };
}

/** `zhōng` as `zhong1`; no mark is tone 5. */
function toneNumber(marked: string): string {
  const decomposed = marked.normalize('NFD');
  const tone = '\u0304\u0301\u030c\u0300';
  const found = [...decomposed].map((character) => tone.indexOf(character)).find((index) => index >= 0);
  return decomposed.replace(/[\u0304\u0301\u030c\u0300]/g, '').normalize('NFC') + ((found ?? 4) + 1);
}

async function scoreMandarin(rows: readonly Fields[]): Promise<Score> {
  const mandarin = await loadMandarin();
  const lines = rows.map(([text = '']) => text);
  const accuracy = (read: (text: string) => readonly string[]): number => {
    const right = rows.filter(([text = '', position, truth = '']) => {
      const reading = read(text)[Number(position)] ?? '';
      return toneNumber(reading) === truth.replace(/u:|v/, 'ü');
    });
    return (100 * right.length) / rows.length;
  };
  return {
    language: 'zh',
    measure: 'accuracy on polyphones',
    ours: accuracy((text) => mandarin.reading(text)),
    library: accuracy((text) => pinyin(text, { type: 'array', toneSandhi: false })),
    goal: '>= 93',
    lines: rows.length,
    ...compareSpeeds(
      lines,
      (line) => joinWords(mandarin.romanise(line)),
      (line) => pinyin(line),
    ),
  };
}

function scoreKorean(rows: readonly Fields[]): Score {
  const korean = new KoreanRomaniser();
  const lines = rows.map(([text = '']) => text);
  const accuracy = (romanise: (text: string) => string): number =>
    (100 * rows.filter(([text = '', truth]) => romanise(text) === truth).length) / rows.length;
  return {
    language: 'ko',
    measure: 'words exact',
    ours: accuracy((text) => joinWords(korean.romanise(text))),
    library: accuracy((text) => romanize(text)),
    goal: '100',
    lines: rows.length,
    ...compareSpeeds(
      lines,
      (line) => joinWords(korean.romanise(line)),
      (line) => romanize(line),
    ),
  };
}

async function main(folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    process.stderr.write('usage: node eval/romanisation.ts <folder with ja.tsv, yue.tsv, zh.tsv, ko.tsv>\n');
    process.exitCode = 2;
    return;
  }
  const scorers = { ja: scoreJapanese, yue: scoreCantonese, zh: scoreMandarin, ko: scoreKorean };
  const scores: Score[] = [];
  for (const [language, score] of Object.entries(scorers)) {
    const rows = readTable(folder, `${language}.tsv`);
    if (rows.length > 0) scores.push(await score(rows));
  }
  const table = [
    ['language', 'measure', 'lines', 'ours %', 'library %', 'goal %', 'lines/s', 'library lines/s'],
    ...scores.map((score) => [
      score.language,
      score.measure,
      String(score.lines),
      score.ours.toFixed(2),
      score.library.toFixed(2),
      score.goal,
      Math.round(score.speed).toLocaleString('en'),
      Math.round(score.librarySpeed).toLocaleString('en'),
    ]),
  ];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of table) {
    process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`);
  }
}

await main(process.argv[2]);
