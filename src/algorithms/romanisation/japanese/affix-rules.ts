/** Prefixes, suffixes and parts of compounds whose reading hangs on what they are joined to. */
import { isKatakana } from './kana.ts';
import { sinoJapanese } from './kanji-readings.ts';
import type { Morpheme } from './morpheme.ts';
import { type ContextRules, isName, isNoun, isPlainNoun } from './neighbours.ts';

export const AFFIX_RULES: ContextRules = [
  // Within a city a 町 is a chō, and so is a numbered one.
  [
    '町',
    (morpheme, { before2, before }) =>
      morpheme.detail1 === '接尾' && (before2?.surface.endsWith('市') || before?.surface.endsWith('番'))
        ? 'チョー'
        : undefined,
  ],
  // 料理人, 受取人: who does something is nin; 日本人, 社会人 are jin.
  [
    '人',
    ({ kana, detail1 }, { before }) =>
      kana === 'ジン' && detail1 === '接尾' && isAction(before) ? 'ニン' : undefined,
  ],
  [
    '手',
    ({ kana }, { before }) => (kana === 'シュ' && /[ぁ-ん]$/.test(before?.surface ?? '') ? 'テ' : undefined),
  ],
  [
    '水',
    ({ kana }, { before }) =>
      kana === 'スイ' && /[ぁ-ん]$/.test(before?.surface ?? '') ? 'ミズ' : undefined,
  ],
  ['話', ({ kana }, { before }) => (kana === 'ハナシ' && isPlainNoun(before) ? 'バナシ' : undefined)],
  ['不足', (_, { before }) => (isPlainNoun(before) ? 'ブソク' : undefined)],
  ['寿司', (_, { before }) => (isPlainNoun(before) ? 'ズシ' : undefined)],
  ['家', (morpheme, { before }) => (morpheme.detail1 === '接尾' && isName(before) ? 'ケ' : undefined)],
  ['会社', (_, { before }) => (isNoun(before) && before?.detail1 !== '数' ? 'ガイシャ' : undefined)],
  [
    '者',
    ({ kana }, { before }) =>
      kana === 'シャ' &&
      /^(田舎|正直|乱暴|働き|怠け|余所|よそ|若|何|曲|悪|愚か|人気|邪魔|裏切り|変わり|除け|のけ|幸せ|果報|嫌われ|人間|お尋ね)$/.test(
        before?.surface ?? '',
      )
        ? 'モノ'
        : undefined,
  ],
  [
    '物',
    ({ kana }, { before }) =>
      kana === 'ブツ' &&
      (before?.pos === '動詞' || before?.surface === '何' || /[ぁ-ん]$/.test(before?.surface ?? ''))
        ? 'モノ'
        : undefined,
  ],
  // 進行形, 楕円形, but 星形.
  [
    '形',
    ({ kana }, { before }) =>
      kana === 'ガタ' && isPlainNoun(before) && /^\p{sc=Han}{2,}$/u.test(before?.surface ?? '')
        ? 'ケイ'
        : undefined,
  ],
  [
    '色',
    ({ kana }, { before }) =>
      kana === 'ショク' &&
      before !== undefined &&
      !/^(国際|郷土|地方|地域|政治|宗教|特|単|原|三|血|蛍光|反対|保護|天然|純)$/.test(before.surface)
        ? 'イロ'
        : undefined,
  ],
  [
    '大',
    ({ pos }, { after }) =>
      pos === '接頭詞' && /^[^ぁ-ん]+[ぁ-ん]+$/.test(after?.surface ?? '') ? 'オー' : undefined,
  ],
  // 小枝, 小羊: before a single kanji read as a native word.
  [
    '小',
    ({ pos, kana }, { after }) =>
      pos === '接頭詞' && kana === 'ショー' && after?.surface.length === 1 && isNative(after)
        ? 'コ'
        : undefined,
  ],
  [
    '御',
    ({ kana }, { after }) =>
      kana === 'ゴ' && /([ぁ-ん]|茶|湯|酒|金|水|米|天気|化粧|電話)$/.test(after?.surface ?? '')
        ? 'オ'
        : undefined,
  ],
  // After a name 君 is a title; after anything else, you.
  ['君', ({ detail1 }, { before }) => (detail1 === '接尾' && !isName(before) ? 'キミ' : undefined)],
  [
    '頃',
    (_, { before }) => {
      if (before?.surface === 'この' || before?.surface === 'いつ') return 'ゴロ';
      return before?.pos === '名詞' && before.detail1 !== '代名詞' ? 'ゴロ' : undefined;
    },
  ],
  [
    '日本',
    (_, { after }) =>
      /^(酒|画|史|製|式|中|料理|列島|海|刀|語|髪|犬|茶|食|晴れ|庭園|文化)/.test(after?.surface ?? '')
        ? 'ニホン'
        : undefined,
  ],
  ['聖', (_, { after }) => (isKatakana(after?.surface ?? '') ? 'セイ' : undefined)],
  ['湖', (_, { before }) => (isNoun(before) ? 'コ' : undefined)],
  ['語', ({ kana }) => (kana === 'カタリ' ? 'ゴ' : undefined)],
  [
    '後',
    ({ kana }, { before, after }) => {
      if (before?.base === 'た' || before?.surface === 'の' || before?.base === 'だ') return 'アト';
      if (kana !== 'ゴ' || before?.pos === '名詞' || after === undefined) return undefined;
      return after.surface === 'に' ? 'ノチ' : 'アト';
    },
  ],
];

function isNative({ surface, kana, pos, detail1 }: Morpheme): boolean {
  return pos === '名詞' && detail1 !== '数' && kana !== sinoJapanese(surface);
}

function isAction(morpheme: Morpheme | undefined): boolean {
  if (morpheme === undefined || /^(渡来|生活|放送|出版|読書|報道)$/.test(morpheme.surface)) return false;
  return morpheme.detail1 === 'サ変接続' || /^(被告|怪我|受取|立会)$/.test(morpheme.surface);
}
