/**
 * Words whose reading hangs on their neighbours, and that the dictionary reads one way only. Each rule
 * stands for a class of lines, in lyrics and in prose.
 */
import { hasHan, isKatakana } from './kana.ts';
import { sinoJapanese } from './kanji-readings.ts';
import type { Morpheme } from './morpheme.ts';
import { standaloneReading } from './standalone-readings.ts';

interface Neighbours {
  readonly before2: Morpheme | undefined;
  readonly before: Morpheme | undefined;
  readonly after: Morpheme | undefined;
  readonly after2: Morpheme | undefined;
  readonly line: readonly Morpheme[];
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
      line: morphemes,
    };
    morpheme.kana = standaloneReading(morpheme, neighbours.before) ?? morpheme.kana;
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

function isPerson(morpheme: Morpheme | undefined): boolean {
  return /([性者人員客様達徒生代士師]|他|ほか|初めて|家族|近所|地元|年配|担当|男|女|別|多く|皆)$/.test(
    morpheme?.surface ?? '',
  );
}

/** 方: a person (カタ) or a side, a way (ホー). */
function readKata(
  morpheme: Morpheme,
  { before2, before, after, after2, line }: Neighbours,
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
    if (after?.surface === 'が' && line.some(({ surface }) => surface === 'より')) return undefined;
  }
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
  [
    '間',
    (_, { before }) =>
      (modifies(before) && before?.base !== 'という') || before?.surface === 'この' ? 'アイダ' : undefined,
  ],
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
  ['話', ({ kana }, { before }) => (kana === 'ハナシ' && isPlainNoun(before) ? 'バナシ' : undefined)],
  ['不足', (_, { before }) => (isPlainNoun(before) ? 'ブソク' : undefined)],
  ['寿司', (_, { before }) => (isPlainNoun(before) ? 'ズシ' : undefined)],
  [
    '日本',
    (_, { after }) =>
      /^(酒|画|史|製|式|中|料理|列島|海|刀|語|髪|犬|茶|食|晴れ|庭園|文化)/.test(after?.surface ?? '')
        ? 'ニホン'
        : undefined,
  ],
  ['聖', (_, { after }) => (isKatakana(after?.surface ?? '') ? 'セイ' : undefined)],
  [
    '土',
    ({ kana }, { before, after }) =>
      kana === 'ド' && !isNoun(before) && after?.pos === '助詞' ? 'ツチ' : undefined,
  ],
  // 太陽が 出て 雪が 降り: what falls from the sky furu; what gets down oriru.
  ['降り', ({ kana }, neighbours) => (kana === 'オリ' && isOfWeather(neighbours) ? 'フリ' : undefined)],
  ['降ろ', ({ base }, { after }) => (base === '降る' && after?.surface === 'う' ? 'フロ' : undefined)],
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
      kana === 'キン' &&
      !isNoun(before) &&
      /^[をがはもでに]$/.test(after?.surface ?? '') &&
      !/^(銀|メダル|獲得)/.test(after2?.surface ?? '')
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
  ['辺', ({ kana }, { before }) => (kana === 'アタリ' && isDemonstrative(before) ? 'ヘン' : undefined)],
  [
    '風',
    (_, { before, after }) =>
      /^([こそあど]んな|いう|[こそあど]ういう)$/.test(before?.surface ?? '') &&
      /^[にでなだ]/.test(after?.surface ?? '')
        ? 'フー'
        : undefined,
  ],
  [
    '頃',
    (_, { before }) => {
      if (before?.surface === 'この' || before?.surface === 'いつ') return 'ゴロ';
      return before?.pos === '名詞' && before.detail1 !== '代名詞' ? 'ゴロ' : undefined;
    },
  ],
  [
    '物',
    ({ kana }, { before }) =>
      kana === 'ブツ' &&
      (before?.pos === '動詞' || before?.surface === '何' || /[ぁ-ん]$/.test(before?.surface ?? ''))
        ? 'モノ'
        : undefined,
  ],
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
    '御',
    ({ kana }, { after }) =>
      kana === 'ゴ' && /([ぁ-ん]|茶|湯|酒|金|水|米|天気|化粧|電話)$/.test(after?.surface ?? '')
        ? 'オ'
        : undefined,
  ],
  // 小枝, 小羊: before a single kanji read as a native word.
  [
    '小',
    ({ pos, kana }, { after }) =>
      pos === '接頭詞' && kana === 'ショー' && after?.surface.length === 1 && isNative(after)
        ? 'コ'
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
    'お話',
    (_, { after, after2 }) =>
      after?.surface === 'し' && !after2?.surface.startsWith('ま') ? 'オハナ' : undefined,
  ],
  ['怒り', (_, { after }) => (after?.surface.startsWith('っぽ') ? 'オコリ' : undefined)],
  ['行', ({ kana }) => (kana === 'クダリ' ? 'ギョー' : undefined)],
  [
    '放っ',
    (_, { after, after2 }) =>
      after?.surface === 'て' && after2?.surface.startsWith('お') ? 'ホーッ' : undefined,
  ],
  ['的', ({ kana }, { before }) => (kana === 'テキ' && before?.pos !== '名詞' ? 'マト' : undefined)],
  ['割る', () => 'ワル'],
  ['剃っ', () => 'ソッ'],
  [
    '解こ',
    ({ kana }, { before2 }) =>
      kana === 'ホドコ' && !/[髪紐帯糸荷目]$|リボン/.test(before2?.surface ?? '') ? 'トコ' : undefined,
  ],
  ['左腕', (_, { after }) => (after?.pos === '助詞' ? 'ヒダリウデ' : undefined)],
  ['右腕', (_, { after }) => (after?.pos === '助詞' ? 'ミギウデ' : undefined)],
  // 私 はね、: the particles, not a wing.
  [
    'はね',
    (_, { before, after }) =>
      before?.pos === '名詞' && (after === undefined || after.kana === undefined) ? 'ワ ネ' : undefined,
  ],
  ['身体', (_, { after }) => (after?.pos === '名詞' && after.detail1 !== '非自立' ? undefined : 'カラダ')],
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
  ['側', (_, { before }) => (before === undefined || modifies(before) ? 'ソバ' : undefined)],
  ['術', (_, { before }) => (modifies(before) ? 'スベ' : undefined)],
  ['刻', (_, { before }) => (before === undefined || modifies(before) ? 'トキ' : undefined)],
  ['角', (_, { before, after }) => (isNoun(before) || isNoun(after) ? undefined : 'カド')],
  [
    '何',
    ({ kana }, { after }) =>
      kana === 'ナニ' && /^(だ|です|の|と|で|でも)$/.test(after?.base ?? '') ? 'ナン' : undefined,
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

function isNative({ surface, kana, pos, detail1 }: Morpheme): boolean {
  return pos === '名詞' && detail1 !== '数' && kana !== sinoJapanese(surface);
}

function isPlainNoun(morpheme: Morpheme | undefined): boolean {
  return isNoun(morpheme) && /^(一般|サ変接続)$/.test(morpheme?.detail1 ?? '');
}

function isAction(morpheme: Morpheme | undefined): boolean {
  if (morpheme === undefined || /^(渡来|生活|放送|出版|読書|報道)$/.test(morpheme.surface)) return false;
  return morpheme.detail1 === 'サ変接続' || /^(被告|怪我|受取|立会)$/.test(morpheme.surface);
}

function isDemonstrative(morpheme: Morpheme | undefined): boolean {
  return /^[こそあど]の$/.test(morpheme?.surface ?? '');
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

function isName(morpheme: Morpheme | undefined): boolean {
  return morpheme?.detail1 === '固有名詞' && morpheme.detail2 === '人名';
}

/** Two characters of Sino-Japanese make a stop: 特 + 化 = トッカ, 食 + 感 = ショッカン. */
function stopCompound(morpheme: Morpheme, before: Morpheme | undefined): void {
  if (before?.kana === undefined || before.pos !== '名詞' || before.detail1 === '数') return;
  if (morpheme.detail1 !== '接尾' || morpheme.detail2 === '助数詞' || before.surface.length !== 1) return;
  // 二国間.
  if (morpheme.surface === '間') return;
  if (/^.{1,2}ク$/.test(before.kana) && /^[カキクケコ]/.test(morpheme.kana ?? '') && hasHan(before.surface)) {
    before.kana = `${before.kana.slice(0, -1)}ッ`;
  }
}
