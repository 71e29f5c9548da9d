/**
 * Numbers and counters: `三本` is sanbon, `一人` hitori, `20歳` hatachi. The dictionary knows a number's
 * parts and the counter, but not how they change each other.
 */
import { isKatakana } from './kana.ts';
import type { Morpheme } from './morpheme.ts';

const DIGITS = ['ゼロ', 'イチ', 'ニ', 'サン', 'ヨン', 'ゴ', 'ロク', 'ナナ', 'ハチ', 'キュー'];
const KANJI_DIGITS = '〇一二三四五六七八九';
const SMALL_UNITS = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1000],
]);
const LARGE_UNITS = new Map([
  ['万', 1e4],
  ['億', 1e8],
  ['兆', 1e12],
]);
/** Numbers from here on (兆 times ten thousand) are read part by part, as the dictionary does. */
const LIMIT = 1e16;
const NUMERAL = /^[0-9０-９〇一二三四五六七八九十百千万億兆]+$/;
/** Some, how many: stand for a digit. */
const INDEFINITE: ReadonlyMap<string, string> = new Map([
  ['何', 'ナン'],
  ['数', 'スー'],
  ['幾', 'イク'],
]);

/** Whole readings of small numbers with a counter, where they are native words or irregular. */
const IRREGULAR: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  人: { 1: 'ヒトリ', 2: 'フタリ' },
  つ: {
    1: 'ヒトツ',
    2: 'フタツ',
    3: 'ミッツ',
    4: 'ヨッツ',
    5: 'イツツ',
    6: 'ムッツ',
    7: 'ナナツ',
    8: 'ヤッツ',
    9: 'ココノツ',
  },
  日: {
    2: 'フツカ',
    3: 'ミッカ',
    4: 'ヨッカ',
    5: 'イツカ',
    6: 'ムイカ',
    7: 'ナノカ',
    8: 'ヨーカ',
    9: 'ココノカ',
    10: 'トーカ',
    14: 'ジューヨッカ',
    20: 'ハツカ',
    24: 'ニジューヨッカ',
  },
  時: { 0: 'レイジ' },
  点: { 0: 'レイテン' },
  度: { 0: 'レイド' },
  粒: { 1: 'ヒトツブ', 2: 'フタツブ' },
  晩: { 1: 'ヒトバン', 2: 'フタバン' },
  歳: { 20: 'ハタチ' },
  才: { 20: 'ハタチ' },
  月: { 4: 'シガツ', 7: 'シチガツ', 9: 'クガツ' },
};

/** A last digit read otherwise before some counters. */
const LAST_DIGITS: readonly (readonly [RegExp, Readonly<Record<number, string>>])[] = [
  [/^人/, { 4: 'ヨ', 7: 'シチ' }],
  [/^[年円]/, { 4: 'ヨ' }],
  [/^時/, { 4: 'ヨ', 7: 'シチ', 9: 'ク' }],
  [/^日/, { 4: 'ヨッ', 7: 'シチ', 9: 'ク' }],
];

/** h becomes p, not b, after ン. */
const P_AFTER_N = /^[分発泊拍品歩]/;
const VOICED_H: Readonly<Record<string, readonly [p: string, b: string]>> = {
  ハ: ['パ', 'バ'],
  ヒ: ['ピ', 'ビ'],
  フ: ['プ', 'ブ'],
  ヘ: ['ペ', 'ベ'],
  ホ: ['ポ', 'ボ'],
};

/** Reads numbers and the counters after them, in place. */
export function readNumbers(morphemes: Morpheme[]): void {
  for (let from = 0; from < morphemes.length; from++) {
    if (!isNumber(morphemes[from])) continue;
    let to = from + 1;
    while (isNumber(morphemes[to])) to++;
    readNumber(morphemes, from, to);
    from = to - 1;
  }
}

function isNumber(morpheme: Morpheme | undefined): boolean {
  if (morpheme === undefined || morpheme.pos !== '名詞' || morpheme.detail1 !== '数') return false;
  return NUMERAL.test(morpheme.surface) || INDEFINITE.has(morpheme.surface);
}

