/** Nouns whose reading hangs on their neighbours. */
import type { Morpheme } from './morpheme.ts';
import { type ContextRules, isDemonstrative, isNoun, modifies, type Neighbours } from './neighbours.ts';

export const NOUN_RULES: ContextRules = [
  ['方', readKata],
  [
    '間',
    (_, { before }) =>
      (modifies(before) && before?.base !== 'という') || before?.surface === 'この' ? 'アイダ' : undefined,
  ],
  [
    '他',
    (_, { before, after }) =>
      !isNoun(before) && (after === undefined || /^[のにはと]/.test(after.surface)) ? 'ホカ' : undefined,
  ],
  [
    '土',
    ({ kana }, { before, after }) =>
      kana === 'ド' && !isNoun(before) && after?.pos === '助詞' ? 'ツチ' : undefined,
  ],
  // 今 is ima on its own, kon of a period: 今世紀.
  [
    '今',
    ({ kana }, { after }) =>
      kana === 'コン' &&
      !/^(世紀|年度|学期|場所|大会|国会|季|期|夏|春|秋|冬|シーズン|シリーズ|回|次|上期|下期)/.test(
        after?.surface ?? '',
      )
        ? 'イマ'
        : undefined,
  ],
  [
    '金',
    ({ kana }, { before, after, after2 }) =>
      // A Kim that one has, earns or spends is money.
      (kana === 'キム' &&
        /^[がを]$/.test(after?.surface ?? '') &&
        /^(な|あ|欲|要|稼|払|貯|使|かか)/.test(after2?.surface ?? '')) ||
      (kana === 'キン' &&
        !isNoun(before) &&
        /^[をがはもでに]$/.test(after?.surface ?? '') &&
        !/^(銀|メダル|獲得)/.test(after2?.surface ?? ''))
        ? 'カネ'
        : undefined,
  ],
  [
    '実',
    ({ kana }, { after, after2 }) =>
      kana === 'ミ' &&
      (after?.surface === 'の' || (after?.surface === 'を' && /^[言い]/.test(after2?.surface ?? '')))
        ? 'ジツ'
        : undefined,
  ],
  ['辺', ({ kana }, { before }) => (kana === 'アタリ' && isDemonstrative(before) ? 'ヘン' : undefined)],
  [
    '風',
    (_, { before, after }) =>
      /^([こそあど]んな|いう|[こそあど]ういう)$/.test(before?.surface ?? '') &&
      /^[にでなだ]/.test(after?.surface ?? '')
        ? 'フー'
        : undefined,
  ],
  ['行', ({ kana }) => (kana === 'クダリ' ? 'ギョー' : undefined)],
  ['的', ({ kana }, { before }) => (kana === 'テキ' && before?.pos !== '名詞' ? 'マト' : undefined)],
  ['左腕', (_, { after }) => (after?.pos === '助詞' ? 'ヒダリウデ' : undefined)],
  ['右腕', (_, { after }) => (after?.pos === '助詞' ? 'ミギウデ' : undefined)],
  ['身体', (_, { after }) => (after?.pos === '名詞' && after.detail1 !== '非自立' ? undefined : 'カラダ')],
  ['側', (_, { before }) => (before === undefined || modifies(before) ? 'ソバ' : undefined)],
  ['術', (_, { before }) => (modifies(before) ? 'スベ' : undefined)],
  ['刻', (_, { before }) => (before === undefined || modifies(before) ? 'トキ' : undefined)],
  ['角', (_, { before, after }) => (isNoun(before) || isNoun(after) ? undefined : 'カド')],
  [
    '何',
    ({ kana }, { after }) =>
      kana === 'ナニ' && /^(だ|です|の|と|で|でも)$/.test(after?.base ?? '') ? 'ナン' : undefined,
  ],
  ['額', (_, { before }) => (isNoun(before) ? undefined : 'ヒタイ')],
  ['露', (_, { before }) => (isNoun(before) ? undefined : 'ツユ')],
  ['我', ({ kana }, { after }) => (kana === 'ワガ' && after?.pos === '助詞' ? 'ワレ' : undefined)],
  ['負', (_, { after }) => (after?.surface === 'の' ? 'フ' : undefined)],
  [
    '期',
    (_, { before, after }) =>
      /^[こそ]の$/.test(before?.surface ?? '') && after?.surface === 'に' ? 'ゴ' : undefined,
  ],
  ['獣', ({ kana }) => (kana === 'シシ' ? 'ケモノ' : undefined)],
];

function isDirection(morpheme: Morpheme | undefined): boolean {
  return (
    morpheme !== undefined &&
    /^(右|左|前|後ろ|上|下|東|西|南|北|遠く|近く|奥|外|内|[こそあど]ちら)$/.test(morpheme.surface)
  );
}

function isPerson(morpheme: Morpheme | undefined): boolean {
  return /([性者人員客様達徒生代士師]|他|ほか|初めて|家族|近所|地元|年配|担当|男|女|別|多く|皆)$/.test(
    morpheme?.surface ?? '',
  );
}

/** 方: a person (カタ) or a side, a way (ホー). */
function readKata(
  morpheme: Morpheme,
  { before2, before, after, after2, inLine }: Neighbours,
): string | undefined {
  if (morpheme.detail1 === '接尾') {
    // 先生方, but やり方.
    return before?.pos === '名詞' && before.detail1 !== 'サ変接続' ? 'ガタ' : undefined;
  }
  if (morpheme.kana !== 'ホー' || before === undefined) return undefined;
  if (isDirection(before2) || before2?.detail1 === '代名詞') return undefined;
  if (before.surface === 'の' && before.pos === '助詞' && !isPerson(before2)) {
    // 仕事の方に, 健康の方が富より.
    if (after?.surface === 'に' || before2?.detail1 === 'サ変接続') return undefined;
    if (after?.surface === 'が' && inLine('より')) return undefined;
  }
  const compared = after?.surface === 'が' && /^(形容詞|副詞)$/.test(after2?.pos ?? '');
  const towards = after === undefined || /^[へをまからより]/.test(after.surface) || after.detail1 === '句点';
  if (compared || towards) return undefined;
  if (after.surface === 'が' && /^(形容動詞語幹|サ変接続)$/.test(after2?.detail1 ?? '')) return undefined;
  if (before.pos === '連体詞') return /^[こそあ]の$/.test(before.surface) ? 'カタ' : undefined;
  return modifies(before) && /^[はがにもやとで]/.test(after.surface) ? 'カタ' : undefined;
}
