/**
 * The line as the analyser should see it. Songwriters spell words as the dictionary does not: old forms of
 * kanji and kana, rare kanji for common ones of the same sound, katakana for slang, marks of repetition.
 * The analyser is shown the common spelling, so that it finds the word with all its inflections.
 */
import { expandIterationMarks, toHiragana } from './kana.ts';
import { MODERN_FORMS } from './old-kanji.ts';

/** A line respelled, and the way back. */
export interface RespelledLine {
  readonly text: string;
  /** For an index of `text`, its length included, the index of the line it came from. */
  readonly original: (index: number) => number;
}

/** Rare characters for common ones, one for one. What follows tells the verb: 失くす is 無くす, but not 失う. */
const CHARACTERS: readonly (readonly [RegExp, string])[] = [
  [/碧(?=[いくかさ])/g, '青'],
  [/朱(?=[いくかさ])/g, '赤'],
  [/嗤/g, '笑'],
  [/失(?=く)/g, '無'],
  [/征(?=[くきけこ])/g, '往'],
  [/翅/g, '羽'],
  [/亡(?=[いく])/g, '無'],
  [/啼(?=[かきくけこい])/g, '鳴'],
  [/哭(?=[かきくけこい])/g, '泣'],
  [/愉(?=し)/g, '楽'],
  [/憶(?=[わいうえおっ])/g, '思'],
  [/懐(?=[わうえお]|っ[たて])/g, '思'],
  [/獲(?=[らりるれろっ])/g, '取'],
  [/[視観](?=[えた])/g, '見'],
  [/識(?=[らりるれろっ])/g, '知'],
  [/[悦歓](?=[ばびぶべぼん])/g, '喜'],
  [/堕(?=[とち])/g, '落'],
  [/灼(?=[かきくけこい])/g, '焼'],
  [/耀(?=[かきくけこい])/g, '輝'],
  [/醒(?=[めま])/g, '覚'],
  [/聴(?=こ)/g, '聞'],
  [/憑(?=[かきくけこい])/g, '付'],
  [/燈(?!籠)/g, '灯'],
  [/此(?=[のれ])/g, 'こ'],
  [/ゐ/g, 'い'],
  [/ゑ/g, 'え'],
];

type Respelling = readonly [pattern: RegExp, common: (found: RegExpExecArray) => string];

/** Spellings of another length. */
const WORDS: readonly Respelling[] = [
  [/彷徨(?=[わいうえおっ])/g, () => 'さまよ'],
  [/辿り着/g, () => 'たどり着'],
  [/あいた(?=い|く)/g, () => '会いた'],
  [/瞬(?=[くいけか])/g, () => 'またた'],
  [/落着(?=[かきくけこい])/g, () => '落ち着'],
  [/愛し(?=さ(?!え)|げ)/g, () => 'いとし'],
  [/はなればなれ/g, () => '離れ離れ'],
  // Words that are usually written in kana.
  [/有り?難う/g, () => 'ありがとう'],
  [/乍ら/g, () => 'ながら'],
  [/以て/g, () => 'もって'],
  [/未だ(?!に)/g, () => 'まだ'],
  [/兎に角/g, () => 'とにかく'],
  [/兎も角/g, () => 'ともかく'],
  [/成程/g, () => 'なるほど'],
  [/所謂/g, () => 'いわゆる'],
  [/屹度/g, () => 'きっと'],
  [/只管/g, () => 'ひたすら'],
  [/俄か/g, () => 'にわか'],
  [/苛々/g, () => 'いらいら'],
  [/艶々/g, () => 'つやつや'],
  [/偶々/g, () => 'たまたま'],
  [/煌びやか/g, () => 'きらびやか'],
  [/間も無く/g, () => 'まもなく'],
  [/此奴/g, () => 'こいつ'],
  [/其奴/g, () => 'そいつ'],
  [/彼奴/g, () => 'あいつ'],
  [/怠(?=い|くて|かっ)/g, () => 'だる'],
  [/敵(?=わ(?:ない|なかっ|なく|ぬ|ず))/g, () => 'かな'],
  [/千切(?=[らるれろっ])/g, () => 'ちぎ'],
  [/騒(?=め[かきくけこい])/g, () => 'ざわ'],
  [/藻掻(?=[かきくけこい])/g, () => 'もが'],
  [/揶揄(?=[わいうえおっ])/g, () => 'からか'],
  [/燥(?=[がぎぐげごい])/g, () => 'はしゃ'],
  [/素晴(?=し)/g, () => '素晴ら'],
  // Adjectives of slang: ヤバい, スゴく, カッコよかった.
  [
    /(?<![ァ-ヺー])(?:ヤバ|スゴ|ズル|ツラ|ヒド|ダサ|コワ|キツ|カッコ)(?=[いく]|か[っろ]|け|よ[くかさ])/g,
    ([slang]) => toHiragana(slang),
  ],
  // Marks that repeat two kana, and those that voice the first of them.
  [/(?<=([ぁ-ゖァ-ヺ][ぁ-ゖァ-ヺー]))(?:〱|〳〵)/g, ([, repeated = '']) => repeated],
  [
    /(?<=([ぁ-ゖァ-ヺ])([ぁ-ゖァ-ヺー]))(?:〲|〴〵)/g,
    ([, first = '', second = '']) => `${first}\u3099`.normalize('NFC') + second,
  ],
];

const OLD_KANJI = new RegExp(`[${[...MODERN_FORMS.keys()].join('')}]`, 'g');
const ANY_CHARACTER = anyOf(CHARACTERS);
const ANY_WORD = anyOf(WORDS);

/** What finds any of the patterns: nearly every line has none. */
function anyOf(patterns: readonly (readonly [RegExp, ...unknown[]])[]): RegExp {
  return new RegExp(patterns.map(([{ source }]) => source).join('|'));
}

/** Respells a line (without line breaks). */
export function respell(line: string): RespelledLine {
  let text = expandIterationMarks(line).replace(OLD_KANJI, (old) => MODERN_FORMS.get(old) ?? old);
  if (ANY_CHARACTER.test(text)) {
    text = CHARACTERS.reduce((respelled, [pattern, common]) => respelled.replace(pattern, common), text);
  }
  if (!ANY_WORD.test(text)) return { text, original: (index) => index };
  const origins = Array.from({ length: text.length + 1 }, (_, index) => index);
  const words = WORDS.reduce(respellWord, { text, origins });
  return { text: words.text, original: (index) => words.origins[index] ?? line.length };
}

interface MappedText {
  readonly text: string;
  /** For each index, its length included, that in the line. */
  readonly origins: readonly number[];
}

function respellWord({ text, origins }: MappedText, [pattern, common]: Respelling): MappedText {
  let respelled = '';
  const mapped: number[] = [];
  let position = 0;
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    const word = common(match);
    respelled += text.slice(position, match.index) + word;
    mapped.push(...origins.slice(position, match.index));
    for (let i = 0; i < word.length; i++) mapped.push(origins[Math.min(match.index + i, end)] ?? end);
    position = end;
  }
  return { text: respelled + text.slice(position), origins: [...mapped, ...origins.slice(position)] };
}
