/**
 * What the dictionary does not know of how lyrics are written and sung. It is small on purpose: readings
 * that singers use without exception. Where a word is sung both ways (永遠 eien or towa, 運命 unmei or
 * sadame, 抱く daku or idaku) the dictionary's reading stands, and furigana in the lyrics win.
 */

/**
 * Words, though the analyser may cut them up or run them together, with the reading they always have. A
 * space divides words.
 */
export const LEXICON: ReadonlyMap<string, string> = new Map(
  Object.entries({
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
    彷徨い: 'サマヨイ',
    彷徨う: 'サマヨウ',
    彷徨っ: 'サマヨッ',
    彷徨え: 'サマヨエ',
    彷徨わ: 'サマヨワ',
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
  }),
);
/** The longest word of the lexicon, in characters. */
export const LONGEST_LEXICON_WORD: number = Math.max(...[...LEXICON.keys()].map((word) => word.length));

/**
 * Characters that songwriters put for commoner ones of the same sound: the analyser is shown the common
 * spelling, which has the same length. (Its conjugation, not its surface, is what counts.)
 */
const VARIANTS: readonly (readonly [RegExp, string])[] = [
  [/碧(?=[いくかさ])/g, '青'],
  [/朱(?=[いくかさ])/g, '赤'],
  [/嗤/g, '笑'],
  [/失(?=く)/g, '無'],
  [/征(?=[くきけこ])/g, '往'],
  [/翅/g, '羽'],
  [/亡(?=[いく])/g, '無'],
  [/啼(?=[かきくけこい])/g, '鳴'],
  [/愉(?=し)/g, '楽'],
  [/[憶懐](?=[わいうえおっ])/g, '思'],
  [/[視観](?=[えた])/g, '見'],
  [/識(?=[らりるれろっ])/g, '知'],
  [/[悦歓](?=[ばびぶべぼん])/g, '喜'],
  [/堕(?=[とち])/g, '落'],
  [/灼(?=[かきくけこい])/g, '焼'],
  [/耀(?=[かきくけこい])/g, '輝'],
  [/醒(?=[めま])/g, '覚'],
  [/聴(?=こ)/g, '聞'],
  [/憑(?=[かきくけこい])/g, '付'],
  [/燈/g, '灯'],
  [/戀/g, '恋'],
  [/聲/g, '声'],
  [/淚/g, '涙'],
  [/獨/g, '独'],
  [/櫻/g, '桜'],
  [/螢/g, '蛍'],
  [/兩/g, '両'],
];
const ANY_VARIANT = /[憑碧朱嗤失征翅亡啼愉憶懐視観識悦歓堕灼耀醒聴燈戀聲淚獨櫻螢兩]/;

/** The line as the analyser should see it: as long as the line, common spellings for variant ones. */
export function commonSpelling(line: string): string {
  if (!ANY_VARIANT.test(line)) return line;
  return VARIANTS.reduce((text, [pattern, common]) => text.replace(pattern, common), line);
}
