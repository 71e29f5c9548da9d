/**
 * Words whose reading hangs on their neighbours, and that the dictionary reads one way only. Each rule
 * stands for a class of lines, in lyrics and in prose.
 */
import { hasHan } from './kana.ts';
import type { Morpheme } from './morpheme.ts';

interface Neighbours {
  readonly before2: Morpheme | undefined;
  readonly before: Morpheme | undefined;
  readonly after: Morpheme | undefined;
  readonly after2: Morpheme | undefined;
}

type Rule = (morpheme: Morpheme, neighbours: Neighbours) => string | undefined;

/** Corrects readings by context, in place. */
export function readByContext(morphemes: Morpheme[]): void {
  for (const [index, morpheme] of morphemes.entries()) {
    const { surface } = morpheme;
    const rule = RULES.get(surface);
    if (morpheme.kana === undefined) continue;
    const neighbours = {
      before2: morphemes[index - 2],
      before: morphemes[index - 1],
      after: morphemes[index + 1],
      after2: morphemes[index + 2],
    };
    morpheme.kana = rule?.(morpheme, neighbours) ?? morpheme.kana;
    // 軽々 と, as in ひらひら と.
    if (morpheme.pos === '副詞' && surface.endsWith('々と'))
      morpheme.kana = morpheme.kana.replace(/ト$/, ' ト');
    if (surface.length === 1) stopCompound(morpheme, neighbours.before);
  }
}

function isNoun(morpheme: Morpheme | undefined): boolean {
  return morpheme?.pos === '名詞' && morpheme.detail1 !== '非自立' && hasHan(morpheme.surface);
}

/** Whether a clause ends in `morpheme` that says something of the noun after it: 待つ, 短い, 飲んだ, 君の. */
function modifies(morpheme: Morpheme | undefined): boolean {
  if (morpheme === undefined) return false;
  if (morpheme.surface === 'の') return morpheme.pos === '助詞';
  return /^(動詞|形容詞|助動詞)$/.test(morpheme.pos) && /^(基本形|体言接続)$/.test(morpheme.conjugatedForm);
}

function isDirection(morpheme: Morpheme | undefined): boolean {
  return (
    morpheme !== undefined &&
    /^(右|左|前|後ろ|上|下|東|西|南|北|遠く|近く|奥|外|内|[こそあど]ちら)$/.test(morpheme.surface)
  );
}

/** 方: a person (カタ) or a side, a way (ホー). */
function readKata(morpheme: Morpheme, { before2, before, after, after2 }: Neighbours): string | undefined {
  if (morpheme.detail1 === '接尾') {
    // 先生方, but やり方.
    return before?.pos === '名詞' && before.detail1 !== 'サ変接続' ? 'ガタ' : undefined;
  }
  if (morpheme.kana !== 'ホー' || before === undefined) return undefined;
  if (isDirection(before2) || before2?.detail1 === '代名詞') return undefined;
  const compared = after?.surface === 'が' && /^(形容詞|副詞)$/.test(after2?.pos ?? '');
  const towards = after === undefined || /^[へをまからより]/.test(after.surface) || after.detail1 === '句点';
  if (compared || towards) return undefined;
  if (after.surface === 'が' && /^(形容動詞語幹|サ変接続)$/.test(after2?.detail1 ?? '')) return undefined;
  if (before.pos === '連体詞') return /^[こそあ]の$/.test(before.surface) ? 'カタ' : undefined;
  return modifies(before) && /^[はがにもやとで]/.test(after.surface) ? 'カタ' : undefined;
}

