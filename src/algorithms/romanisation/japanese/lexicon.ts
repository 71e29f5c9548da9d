/**
 * What the dictionary does not know of how lyrics are written and sung. It is small on purpose: readings
 * that singers use without exception. Where a word is sung both ways (永遠 eien or towa, 運命 unmei or
 * sadame, 抱く daku or idaku) the dictionary's reading stands, and furigana in the lyrics win.
 */

/**
 * Words, though the analyser may cut them up or run them together, with the reading they always have. A
 * space divides words.
 */
export const LEXICON: ReadonlyMap<string, string> = new Map([
  ...drawnOut({ かっけ: 'カッケ', すっげ: 'スッゲ', すげ: 'スゲ', やべ: 'ヤベ', つえ: 'ツエ', うわ: 'ウワ' }),
  ...Object.entries({
    貴女: 'アナタ',
    貴男: 'アナタ',
    其処: 'ソコ',
    此方: 'コチラ',
    何処: 'ドコ',
    っていう: 'ッテ イウ',
    そういう: 'ソー イウ',
    こういう: 'コー イウ',
    どういう: 'ドー イウ',
    ああいう: 'アー イウ',

    百合: 'ユリ',
    秋桜: 'コスモス',
    正義: 'セイギ',
    罰: 'バツ',
    数多: 'アマタ',
    一目: 'ヒトメ',
    一途: 'イチズ',
    一人: 'ヒトリ',
    二人: 'フタリ',
    二十歳: 'ハタチ',
    二十日: 'ハツカ',
    独りぼっち: 'ヒトリボッチ',
    僕等: 'ボクラ',
    俺等: 'オレラ',
    彼等: 'カレラ',
    我等: 'ワレラ',
    其れ: 'ソレ',
    此れ: 'コレ',
    刃: 'ヤイバ',
    傍: 'ソバ',
    憂い: 'ウレイ',
    許り: 'バカリ',
    父母: 'フボ',
    入り口: 'イリグチ',
    入口: 'イリグチ',
    出口: 'デグチ',
    真紅: 'シンク',
    深紅: 'シンク',
    愛しき: 'イトシキ',
    朝陽: 'アサヒ',
    夕陽: 'ユーヒ',
    木洩れ日: 'コモレビ',
    一日中: 'イチニチジュー',
    一晩中: 'ヒトバンジュー',
    もう一度: 'モー イチド',
    木の下: 'キ ノ シタ',
    万華鏡: 'マンゲキョー',
    走馬灯: 'ソーマトー',
    何時でも: 'イツデモ',
    何時までも: 'イツマデモ',
    二度と: 'ニド ト',
    あっという間に: 'アット イウ マ ニ',
    一番星: 'イチバンボシ',
    粉雪: 'コナユキ',
    奴: 'ヤツ',
    数多く: 'カズオーク',
    数多い: 'カズオーイ',
    数分: 'スーフン',
    後者: 'コーシャ',
    後始末: 'アトシマツ',
    後追い: 'アトオイ',
    後輪: 'コーリン',
    大掃除: 'オーソージ',
    日中: 'ニッチュー',
    日韓: 'ニッカン',
    南軍: 'ナングン',
    清朝: 'シンチョー',
    宮古: 'ミヤコ',
    単行本: 'タンコーボン',
    梅雨前線: 'バイウゼンセン',
    子守歌: 'コモリウタ',
    子守唄: 'コモリウタ',
    子供心: 'コドモゴコロ',
    夏草: 'ナツクサ',
    川風: 'カワカゼ',
    雪道: 'ユキミチ',
    白雪: 'シラユキ',
    白百合: 'シラユリ',
    夕霧: 'ユーギリ',
    黒鳥: 'コクチョー',
    町角: 'マチカド',
    飲み水: 'ノミミズ',
    洗濯物: 'センタクモノ',
    下唇: 'シタクチビル',
    真っ二つ: 'マップタツ',
    一重: 'ヒトエ',
    一国: 'イッコク',
    凸凹: 'デコボコ',
    頑な: 'カタクナ',
    無性に: 'ムショーニ',
    足手まとい: 'アシデマトイ',
    八つ当たり: 'ヤツアタリ',
    他人事: 'ヒトゴト',
    如何: 'ドー',
    如何に: 'イカニ',
    この間: 'コノアイダ',
    夜中: 'ヨナカ',
    街中: 'マチナカ',
    真っ只中: 'マッタダナカ',
    夜更かし: 'ヨフカシ',
    大勢: 'オーゼー',
    緑色: 'ミドリイロ',
    何色: 'ナニイロ',
    何語: 'ナニゴ',
    或る: 'アル',
    万人: 'バンニン',
    世論: 'ヨロン',
    降伏: 'コーフク',
    正しく: 'タダシク',
    五分五分: 'ゴブゴブ',
    自分勝手: 'ジブンカッテ',
    お手数: 'オテスー',
    軽んじ: 'カロンジ',
    入ろう: 'ハイロー',
    風の音: 'カゼ ノ オト',
    フォトグラフ: 'フォトグラフ',
  }),
]);

/** Slang that ends in a long vowel, however that is written: すげえ, すげぇ, すげー. */
function drawnOut(stems: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(stems).flatMap(([stem, kana]) => {
    const vowels = stem.endsWith('わ') ? ['あ', 'ぁ', 'ー'] : ['え', 'ぇ', 'ー'];
    return vowels.map((vowel): [string, string] => [stem + vowel, `${kana}ー`]);
  });
}

/** The characters its words begin with. */
export const LEXICON_INITIALS: ReadonlySet<string> = new Set(
  [...LEXICON.keys()].map((word) => word.charAt(0)),
);

/** The longest word of the lexicon, in characters. */
export const LONGEST_LEXICON_WORD: number = Math.max(...[...LEXICON.keys()].map((word) => word.length));
