/** Verbs, and what the analyser takes for verbs, whose reading hangs on their neighbours. */
import type { Morpheme } from './morpheme.ts';
import type { ContextRules, Neighbours } from './neighbours.ts';

export const VERB_RULES: ContextRules = [
  ['行っ', readItta],
  // 太陽が 出て 雪が 降り: what falls from the sky furu; what gets down oriru.
  ['降り', ({ kana }, neighbours) => (kana === 'オリ' && isOfWeather(neighbours) ? 'フリ' : undefined)],
  ['降ろ', ({ base }, { after }) => (base === '降る' && after?.surface === 'う' ? 'フロ' : undefined)],
  // 学校へ 通って, 道を 通って.
  ['通っ', (_, { before }) => (/^[へに]$/.test(before?.surface ?? '') ? 'カヨッ' : undefined)],
  ['弾き', ({ kana }, { before }) => (kana === 'ハジキ' && before !== undefined ? 'ヒキ' : undefined)],
  ['弾け', (_, { before, before2 }) => (isInstrument(before) || isInstrument(before2) ? 'ヒケ' : undefined)],
  [
    '弾ける',
    (_, { before, before2 }) => (isInstrument(before) || isInstrument(before2) ? 'ヒケル' : undefined),
  ],
  [
    '抱い',
    (_, { before, before2 }) =>
      before?.surface === 'を' &&
      /(偏見|関心|興味|疑問|疑い|疑念|不安|不満|感情|憧れ|恨み|憎しみ|野望|野心|大志|希望|理想|好意|好感|反感|敵意|印象|懸念|危機感|期待|夢|想い|思い)$/.test(
        before2?.surface ?? '',
      )
        ? 'イダイ'
        : undefined,
  ],
  ['来る', ({ kana }, { after }) => (kana === 'キタル' && after?.detail1 !== '数' ? 'クル' : undefined)],
  [
    '得る',
    (_, { before }) => (before?.pos === '動詞' && before.conjugatedForm === '連用形' ? 'ウル' : undefined),
  ],
  [
    'お話',
    (_, { after, after2 }) =>
      after?.surface === 'し' && !after2?.surface.startsWith('ま') ? 'オハナ' : undefined,
  ],
  ['怒り', (_, { after }) => (after?.surface.startsWith('っぽ') ? 'オコリ' : undefined)],
  [
    '放っ',
    (_, { after, after2 }) =>
      after?.surface === 'て' && after2?.surface.startsWith('お') ? 'ホーッ' : undefined,
  ],
  ['割る', () => 'ワル'],
  // い た ん だ, not 傷んだ.
  ['いたん', () => 'イタ ン'],
  ['剃っ', () => 'ソッ'],
  [
    '解こ',
    ({ kana }, { before2 }) =>
      kana === 'ホドコ' && !/[髪紐帯糸荷目]$|リボン/.test(before2?.surface ?? '') ? 'トコ' : undefined,
  ],
  ['居る', () => 'イル'],
  ['来ら', (_, { after }) => (after?.surface.startsWith('れ') ? 'コラ' : undefined)],
  [
    '来',
    (_, { after }) =>
      /^(られ|させ|ない|なかっ|なく|なけれ|ず|ぬ)/.test(after?.surface ?? '') ? 'コ' : undefined,
  ],
  // 好き だ って こと: the copula and a quotation.
  [
    'だって',
    (_, { before, after }) =>
      before?.pos === '名詞' && /^(こと|事|言|聞|思|信|知|わか|分か|気付|気づ)/.test(after?.surface ?? '')
        ? 'ダ ッテ'
        : undefined,
  ],
  // 私 はね、: the particles, not a wing.
  [
    'はね',
    (_, { before, after }) =>
      before?.pos === '名詞' && (after === undefined || after.kana === undefined) ? 'ワ ネ' : undefined,
  ],
];

/** 行っ: went (イッ), or carried out (オコナッ), which has an object. */
function readItta(_: Morpheme, { before }: Neighbours): string | undefined {
  const carriedOut =
    before !== undefined && (/^[をがも]$/.test(before.surface) || before.detail1 === 'サ変接続');
  return carriedOut ? undefined : 'イッ';
}

function isOfWeather({ before, before2, after }: Neighbours): boolean {
  const sky = /[雨雪霰霙雹霜星灰]$/;
  return (
    sky.test(before?.surface ?? '') ||
    (/^[がはもの]$/.test(before?.surface ?? '') && sky.test(before2?.surface ?? '')) ||
    /^(出|始|続|しき|注|積)/.test(after?.surface ?? '')
  );
}

function isInstrument(morpheme: Morpheme | undefined): boolean {
  return /([曲琴弦線笛歌]|ギター|ピアノ|ベース|オルガン|チェロ|リン|ハープ|楽器)$/.test(
    morpheme?.surface ?? '',
  );
}
