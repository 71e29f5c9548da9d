import { type NeighbourRule, readingBetween } from '../neighbour-rules.ts';
import { CONTEXT_READINGS } from './context-readings.ts';

/**
 * Readings of spoken Cantonese. The dictionary gives characters their literary reading, which is right
 * for lyrics in standard written Chinese (來 loi4) and wrong for those written as spoken (來 lai4). The
 * particles and the rules below were found by comparing with the Hong Kong Cantonese Corpus (Luke and
 * Wong 2015) and kept where a general rule of the language stands behind the difference.
 */

/** Characters that only a line written as spoken holds. */
const SPOKEN = /[喺係佢嘅唔咗嚟咁噉啲冇嘢哋乜嗰睇喇囖囉𡃉㗎嘞咩嘥諗攞揾搵俾畀啱吖呀嘩咪喎啫𠻺𠸏嚹]/u;

/** Particles and interjections that have one reading wherever they stand. */
const PARTICLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    嘞: 'laak3',
    誒: 'e6',
    喀: 'haak6',
    嘩: 'waa3',
    嗯: 'm6',
    唉: 'aai5',
    唧: 'zek1',
    唔: 'm4',
    嘍: 'lo3',
    咯: 'lok3',
    呵: 'ho2',
    𦧲: 'loe2',
  }),
);

/** Readings in lines written as spoken. */
const RULES: ReadonlyMap<string, readonly NeighbourRule[]> = new Map(
  Object.entries({
    來: [{ reading: 'lai4', notBefore: /[原本從後將未近歷以素外一二三古]/, notAfter: /[回往源賓臨]/ }],
    返: [{ reading: 'faan1', notBefore: /[往重遣]/, notAfter: /[回]/ }],
    下: [
      {
        reading: 'haa5',
        before: /[^屬之地鄉樓以手天閣門腳山底上]/,
        notAfter: /[次年個月邊午面晝冊底低星集屬降晏]/,
      },
    ],
    吓: [{ reading: 'haa5', before: /[^吓啊哦\s\p{P}]/u, notAfter: /吓/ }],
    重: [{ reading: 'zung6', notBefore: /[嚴體貴沉沈幾又好咁太最超加過]/, after: /[^新蹈複覆量點疊重]/ }],
    到: [{ reading: 'dou2', before: /[聽見遇學估捉睇搵揾收撞嗅買攞諗]/ }],
    度: [{ reading: 'dou2', before: /[蚊年歲字點號鐘零月耐]/ }],
    邊: [{ reading: 'bin6', before: /[上下前後裏裡入出左右外]/ }],
    樣: [{ reading: 'joeng2', before: /[個啲嘅有]/, notAfter: /[嘢]/ }],
    // "And a bit" after a round number; the digit is ling4.
    零: [{ reading: 'leng4', before: /[十千萬百個點]/, after: /[蚊度月日線鐘萬歲人年]/ }],
    位: [{ reading: 'wai2', before: /[冇車座排霸嗰有少價]/, notAfter: /[置數於]/ }],
    // To wear is zoek3; the verb's ending is zoek6, as in standard Chinese (望着你), and so is the result (瞓着).
    着: [
      { reading: 'zoek3', notBefore: /[瞓揾搵睡見捉火下唔住跟望看對抱牽帶隨向朝沿]/, after: /[^火數落機]/ },
    ],
    成: [
      {
        reading: 'seng4',
        after: /[日個班間世晚身千萬百十幾半廿兩三四五六七八九點]/,
        notBefore: /[完變做達組贊造現]/,
      },
    ],
    坐: [{ reading: 'co5', notAfter: /[標落位]/ }],
    雀: [{ reading: 'zoek2', notBefore: /[麻孔]/, notAfter: /[仔籠糞販鳥躍巢]/ }],
    上: [{ reading: 'soeng5', after: /[來去堂車機晒咗]/, notBefore: /[身手頭路晚早街心面]/ }],
    嗎: [{ reading: 'maa3' }],
    刻: [{ reading: 'haak1', before: /即/ }],
    喎: [{ reading: 'wo3', before: /咋/ }],
    咁: [{ reading: 'gam3', before: /係/ }],
    會: [{ reading: 'wui5', before: /[唔都就又先]/, notAfter: /[議員員長場]/ }],
    話: [{ reading: 'waa6', before: /會/ }],
    // To need, and to spend.
    使: [{ reading: 'sai2', notBefore: /[天大即行指迫促假縱致]/, notAfter: /[用命得者館徒]/ }],
    儲: [{ reading: 'cou5', notAfter: /[備存藏君]/ }],
    魚: [{ reading: 'jyu2', before: /[養條食釣啲隻買捉劏蒸缸]/, notAfter: /[缸]/ }],
    碟: [{ reading: 'dip2', before: /[隻張買出賣啲翻聽影光唱大]/ }],
    爭: [{ reading: 'zaang1', after: /[咗我你佢得啲人好少住]/ }],
    訂: [{ reading: 'deng6', after: /[咗房枱位飛機書緊酒]/, notBefore: /[修制簽]/ }],
    正: [{ reading: 'zeng3', before: /[好幾咁夠最]/, after: /^$|[\s\p{P}啊呀嘅𠺢𡃉嚹喎㗎喇]/u }],
    聲: [{ reading: 'seng1', before: /[把細]/ }],
    生: [{ reading: 'saang1', after: /[仔咗性埋]/, notBefore: /[學先醫男女花]/ }],
    咪: [
      { reading: 'mai6', before: /[^你媽貓迷]/ },
      { reading: 'mai6', after: /[係就啱試話囖]/ },
    ],
    哦: [{ reading: 'o5', after: /[^哦]/, notBefore: /哦/ }],
  } satisfies Record<string, readonly NeighbourRule[]>),
);

/** Corrects, in place, where speech and neighbours call for it, the readings of a line; `readings` holds a pair of character and Jyutping each. */
export function readAsSpoken(line: string, readings: [string, string | null][]): void {
  const spoken = SPOKEN.test(line);
  for (const [index, reading] of readings.entries()) {
    const [character] = reading;
    const particle = PARTICLES.get(character);
    if (particle !== undefined) {
      if (reading[1] !== null) reading[1] = particle;
      continue;
    }
    const spokenRules = spoken ? RULES.get(character) : undefined;
    const rules = CONTEXT_READINGS.get(character);
    if (spokenRules === undefined && rules === undefined) continue;
    const before = readings[index - 1]?.[0] ?? '';
    const after = readings[index + 1]?.[0] ?? '';
    const corrected =
      (spokenRules && readingBetween(spokenRules, before, after)) ??
      (rules && readingBetween(rules, before, after));
    if (corrected !== undefined) reading[1] = corrected;
  }
}