/** 行っ: went (イッ), or carried out (オコナッ), which has an object. */
function readItta(_: Morpheme, { before }: Neighbours): string | undefined {
  const carriedOut =
    before !== undefined && (/^[をがも]$/.test(before.surface) || before.detail1 === 'サ変接続');
  return carriedOut ? undefined : 'イッ';
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['方', readKata],
  ['行っ', readItta],
  ['間', (_, { before }) => (modifies(before) && before?.base !== 'という' ? 'アイダ' : undefined)],
  [
    '後',
    ({ kana }, { before, after }) => {
      if (before?.base === 'た' || before?.surface === 'の' || before?.base === 'だ') return 'アト';
      if (kana !== 'ゴ' || before?.pos === '名詞' || after === undefined) return undefined;
      return after.surface === 'に' ? 'ノチ' : 'アト';
    },
  ],
  [
    '他',
    (_, { before, after }) =>
      !isNoun(before) && (after === undefined || /^[のにはと]/.test(after.surface)) ? 'ホカ' : undefined,
  ],
  ['家', (morpheme, { before }) => (morpheme.detail1 === '接尾' && isName(before) ? 'ケ' : undefined)],
  ['会社', (_, { before }) => (isNoun(before) && before?.detail1 !== '数' ? 'ガイシャ' : undefined)],
  // Within a city a 町 is a chō, and so is a numbered one.
  [
    '町',
    (morpheme, { before2, before }) =>
      morpheme.detail1 === '接尾' && (before2?.surface.endsWith('市') || before?.surface.endsWith('番'))
        ? 'チョー'
        : undefined,
  ],
  ['身体', (_, { after }) => (after?.pos === '名詞' && after.detail1 !== '非自立' ? undefined : 'カラダ')],
  [
    '色',
    ({ kana }, { before }) =>
      kana === 'ショク' &&
      before !== undefined &&
      !/^(国際|郷土|地方|地域|政治|宗教|特|単|原|三|血)$/.test(before.surface)
        ? 'イロ'
        : undefined,
  ],
  [
    '大',
    ({ pos }, { after }) =>
      pos === '接頭詞' && /^[^ぁ-ん]+[ぁ-ん]+$/.test(after?.surface ?? '') ? 'オー' : undefined,
  ],
  ['側', (_, { before }) => (before === undefined || modifies(before) ? 'ソバ' : undefined)],
  ['術', (_, { before }) => (modifies(before) ? 'スベ' : undefined)],
  ['刻', (_, { before }) => (before === undefined || modifies(before) ? 'トキ' : undefined)],
  ['角', (_, { before, after }) => (isNoun(before) || isNoun(after) ? undefined : 'カド')],
  [
    '何',
    ({ kana }, { after }) =>
      kana === 'ナニ' && /^(だ|です|の)$/.test(after?.base ?? '') ? 'ナン' : undefined,
  ],
  // 好き だ って こと: the copula and a quotation.
  [
    'だって',
    (_, { before, after }) =>
      before?.pos === '名詞' && /^(こと|事|言|聞|思|信|知|わか|分か|気付|気づ)/.test(after?.surface ?? '')
        ? 'ダ ッテ'
        : undefined,
  ],
  ['額', (_, { before }) => (isNoun(before) ? undefined : 'ヒタイ')],
  ['露', (_, { before }) => (isNoun(before) ? undefined : 'ツユ')],
  ['我', ({ kana }, { after }) => (kana === 'ワガ' && after?.pos === '助詞' ? 'ワレ' : undefined)],
  // After a name 君 is a title; after anything else, you.
  ['君', ({ detail1 }, { before }) => (detail1 === '接尾' && !isName(before) ? 'キミ' : undefined)],
  ['居る', () => 'イル'],
  ['来ら', (_, { after }) => (after?.surface.startsWith('れ') ? 'コラ' : undefined)],
  ['湖', (_, { before }) => (isNoun(before) ? 'コ' : undefined)],
  ['負', (_, { after }) => (after?.surface === 'の' ? 'フ' : undefined)],
  [
    '期',
    (_, { before, after }) =>
      /^[こそ]の$/.test(before?.surface ?? '') && after?.surface === 'に' ? 'ゴ' : undefined,
  ],
  ['語', ({ kana }) => (kana === 'カタリ' ? 'ゴ' : undefined)],
  ['獣', ({ kana }) => (kana === 'シシ' ? 'ケモノ' : undefined)],
  [
    '来',
    (_, { after }) =>
      /^(られ|させ|ない|なかっ|なく|なけれ|ず|ぬ)/.test(after?.surface ?? '') ? 'コ' : undefined,
  ],
]);

function isName(morpheme: Morpheme | undefined): boolean {
  return morpheme?.detail1 === '固有名詞' && morpheme.detail2 === '人名';
}

/** Two characters of Sino-Japanese make a stop: 特 + 化 = トッカ, 食 + 感 = ショッカン. */
function stopCompound(morpheme: Morpheme, before: Morpheme | undefined): void {
  if (before?.kana === undefined || before.pos !== '名詞' || before.detail1 === '数') return;
  if (morpheme.detail1 !== '接尾' || morpheme.detail2 === '助数詞' || before.surface.length !== 1) return;
  if (/^.{1,2}ク$/.test(before.kana) && /^[カキクケコ]/.test(morpheme.kana ?? '') && hasHan(before.surface)) {
    before.kana = `${before.kana.slice(0, -1)}ッ`;
  }
}