function readNumber(morphemes: Morpheme[], from: number, to: number): void {
  const parts = morphemes.slice(from, to);
  const [first] = parts;
  if (first === undefined) return;
  const counter = morphemes[to];
  const counted = counter?.kana !== undefined && isCounter(counter);
  const arabic = parts.some(({ surface }) => /[0-9０-９]/.test(surface));
  // A digit that counts nothing Japanese stays a digit; one kanji numeral alone keeps its own reading.
  if (first.surface === '一' && parts.length === 1 && isNativelyCounted(counter)) {
    first.kana = 'ヒト';
    return;
  }
  if (!counted && (arabic ? counter?.kana === undefined : parts.length === 1)) {
    if (arabic) for (const part of parts) part.kana = undefined;
    return;
  }
  const surface = parts.map((part) => part.surface).join('');
  const indefinite = INDEFINITE.get(surface.charAt(0));
  const numeral = indefinite === undefined ? surface : surface.slice(1);
  const value = numeral === '' ? Number.NaN : valueOf(numeral);
  if (value === undefined) return;

  let kana = Number.isNaN(value) ? '' : readValue(numeral, value);
  if (indefinite !== undefined) kana = afterIndefinite(indefinite, kana);
  if (counted) {
    const irregular =
      indefinite === undefined ? irregularReading(value, counter, morphemes[from - 1]) : undefined;
    if (irregular !== undefined) {
      for (const part of parts) part.kana = '';
      first.kana = irregular;
      counter.kana = irregularRest(counter);
      return;
    }
    if (counter.surface === '月') counter.kana = 'ガツ';
    if (indefinite === 'スー' && counter.surface.startsWith('日')) {
      counter.kana = counter.kana?.replace('ニチ', 'ジツ');
    }
    kana = meetCounter(kana, Number.isNaN(value) ? 0 : value, counter);
  }
  for (const part of parts) part.kana = '';
  first.kana = kana;
}

/** 一握り, 一回り: nouns made of verbs, and some others, are counted by the native numeral. */
function isNativelyCounted(counted: Morpheme | undefined): boolean {
  if (counted === undefined || !/^(名詞|動詞)$/.test(counted.pos)) return false;
  if (counted.pos === '動詞' && counted.conjugatedForm !== '連用形') return false;
  return /^\p{sc=Han}+[ぁ-ん]+$/u.test(counted.surface) || /^(部屋|雫|欠片|塊)$/.test(counted.surface);
}

function isCounter({ pos, detail1, detail2, surface }: Morpheme): boolean {
  if (pos !== '名詞' && surface !== 'つ') return false;
  return (detail1 === '接尾' && detail2 === '助数詞') || /^[つ日月年人]$/.test(surface);
}

function irregularReading(
  value: number,
  { surface }: Morpheme,
  before: Morpheme | undefined,
): string | undefined {
  // The first of a month, but one day otherwise.
  if (surface === '日' && value === 1)
    return before?.kana?.endsWith('ガツ') || before?.surface === '月' ? 'ツイタチ' : undefined;
  const counter = surface === '日間' ? '日' : surface;
  return Object.hasOwn(IRREGULAR, counter) ? IRREGULAR[counter]?.[value] : undefined;
}

/** What is left to say of a counter once the irregular reading has said its first character. */
function irregularRest({ surface }: Morpheme): string {
  return surface === '日間' ? 'カン' : '';
}

function afterIndefinite(indefinite: string, kana: string): string {
  if (indefinite !== 'ナン') return indefinite + kana;
  return indefinite + kana.replace(/^ヒャク/, 'ビャク').replace(/^セン/, 'ゼン');
}

/** How number and counter change each other; changes the counter, gives the number. */
function meetCounter(kana: string, value: number, counter: Morpheme): string {
  const digit = value % 10;
  let number = kana;
  for (const [pattern, readings] of LAST_DIGITS) {
    const reading = pattern.test(counter.surface) ? readings[digit] : undefined;
    const usual = DIGITS[digit] ?? '';
    if (reading !== undefined && digit !== 0) number = number.slice(0, -usual.length) + reading;
  }
  const counterKana = counter.kana ?? '';
  const onset = counterKana.charAt(0);
  const h = VOICED_H[onset];
  if (isKatakana(counter.surface) || !/[カキクケコサシスセソタチツテトハヒフヘホ]/.test(onset)) return number;
  const stopped = stopBefore(number, onset);
  if (stopped !== undefined) {
    if (h !== undefined) counter.kana = h[0] + counterKana.slice(1);
    return stopped;
  }
  if (number.endsWith('ン') && h !== undefined) {
    const three = !number.endsWith('ヨン');
    if (P_AFTER_N.test(counter.surface)) {
      if (three || counter.surface.startsWith('分')) counter.kana = h[0] + counterKana.slice(1);
    } else if (three) counter.kana = h[1] + counterKana.slice(1);
  } else if (number.endsWith('サン') && /^[階軒足]/.test(counter.surface)) {
    counter.kana = String.fromCharCode(onset.charCodeAt(0) + 1) + counterKana.slice(1);
  }
  return number;
}

