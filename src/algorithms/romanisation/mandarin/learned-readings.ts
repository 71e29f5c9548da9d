import type { NeighbourRule } from '../neighbour-rules.ts';

/**
 * Readings by neighbour of characters of the learned vocabulary, of names, and of what histories and maps tell. A rule
 * stands for every word of its kind: 塞 is sài in all the names 塞 transcribes, 藏 is zàng in all that is Tibetan or a
 * canon.
 */
export const LEARNED_READINGS: Readonly<Record<string, readonly NeighbourRule[]>> = {
  咳: [{ reading: 'ké', notAfter: /[，！,!]/ }],
  什: [{ reading: 'shí', notAfter: /[么麼]/ }],
  载: [{ reading: 'zài', notBefore: /[记刊转登连千年半万三百]/, notAfter: /[于体]/ }],
  率: [
    { reading: 'shuài', after: /[军兵领队众部先师团舰骑]/ },
    { reading: 'shuài', before: /[草直坦轻表统]/ },
  ],
  供: [
    { reading: 'gòng', after: /[奉认品桌词职述佛神]/ },
    { reading: 'gòng', before: /[口招逼翻上]/ },
    { reading: 'gōng' },
  ],
  切: [{ reading: 'qiē', after: /[换分割片除断开磋线削菜成掉入磨点]/ }],
  调: [{ reading: 'diào', after: /[任往到入离遣度集动查派回职拨出研头令兵分]/, notBefore: /[微协空烹]/ }],
  鲜: [
    { reading: 'xiǎn', before: /朝/ },
    { reading: 'xiǎn', after: /[有见为少]/, notBefore: /[新海生]/ },
  ],
  舍: [
    { reading: 'shě', after: /[不弃得己命入身]/, notBefore: /[宿校房农寒]/ },
    { reading: 'shě', before: /[取施割难恋]/ },
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
  肖: [{ reading: 'xiào', after: /[像]/ }, { reading: 'xiào', before: /[生不惟酷毕]/ }, { reading: 'xiāo' }],
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
};
