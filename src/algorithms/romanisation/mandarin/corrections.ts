/**
 * Characters with several readings that the dictionary settles wrongly, by what stands beside them. A rule
 * stands for every word of its kind: 塞 is sài in all the names 塞 transcribes, 藏 is zàng in all that is
 * Tibetan or a canon.
 */
import { type NeighbourRule, readingBetween } from '../neighbour-rules.ts';

const RULES: ReadonlyMap<string, readonly NeighbourRule[]> = new Map(
  Object.entries({
    // Grammar: what lyrics are full of.
    为: [
      {
        reading: 'wéi',
        before: /[升视称成作改命译名化变选任定分评列认封立约均度长宽深积性尊誉沦奉]/,
        notAfter: /[了什何此我你您他她它谁这那]/,
      },
      { reading: 'wéi', after: /[0-9０-９名荣伴准首]/ },
    ],
    得: [
      { reading: 'děi', before: /[我你他她们总还也都只就]/, after: /[走去回做说把让给学忘面继要承]/ },
      {
        reading: 'de',
        before: /[^不必总还只要就都也非才心难所获取已再我你他她们得先永自求多一可]/,
        after: /[太很好那这更真非像如快慢多]/,
      },
    ],
    着: [
      { reading: 'zháo', before: /不/ },
      { reading: 'zháo', before: /[睡找]/, notAfter: /[你我他她]/ },
      { reading: 'zháo', after: /[急火凉迷魔]/, notBefore: /[看想等听望]/ },
    ],
    了: [
      { reading: 'liǎo', before: /[不得]/, notAfter: /了/ },
      { reading: 'liǎo', after: /[解断却结]/, notBefore: /[为到完成死]/ },
    ],
    还: [
      { reading: 'huán', after: /给/ },
      { reading: 'huán', before: /[归偿]/ },
    ],
    地: [{ reading: 'de', before: /[停命狂柔敢情意]/, notAfter: /[方面带位]/ }],
    行: [{ reading: 'háng', after: /长/, notBefore: /[步飞游人]/ }],
    转: [{ reading: 'zhuǎn', after: /[动向移过头眼变角折身]/ }],
    种: [{ reading: 'zhòng', after: /[田地花树菜草瓜在]/, notBefore: /[这那各几一两三]/ }],
    教: [{ reading: 'jiāo', after: /[书我你他她会给]/, notBefore: /[宗佛道基请]/ }],
    啦: [{ reading: 'la', before: /[^啦哩哗呼叭里]/, notAfter: /啦/ }],
    哟: [{ reading: 'yo', before: /[^哎哼嘿喂\s]/ }],
    哩: [
      { reading: 'li', before: /[^哩\s\p{P}]/u, after: /^$|[\s\p{P}]/u, notBefore: /[方英海公]/ },
      { reading: 'lǐ', notBefore: /[哩叽]/, notAfter: /[哩啦]/ },
    ],
    嗯: [{ reading: 'èn' }],
    咳: [{ reading: 'ké', notAfter: /[，！,!]/ }],
    什: [{ reading: 'shí', notAfter: /[么麼]/ }],
    载: [{ reading: 'zài', notBefore: /[记刊转登连千年半万三百]/, notAfter: /[于体]/ }],
    难: [{ reading: 'nàn', before: /[受蒙苦灾遇罹殉避国落劫危患磨]/, notAfter: /[以过受得道看听免忘说]/ }],
    率: [
      { reading: 'shuài', after: /[军兵领队众部先师团舰骑]/ },
      { reading: 'shuài', before: /[草直坦轻表统]/ },
    ],
    累: [
      { reading: 'lěi', after: /[迁积计次世年加及犯官]/ },
      { reading: 'lěi', before: /[积连牵亏]/ },
    ],
    藏: [
      { reading: 'zàng', after: /[族文语传历戏獒医袍经区民扎汉]/ },
      { reading: 'zàng', before: /[西宝大三地道青川]/, notAfter: /[着在了身有匿起]/ },
    ],
    供: [
      { reading: 'gòng', after: /[奉认品桌词职述佛神]/ },
      { reading: 'gòng', before: /[口招逼翻上]/ },
      { reading: 'gōng' },
    ],
    切: [{ reading: 'qiē', after: /[换分割片除断开磋线削菜成掉入磨点]/ }],
    调: [{ reading: 'diào', after: /[任往到入离遣度集动查派回职拨出研头令兵分]/, notBefore: /[微协空烹]/ }],
    长: [
      { reading: 'zhǎng', after: /[得大出满成高]/, notBefore: /[太很多最身漫那这有更悠不]/ },
      { reading: 'zhǎng', before: /行/, notAfter: /[路达]/ },
      {
        reading: 'zhǎng',
        before: /[舰所校院部局厅处科司署队组团营连师军旅市县区镇乡州省社馆厂编船议秘酋董监狱]/,
        notAfter: /[度江城征期久短时远河途方篇裙发路达约]/,
      },
    ],
    鲜: [
      { reading: 'xiǎn', before: /朝/ },
      { reading: 'xiǎn', after: /[有见为少]/, notBefore: /[新海生]/ },
    ],
    舍: [
      { reading: 'shě', after: /[不弃得己命入身]/, notBefore: /[宿校房农寒]/ },
      { reading: 'shě', before: /[取施割难恋]/ },
    ],
    都: [
      { reading: 'dū', after: /[督护尉]/ },
      { reading: 'dū', before: /[宁丰]/ },
    ],
    吐: [
      { reading: 'tù', before: /[呕]/ },
      { reading: 'tù', after: /血/ },
    ],
    咽: [
      { reading: 'yè', before: /[哽呜幽]/ },
      { reading: 'yān', after: /[喉部擦头炎峡]/ },
    ],
    奔: [{ reading: 'bèn', before: /[投]/ }],
    劲: [
      { reading: 'jìng', after: /[敌旅草松风骨]/ },
      { reading: 'jìng', before: /[强刚苍遒]/ },
    ],
    卷: [
      { reading: 'juǎn', after: /[起入土曲烟走缩叶发尾毛]/ },
      { reading: 'juǎn', before: /[席胶花春龙]/ },
    ],
    冠: [
      { reading: 'guàn', before: /[夺之弱]/ },
      { reading: 'guàn', after: /[军名]/ },
    ],
    脏: [
      { reading: 'zàng', before: /[心肝五内肾脾肺六]/ },
      { reading: 'zàng', after: /[腑器]/ },
    ],
    炸: [
      { reading: 'zhá', before: /[油]/ },
      { reading: 'zhá', after: /[鸡鱼酱酥薯糕串]/ },
    ],
    剥: [
      { reading: 'bō', after: /[夺削落蚀离啄]/ },
      { reading: 'bō', before: /[盘]/ },
    ],
    夹: [{ reading: 'jiá', after: /[袄衣被袍]/ }, { reading: 'gā', after: /肢/ }, { reading: 'jiā' }],
    铺: [
      { reading: 'pū', after: /[成设垫床路开展满就地砌作盖张平轨]/, notBefore: /[店床当卧药里]/ },
      { reading: 'pū', before: /[密平]/ },
    ],
    磨: [
      { reading: 'mò', before: /[石水推]/ },
      { reading: 'mò', after: /[坊盘]/ },
    ],
    // Names, and the words of histories and maps.
    塞: [
      { reading: 'sè', before: /[闭阻堵充搪淤梗栓]/ },
      { reading: 'sè', after: /责/ },
      { reading: 'sài', after: /[尔拜浦舌内班拉维纳琉北外克斯翁哥萨罗缪]/ },
      { reading: 'sài', before: /[埃要边阿巴关出摩]/ },
    ],
    圩: [{ reading: 'xū', before: /赶/ }, { reading: 'xū', after: /[日市场镇]/ }, { reading: 'wéi' }],
    媛: [{ reading: 'yuàn', before: /[名淑才令]/ }, { reading: 'yuán' }],
    阆: [{ reading: 'làng', after: /[中苑]/ }],
    裨: [{ reading: 'bì', after: /[益补]/ }, { reading: 'bì', before: /[无大]/ }, { reading: 'pí' }],
    朴: [
      { reading: 'pǔ', after: /[素实质拙直茂厚学]/ },
      { reading: 'pǔ', before: /[质纯淳简俭古敦诚拙浑素]/ },
      { reading: 'piáo', notAfter: /[树刀]/ },
    ],
    蛤: [{ reading: 'há', after: /蟆/ }, { reading: 'gé' }],
    肖: [
      { reading: 'xiào', after: /[像]/ },
      { reading: 'xiào', before: /[生不惟酷毕]/ },
      { reading: 'xiāo' },
    ],
    轧: [
      { reading: 'zhá', after: /[制钢机辊件材延板线在是]/ },
      { reading: 'zhá', before: /[冷热平连]/ },
    ],
    句: [
      { reading: 'gōu', before: /高/, after: /[丽骊]/ },
      { reading: 'gōu', after: /[践鑃吴]/ },
    ],
    燕: [
      { reading: 'yān', after: /[国京山赵云王都昭丹]/ },
      { reading: 'yān', before: /[前后北南西]/, notAfter: /[飞归来]/ },
    ],
    逮: [{ reading: 'dài', after: /捕/ }],
    蠡: [{ reading: 'lí', after: /测/ }, { reading: 'lǐ' }],
    毂: [{ reading: 'gǔ' }],
    帖: [
      { reading: 'tiē', before: /[妥服伏熨]/ },
      { reading: 'tiè', before: /[字法临画]/ },
      { reading: 'tiě', notBefore: /碑/ },
    ],
    泊: [{ reading: 'pō', before: /[湖血山布水]/ }],
    喇: [{ reading: 'lā', before: /[哗呼哇]/ }, { reading: 'lǎ' }],
    姥: [{ reading: 'lǎo', before: /姥/ }, { reading: 'lǎo', after: /[姥爷]/ }, { reading: 'mǔ' }],
    攒: [{ reading: 'cuán', after: /[尖动射聚眉顶]/ }],
    脯: [{ reading: 'pú', before: /胸/ }, { reading: 'fǔ' }],
    柏: [
      { reading: 'bó', after: /[林柏拉]/ },
      { reading: 'bó', before: /柏/ },
    ],
    靡: [{ reading: 'mí', before: /[奢]/ }, { reading: 'mí', after: /费/ }, { reading: 'mǐ' }],
    汗: [
      { reading: 'hán', before: /[可儿延思台]/, notAfter: /[水流珠]/ },
      { reading: 'hán', after: /国/ },
    ],
    蜇: [{ reading: 'zhé', before: /海/ }],
    阙: [{ reading: 'quē', after: /[如疑]/ }, { reading: 'què' }],
    莞: [{ reading: 'guǎn', before: /东/ }],
    豁: [{ reading: 'huò', after: /[免达然朗亮]/ }],
    蹶: [{ reading: 'jué' }],
    拗: [
      { reading: 'niù', before: /执/ },
      { reading: 'niù', after: /[不相]/ },
    ],
    擂: [{ reading: 'lèi', after: /[台主]/ }, { reading: 'lèi', before: /打/ }, { reading: 'léi' }],
    茜: [
      { reading: 'xī', before: /[苏露南]/ },
      { reading: 'xī', after: /[拉娅]/ },
    ],
    宿: [{ reading: 'xiù', before: /[星八七]/ }],
    贾: [{ reading: 'gǔ', before: /商/ }],
    臭: [{ reading: 'xiù', before: /[无乳]/ }],
    坊: [{ reading: 'fáng', before: /[磨油糖染作碾粉]/ }],
    吁: [
      { reading: 'yù', before: /呼/ },
      { reading: 'yù', after: /求/ },
    ],
    厦: [{ reading: 'xià', after: /[门深漳]/ }],
    蚌: [{ reading: 'bèng', after: /埠/ }],
    蔚: [{ reading: 'yù', after: /[县州]/ }],
    涡: [{ reading: 'guō', after: /阳/ }],
    肚: [{ reading: 'dǔ', before: /[爆羊猪牛毛]/ }],
    翘: [
      { reading: 'qiáo', after: /[首楚望]/ },
      { reading: 'qiáo', before: /连/ },
    ],
    莘: [{ reading: 'xīn', after: /庄/ }],
    扒: [
      { reading: 'pá', after: /[手鸡窃]/ },
      { reading: 'pá', before: /反/ },
    ],
    伺: [{ reading: 'cì', after: /候/ }],
    吧: [
      { reading: 'bā', before: /[酒贴网]/ },
      { reading: 'bā', after: /[台主]/ },
    ],
    扛: [{ reading: 'gāng', after: /鼎/ }],
    揣: [{ reading: 'chuǎi', after: /[摩测度]/ }],
    牟: [{ reading: 'mù', after: /平/ }, { reading: 'mù', before: /中/, after: /县/ }, { reading: 'móu' }],
    幢: [{ reading: 'chuáng', before: /[经铁石]/ }],
    氓: [{ reading: 'máng', before: /流/ }, { reading: 'méng' }],
    隽: [{ reading: 'juàn', after: /[永水]/ }],
  } satisfies Record<string, readonly NeighbourRule[]>),
);

/** Which UTF-16 units have rules: every character is asked for, few have any. */
const HAS_RULES: Uint8Array = new Uint8Array(0x10000);
for (const character of RULES.keys()) HAS_RULES[character.charCodeAt(0)] = 1;

/**
 * Mends, in place, what the dictionary reads wrong.
 *
 * @param line in simplified characters.
 * @param readings one a code point of the line, as pinyin with tone marks.
 */
export function correctReadings(line: string, readings: string[]): void {
  // Beyond the Basic Multilingual Plane a character is two units, and its index another than the reading's.
  const characters: ArrayLike<string> = line.length === readings.length ? line : [...line];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? '';
    if (HAS_RULES[character.charCodeAt(0)] !== 1) continue;
    const rules = RULES.get(character);
    if (rules === undefined) continue;
    const before = characters[index - 1] ?? '';
    // 慢慢地, 静静地: after a doubled adjective 地 makes it an adverb.
    if (character === '地' && before !== '' && before === characters[index - 2]) {
      readings[index] = 'de';
      continue;
    }
    const reading = readingBetween(rules, before, characters[index + 1] ?? '');
    if (reading !== undefined) readings[index] = reading;
  }
}