/** The number with its end stopped (イッ, ロッ, ハッ, ジュッ, ヒャッ) before a voiceless onset, where it is. */
function stopBefore(number: string, onset: string): string | undefined {
  if (/(イチ|ハチ)$/.test(number)) return `${number.slice(0, -1)}ッ`;
  if (number.endsWith('ジュー')) return `${number.slice(0, -1)}ッ`;
  const soft = /[カキクケコハヒフヘホ]/.test(onset);
  return soft && /(ロク|ヒャク|ビャク|ピャク)$/.test(number) ? `${number.slice(0, -1)}ッ` : undefined;
}

/** The value of digits or kanji numerals; undefined for what is no number or too large to be one. */
function valueOf(numeral: string): number | undefined {
  const ascii = numeral.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  if (!NUMERAL.test(ascii)) return undefined;
  if (/^[0-9]+$/.test(ascii)) return Number(ascii) < LIMIT ? Number(ascii) : undefined;
  let total = 0;
  let section = 0;
  let digits = '';
  const flush = (): number => {
    const number = digits === '' ? 1 : Number(digits);
    digits = '';
    return number;
  };
  for (const character of ascii) {
    const small = SMALL_UNITS.get(character);
    const large = LARGE_UNITS.get(character);
    if (small !== undefined) section += flush() * small;
    else if (large !== undefined) {
      section += digits === '' && section > 0 ? 0 : flush();
      total += section * large;
      section = 0;
    } else digits += /[0-9]/.test(character) ? character : String(KANJI_DIGITS.indexOf(character));
  }
  const value = total + section + (digits === '' ? 0 : Number(digits));
  return value < LIMIT ? value : undefined;
}

function readValue(numeral: string, value: number): string {
  // 007 and the like are said digit by digit.
  if (/^[0０〇]./.test(numeral)) return [...numeral].map((c) => DIGITS[digitOf(c)] ?? '').join('');
  if (value === 0) return 'ゼロ';
  let kana = '';
  let rest = value;
  for (const [unit, name] of [
    [1e12, 'チョー'],
    [1e8, 'オク'],
    [1e4, 'マン'],
  ] as const) {
    const count = Math.floor(rest / unit);
    rest %= unit;
    if (count === 0) continue;
    const counted = readBelowTenThousand(count);
    kana += (unit === 1e12 ? (stopBefore(counted, 'チ') ?? counted) : counted) + name;
  }
  // 万 alone, as 千 alone, has no イチ before it where the lyrics write none.
  if (/^[万億兆]/.test(numeral)) kana = kana.replace(/^イ[チッ]/, '');
  return kana + readBelowTenThousand(rest);
}

function readBelowTenThousand(value: number): string {
  const [thousands, hundreds, tens, ones] = [1000, 100, 10, 1].map((unit) => Math.floor(value / unit) % 10);
  let kana = '';
  if (thousands === 3) kana += 'サンゼン';
  else if (thousands === 8) kana += 'ハッセン';
  else if (thousands) kana += (thousands === 1 ? '' : DIGITS[thousands]) + 'セン';
  if (hundreds === 3) kana += 'サンビャク';
  else if (hundreds === 6) kana += 'ロッピャク';
  else if (hundreds === 8) kana += 'ハッピャク';
  else if (hundreds) kana += (hundreds === 1 ? '' : DIGITS[hundreds]) + 'ヒャク';
  if (tens) kana += (tens === 1 ? '' : DIGITS[tens]) + 'ジュー';
  return kana + (ones ? DIGITS[ones] : '');
}

function digitOf(character: string): number {
  const kanji = KANJI_DIGITS.indexOf(character);
  return kanji >= 0 ? kanji : Number(character.normalize('NFKC'));
}
