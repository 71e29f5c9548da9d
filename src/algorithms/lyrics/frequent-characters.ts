/**
 * Characters that make up much of any lyrics in Chinese (both scripts), Japanese and Korean: the
 * yardstick by which a right decoding is told from a wrong one. Text decoded in the wrong character set
 * is made of rare characters.
 */
const HAN =
  '的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過发發后後' +
  '作里裡裏用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只從从想' +
  '实實日军者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問很最重并物手应應向头頭文体體' +
  '爱愛梦夢夜风風雨花泪淚笑哭爱愛恋戀歌唱听聽谁誰吗嗎吧呢啊哦让讓给給走远遠忘记記永恒恆世界再见見总總别別回飞飛等身边邊眼睛光' +
  '话話变變轻輕白黑红紅蓝藍空海路城市街阳陽月星温溫柔寂寞孤单單幸福快乐樂伤傷痛怕错錯过拥擁抱吻手牵牽陪伴离離散' +
  '唔係佢嘅喺咗嚟咁啲冇嘢哋乜睇講' +
  '今私君僕俺何声思言時間朝昼春夏秋冬涙夢心愛恋愛気持強弱信願叶届胸抱見聞話歩走飛泣消変始終終遠近窓空青赤色光影音' +
  '今日明日昨日涙瞳指先唇笑顔景色世界未来過去運命奇跡永遠瞬間季節場所名前言葉約束';
const HANGUL =
  '이가는은을를의에다고하지나너우리내네도만서로게해사랑한아어요그대여수있없인기자시마안보니라면오늘밤날꿈눈물맘음마음속말' +
  '잊못모든것처럼까지부터때왜더저제당신와과또다시하나둘세상별빛바람비봄여름가을겨울행복슬픔이별추억기억영원울웃좋싫같' +
  '던던져줘줄게거야걸할수록했었았겠습니까데러려며면서조차동안위해많이혼자걷길손잡아두눈감으면진짜정말예쁜소리노래춤' +
  '테미련번째순간운명미소하늘태양달바다';

const FREQUENT: ReadonlySet<string> = new Set(HAN + HANGUL);

/** What a character that is in daily use, but not frequent in lyrics, counts for. */
const IN_DAILY_USE = 0.35;

/** Text in a wrong set is hanja as often as hangul: four syllables and more without any are hardly by chance. */
const HANGUL_ALONE = 0.7;

/** The bytes that the characters of daily use have first in each set: what their makers put into level one. */
const LEVEL_ONE: Readonly<Record<string, readonly (readonly [first: number, last: number])[]>> = {
  gb18030: [[0xb0, 0xd7]],
  big5: [[0xa4, 0xc6]],
  shift_jis: [[0x88, 0x97]],
  'euc-jp': [[0xb0, 0xcf]],
  'euc-kr': [[0xb0, 0xc8]],
};

const levels = new Map<string, ReadonlySet<string>>();

/** The characters of a legacy set's first level, asked of the decoder when first needed. */
function levelOne(encoding: string): ReadonlySet<string> {
  let level = levels.get(encoding);
  if (level === undefined) {
    const decoder = new TextDecoder(encoding);
    const pairs: number[] = [];
    for (const [first, last] of LEVEL_ONE[encoding] ?? []) {
      for (let lead = first; lead <= last; lead++) {
        const plain = encoding === 'big5' || encoding === 'shift_jis';
        for (let trail = plain ? 0x40 : 0xa1; trail <= 0xfe; trail++) {
          if (trail !== 0x7f && (trail < 0x7f || trail > 0x9f || encoding === 'shift_jis'))
            pairs.push(lead, trail);
        }
      }
    }
    level = new Set(decoder.decode(Uint8Array.from(pairs)));
    // GB 18030 has the traditional characters too, elsewhere.
    if (encoding === 'gb18030') level = new Set([...level, ...levelOne('big5')]);
    levels.set(encoding, level);
  }
  return level;
}

/**
 * How much `text`, decoded from a legacy set, looks like lyrics in one of the four languages, from 0 to 1: the share of
 * its characters beyond ASCII, letters and ideographs only, that are kana or frequent, and part of those in daily use.
 */
export function plausibility(text: string, encoding: string): number {
  const daily = levelOne(encoding);
  let weight = 0;
  let letters = 0;
  let hangul = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80 || (code >= 0x3000 && code <= 0x303f) || (code >= 0xff01 && code <= 0xff5e)) continue;
    letters++;
    if (code >= 0xac00 && code <= 0xd7a3) hangul++;
    if ((code >= 0x3041 && code <= 0x30ff) || FREQUENT.has(character)) weight++;
    else if (daily.has(character)) weight += IN_DAILY_USE;
  }
  if (letters === 0) return 0;
  return hangul === letters && letters >= 4 ? Math.max(weight / letters, HANGUL_ALONE) : weight / letters;
}
