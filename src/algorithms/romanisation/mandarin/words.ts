/**
 * Words that the dictionary lacks, cuts across or reads in another sense than lyrics mean. Readings are those of
 * Xiandai Hanyu Cidian (7th edition); a question mark leaves a syllable as it is read without the word.
 */
const WORDS: readonly (readonly [word: string, pinyin: string])[] = [
  // Complements of 得: toneless in these verbs.
  ...['舍', '恨', '怪', '巴', '由', '顾', '记', '见', '等', '算', '怨', '容'].map(
    (verb) => [`${verb}不得`, '? ? de'] as const,
  ),
  // The perfect after a verb in 得 or 知; elsewhere 得了 says that one can, and 知了 is a cicada.
  ...['获得', '取得', '赢得', '懂得', '觉得', '记得', '夺得', '博得', '求得', '告知', '得知'].map(
    (verb) => [`${verb}了`, '? ? le'] as const,
  ),
  // 目的 and 标的 are words of their own.
  ...[
    '节目',
    '题目',
    '数目',
    '盲目',
    '曲目',
    '项目',
    '双目',
    '注目',
    '夺目',
    '醒目',
    '面目',
    '目标',
    '坐标',
  ].map((noun) => [`${noun}的`, '? ? de'] as const),
  ...['主要', '只要', '重要'].map((before) => [`${before}是`, '? ? shì'] as const),
  // Where the dictionary joins the end of one word to the start of the next.
  ['的确定', 'de què dìng'],
  ['的士兵', 'de shì bīng'],
  ['没收到', 'méi shōu dào'],
  ['没完', 'méi wán'],
  ['为生活', 'wèi shēng huó'],
  ['以梦为马', 'yǐ mèng wéi mǎ'],
  ['还回来', 'huán huí lái'],
  ['还回去', 'huán huí qù'],
  ['长相思', 'cháng xiāng sī'],
  ['长相忆', 'cháng xiāng yì'],
  ['长相守', 'cháng xiāng shǒu'],
  ['长相厮守', 'cháng xiāng sī shǒu'],
  ['长相随', 'cháng xiāng suí'],
  ['重重叠叠', 'chóng chóng dié dié'],
  ['一次次地', 'yī cì cì de'],
  ['数一数', 'shǔ yī shǔ'],
  ['数数', 'shǔ shù'],
  ['有朝一日', 'yǒu zhāo yī rì'],
  ['花朝', 'huā zhāo'],
  ['例子', 'lì zi'],
  ['倒着', 'dào ?'],
  ['倒了杯', 'dào ? ?'],
  ['倒了一杯', 'dào ? ? ?'],
  ['正中红心', '? zhòng ? ?'],
  ['正中下怀', '? zhòng ? ?'],
  ...['行', '书', '吉', '包', '重'].map((load) => [`背着${load}`, 'bēi ? ?'] as const),
  ['弹珠', 'dàn zhū'],
  ['降服', 'xiáng fú'],
  ['降魔', 'xiáng mó'],
  // A district and its gate, not the morning sun.
  ['朝阳区', 'cháo yáng qū'],
  ['朝阳门', 'cháo yáng mén'],
  ['朝阳公园', 'cháo yáng gōng yuán'],
  ['朝阳市', 'cháo yáng shì'],
  ['朝阳县', 'cháo yáng xiàn'],
];

/**
 * Words whose last syllable has no tone, of the list that the national Putonghua test asks for
 * (普通话水平测试用必读轻声词语表); homographs with a full tone (东西 of the compass, 地方 of government) are left out.
 */
const TONELESS_LAST =
  '朋友 告诉 月亮 时候 明白 故事 眼睛 意思 心思 消息 清楚 舒服 衣服 窗户 热闹 厉害 名字 星星 商量 太阳 姑娘 ' +
  '脾气 福气 客气 力气 云彩 眉毛 打听 打扮 打算 痛快 凉快 糊涂 老婆 钥匙 委屈 冤枉';

/** What a word makes of each of its syllables: a reading, none (as it is), or the tone taken off. */
interface WordReading {
  readonly word: string;
  readonly syllables: readonly (string | undefined)[];
  readonly tonelessLast: boolean;
}

const BY_BEGINNING: ReadonlyMap<string, readonly WordReading[]> = Map.groupBy(
  [
    ...WORDS.map(([word, pinyin]) => ({
      word,
      syllables: pinyin.split(' ').map((syllable) => (syllable === '?' ? undefined : syllable)),
      tonelessLast: false,
    })),
    ...TONELESS_LAST.split(' ').map((word) => ({ word, syllables: [], tonelessLast: true })),
  ],
  ({ word }) => word.slice(0, 2),
);

/** The two characters that each word of the list begins with. */
export const WORD_BEGINNINGS: readonly string[] = [...BY_BEGINNING.keys()];

const TONE_MARKS = /[\u0300\u0301\u0304\u030c]/g;

/**
 * Reads, in place, the word that begins at a character, if it is one of the list.
 *
 * @param line in simplified characters, all of one UTF-16 unit.
 * @param readings one a character.
 */
export function readWord(line: string, index: number, readings: string[]): void {
  const words = BY_BEGINNING.get(line.slice(index, index + 2));
  if (words === undefined) return;
  for (const { word, syllables, tonelessLast } of words) {
    if (!line.startsWith(word, index)) continue;
    for (const [offset, syllable] of syllables.entries()) {
      if (syllable !== undefined) readings[index + offset] = syllable;
    }
    if (tonelessLast) {
      const last = index + word.length - 1;
      readings[last] = (readings[last] ?? '').normalize('NFD').replace(TONE_MARKS, '').normalize('NFC');
    }
  }
}
