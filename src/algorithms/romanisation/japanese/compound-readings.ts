import { hasHan } from './kana.ts';
import { sinoJapanese } from './kanji-readings.ts';
import { mergeMorphemes, type Morpheme } from './morpheme.ts';

/**
 * Compounds of two kanji that the dictionary lacks (誤射, 保湿, 渡欧) fall apart into one-kanji words, each with the
 * reading it has alone. Where one of the two is Sino-Japanese and the other native, or one is a verb's stem or a
 * name, they are no two words: such compounds are one word, Sino-Japanese throughout.
 *
 * (Two native nouns in a row, 白雪 or 子牛, are as often words as not: they stay.)
 *
 * @returns the morphemes with each such pair as one.
 */
export function readCompounds(morphemes: readonly Morpheme[]): Morpheme[] {
  const read: Morpheme[] = [];
  for (let index = 0; index < morphemes.length; index++) {
    const [first, second] = [morphemes[index] as Morpheme, morphemes[index + 1]];
    const kana = second === undefined ? undefined : compoundReading(first, second, morphemes[index - 1]);
    if (second === undefined || kana === undefined) read.push(first);
    else {
      read.push(mergeMorphemes([first, second], kana));
      index++;
    }
  }
  return read;
}

/** The reading of two morphemes as one word; undefined where they are none. */
function compoundReading(
  first: Morpheme,
  second: Morpheme,
  before: Morpheme | undefined,
): string | undefined {
  if (!isPart(first) || !isPart(second) || hasHan(before?.surface.at(-1) ?? '')) return undefined;
  const [firstSino, secondSino] = [sinoJapanese(first.surface), sinoJapanese(second.surface)];
  if (firstSino === undefined || secondSino === undefined) return undefined;
  const sinoParts = Number(isReadAs(first, firstSino)) + Number(isReadAs(second, secondSino));
  if (sinoParts === 2 || (sinoParts === 0 && !isNoWord(first) && !isNoWord(second))) return undefined;
  return contract(firstSino, secondSino);
}

/** Sino-Japanese words that join native ones as if they were native (鹿肉, 粉茶, 横棒), and 仏, France. */
const NATIVE_BY_USE = /^[肉茶棒線毒天蝶偏仏]$/;

function isPart({ surface, pos, detail1, kana }: Morpheme): boolean {
  if (surface.length !== 1 || kana === undefined) return false;
  const isWord =
    pos === '動詞' || (pos === '名詞' && /^(一般|サ変接続|固有名詞|形容動詞語幹)$/.test(detail1));
  return isWord && hasHan(surface) && !NATIVE_BY_USE.test(surface);
}

/** A verb's stem without its okurigana, and a name among plain words, are the analyser's last resort. */
function isNoWord({ pos, detail1 }: Morpheme): boolean {
  return pos === '動詞' || detail1 === '固有名詞';
}

function isReadAs({ kana = '' }: Morpheme, reading: string): boolean {
  return kana === reading || (kana.endsWith('ッ') && kana.slice(0, -1) === reading.slice(0, -1));
}

/** 発 + 車 is ハッシャ, 学 + 校 ガッコー: the first part's end and the second's onset meet. */
function contract(first: string, second: string): string {
  const stops = first.length > 1 && STOPPED_BEFORE[first.at(-1) ?? '']?.includes(second.charAt(0));
  if (stops !== true) return first + second;
  const voiceless = /^[ハヒフヘホ]/.test(second)
    ? `${second.charAt(0)}\u309a`.normalize('NFC') + second.slice(1)
    : second;
  return `${first.slice(0, -1)}ッ${voiceless}`;
}

const STOPPED_BEFORE: Readonly<Record<string, string>> = {
  ツ: 'カキクケコサシスセソタチツテトハヒフヘホ',
  チ: 'カキクケコサシスセソタチツテトハヒフヘホ',
  ク: 'カキクケコ',
};
