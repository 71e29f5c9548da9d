import type { Morpheme } from './morpheme.ts';

/**
 * Words that the dictionary also has as suffixes, in another reading: 我が家 (ya), but 昨夜 家に (ie). After an
 * adverb, a particle or a word of time nothing is there to be a suffix of, though the analyser may think so.
 */
const STANDALONE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    家: 'イエ',
    車: 'クルマ',
    人: 'ヒト',
    水: 'ミズ',
    雨: 'アメ',
    金: 'カネ',
    口: 'クチ',
    物: 'モノ',
    者: 'モノ',
    川: 'カワ',
    色: 'イロ',
    音: 'オト',
    体: 'カラダ',
    手: 'テ',
    心: 'ココロ',
    声: 'コエ',
    顔: 'カオ',
    海: 'ウミ',
    山: 'ヤマ',
    島: 'シマ',
    道: 'ミチ',
    花: 'ハナ',
    町: 'マチ',
    街: 'マチ',
    店: 'ミセ',
    上: 'ウエ',
    嫌い: 'キライ',
    好き: 'スキ',
    話: 'ハナシ',
    会社: 'カイシャ',
    君: 'キミ',
  }),
);

/** The reading of a suffix that is none, here; undefined where it may well be one. */
export function standaloneReading(morpheme: Morpheme, before: Morpheme | undefined): string | undefined {
  if (morpheme.detail1 !== '接尾' || before === undefined || !leavesAlone(before)) return undefined;
  return STANDALONE.get(morpheme.surface);
}

function leavesAlone({ pos, surface }: Morpheme): boolean {
  if (/^(副詞|助詞|感動詞|接続詞|連体詞)$/.test(pos)) return true;
  return /^([ぁ-ん]+|毎.|昨.|今.|明.|一番|全て|偶然|以前|以後|以来)$/.test(surface);
}
