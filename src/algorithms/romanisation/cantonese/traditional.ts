import { TRADITIONAL_AND_SIMPLIFIED } from '../chinese-forms.ts';
import { type NeighbourRule, readingBetween } from '../neighbour-rules.ts';

/**
 * Simplified characters that traditional texts hold too, as words of their own (皇后, 茶几, 吓). They do not show that a
 * line is in simplified characters.
 */
const IN_BOTH =
  '万丑丰于云价伙佣党准几划刮厂叶吃后向周咸回夸它家尸岩岳布帘干广彩征御念愿扎托据斗昆朴杰松极柜欲注涂涌游种筑系胜' +
  '胡腊舍苹范荐虫蜡辟郁里面你的床沉吓没麻唇栖痴姜千才升台只占内制刹仆余克兑冬凄凉凶卜卷厘姑周咨唤團喂夫奸姿孽局巨席幸弦录志' +
  '恒恤慼扣折抛抵拐捍搜旋暗曲朱杆杯板栗梁污泛洁炼烟熏玩症皂盗碱秋秘私秃纤表谷采酸针锤镰雇雕恶鉴';

/** Of those: the ones that a simplified line writes for one traditional character, whatever stands beside them. */
const ONE_FORM =
  '万萬丰豐云雲价價党黨准準厂廠叶葉愿願据據极極柜櫃胜勝种種筑築虫蟲内內于於丑醜恶惡没沒洁潔台臺余餘';

/** Forms that stand for several words with several readings, by neighbour; the last one is the commonest. */
const FORMS: ReadonlyMap<string, readonly NeighbourRule[]> = new Map(
  Object.entries({
    发: [{ reading: '髮', before: /[头長长短白黑秀理卷束金]/ }, { reading: '發' }],
    系: [
      { reading: '系', before: /[体院学學派星]/ },
      { reading: '系', after: /[统統列]/ },
      { reading: '係' },
    ],
    后: [{ reading: '后', before: /[皇太王天影歌母]/ }, { reading: '後' }],
    里: [
      { reading: '里', before: /[千万百公一二三英哩邻故]/, notAfter: /[面边]/ },
      { reading: '里', after: /[程弄]/ },
      { reading: '裏' },
    ],
    几: [{ reading: '几', before: /[茶窗]/ }, { reading: '幾' }],
    干: [
      { reading: '幹', before: /[能才树骨苦蛮主]/ },
      { reading: '幹', after: /[嘛什么活事吗掉劲部]/ },
      { reading: '干', before: /[若相天]/ },
      { reading: '干', after: /[涉扰戈]/ },
      { reading: '乾' },
    ],
    只: [
      {
        reading: '隻',
        before: /[一两三四五六七八九十几每这呢嗰那半]/,
        notAfter: /[是想要能会有怕求因为可愿]/,
      },
      { reading: '只' },
    ],
    松: [
      { reading: '松', before: /[青赤苍雪]/ },
      { reading: '松', after: /[树林柏鼠涛]/ },
      { reading: '鬆' },
    ],
    斗: [
      { reading: '斗', before: /[北星车漏烟]/ },
      { reading: '斗', after: /[笠胆篷转]/ },
      { reading: '鬥' },
    ],
    复: [{ reading: '複', before: /重/ }, { reading: '複', after: /[杂印制合]/ }, { reading: '復' }],
    尽: [{ reading: '儘', after: /[管快量早]/ }, { reading: '盡' }],
    脏: [{ reading: '臟', before: /[心内肝五]/ }, { reading: '髒' }],
    舍: [{ reading: '舍', before: /[宿校房农寒]/ }, { reading: '捨' }],
    钟: [{ reading: '鍾', after: /[意情爱]/ }, { reading: '鐘' }],
    面: [{ reading: '麪', before: /[食煮]/ }, { reading: '面' }],
  } satisfies Record<string, readonly NeighbourRule[]>),
);

/** The traditional form of each UTF-16 unit that has one alone; 0 elsewhere. */
const ONE_TRADITIONAL: Uint16Array = new Uint16Array(0x10000);
/** Units that only text in simplified characters holds. */
const SIMPLIFIED_ALONE: Uint8Array = new Uint8Array(0x10000);

const inBoth = new Set(IN_BOTH);
// From the end, so that the first, commonest form of several stays.
for (let i = TRADITIONAL_AND_SIMPLIFIED.length - 2; i >= 0; i -= 2) {
  const simplified = TRADITIONAL_AND_SIMPLIFIED.charAt(i + 1);
  if (inBoth.has(simplified)) continue;
  SIMPLIFIED_ALONE[simplified.charCodeAt(0)] = 1;
  ONE_TRADITIONAL[simplified.charCodeAt(0)] = TRADITIONAL_AND_SIMPLIFIED.charCodeAt(i);
}
for (let i = 0; i < ONE_FORM.length; i += 2) {
  ONE_TRADITIONAL[ONE_FORM.charCodeAt(i)] = ONE_FORM.charCodeAt(i + 1);
}

/**
 * A line in traditional characters, as Cantonese is written and as its dictionary has most words; as long as the line.
 * Lyrics sites of the mainland write Cantonese songs in simplified characters. A line without a character that is
 * simplified alone stays as it is.
 */
export function traditional(line: string): string {
  if (!isSimplified(line)) return line;
  let text = '';
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    const rules = FORMS.get(character);
    const one = ONE_TRADITIONAL[line.charCodeAt(i)] as number;
    if (rules !== undefined) {
      text += readingBetween(rules, line.charAt(i - 1), line.charAt(i + 1)) ?? character;
    } else text += one === 0 ? character : String.fromCharCode(one);
  }
  return text;
}

function isSimplified(line: string): boolean {
  for (let i = 0; i < line.length; i++) if (SIMPLIFIED_ALONE[line.charCodeAt(i)] === 1) return true;
  return false;
}
