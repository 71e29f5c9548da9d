import type { NeighbourRule } from '../neighbour-rules.ts';

/**
 * Readings by neighbour of the characters that sentences are built with and lyrics are full of: particles, adverbs, and
 * verbs of everyday life. Meanings and readings are those of Xiandai Hanyu Cidian (7th edition).
 */
export const EVERYDAY_READINGS: Readonly<Record<string, readonly NeighbourRule[]>> = {
  // As in print, whatever tone follows.
  一: [{ reading: 'yī' }],
  不: [{ reading: 'bù' }],
  为: [
    {
      reading: 'wéi',
      before: /[转升视称成作改命译名化变选任定分评列认封立约均度长宽深积性尊誉沦奉]/,
      notAfter: /[了什何此我你您他她它谁这那]/,
    },
    { reading: 'wéi', after: /[0-9０-９名荣伴准首时]/ },
  ],
  得: [
    // "Must": after a subject or adverb and before a verb.
    {
      reading: 'děi',
      before: /[我你他她们您咱谁人总还也都只就]/,
      after: /[走去回做说把让给学忘面继要承长相信等靠想活先自往找努放对用听看离死跟陪]/,
    },
    { reading: 'de', before: /[找睡摸用犯够]/, after: /着/ },
    // How something is done: 想得睡不着, 变得沉默.
    { reading: 'de', before: /[想爱哭笑痛疼美恨伤跑唱活变飞]/, notAfter: /[到知以]/ },
    {
      reading: 'de',
      before: /[^不必总还只要就都也非才心难所获取已再我你他她们得先永自求多一可]/,
      after: /[太很好那这更真非像如快慢多]/,
    },
  ],
  着: [
    // After a verb that lasts, even where the next character would make a word with it: 牵着手, 看着落叶.
    {
      reading: 'zhe',
      before:
        /[牵望看向对握拉挥听朝随沿顺跟等抱想念唱爱带扶扯撑举拍忍闭盯忙迎照捧含守陪靠挽笑哭踩背指踏拿数]/,
      after: /[手眼落想色重实笔力意陆]/,
    },
    { reading: 'zháo', before: /不/, notAfter: /[边痕一]/ },
    { reading: 'zháo', before: /[睡找]/, notAfter: /[你我他她]/ },
    { reading: 'zháo', before: /得/ },
    { reading: 'zháo', after: /[急火凉迷魔]/, notBefore: /[看想等听望]/ },
    // 着了火, 着了魔, 睡着了.
    { reading: 'zháo', after: /了/ },
    { reading: 'zhuó', after: /装/ },
  ],
  了: [
    { reading: 'liǎo', before: /[不得]/, notAfter: /了/ },
    { reading: 'liǎo', after: /[解断却结]/, notBefore: /[为到完成死]/ },
  ],
  还: [
    { reading: 'huán', after: /[给债钱]/ },
    { reading: 'huán', before: /[归偿]/ },
    // At the end of a clause no adverb can stand.
    { reading: 'huán', before: /[要想能会没不必该得来]/, after: /^$|[\s\p{P}]/u },
    // 还你自由: an adverb would stand after the pronoun.
    { reading: 'huán', after: /[你我他她]/ },
  ],
  地: [
    {
      reading: 'de',
      before: /[停命狂柔敢情意切声次真由福蜜寞独单烈静伤傲兴断刻远忱诚烈怯速张]/,
      notAfter: /[方面带位点址区域球铁盘板下上里中段图震形势产界理]/,
    },
  ],
  行: [
    // To go and to do, even before a character that makes a word with háng: 飞行距离, 举行会议.
    { reading: 'xíng', before: /[飞步旅游进举执流远夜独践航]/ },
    { reading: 'háng', after: /长/, notBefore: /[步飞游人]/ },
    { reading: 'háng', before: /诗/ },
    // To go together; of the same trade only in words for people in it.
    { reading: 'xíng', before: /同/, notAfter: /[业是家们]/ },
  ],
  转: [
    { reading: 'zhuǎn', after: /[动向移过头眼变角折身]/ },
    // Round and round.
    { reading: 'zhuàn', before: /[打团啊呀]/ },
    { reading: 'zhuàn', after: /[啊呀]/ },
  ],
  种: [
    {
      reading: 'zhòng',
      after: /[田地花树菜草瓜在下一满了过着]/,
      notBefore: /[这那各几一两三每某多何哪品人物播树留火良有种]/,
    },
  ],
  教: [{ reading: 'jiāo', after: /[书我你他她会给]/, notBefore: /[宗佛道基请]/ }],
  啦: [{ reading: 'la', before: /[^啦哩哗呼叭里]/, notAfter: /啦/ }],
  哟: [{ reading: 'yo', before: /[^哎哼嘿喂\s]/ }],
  哩: [
    { reading: 'li', before: /[^哩\s\p{P}]/u, after: /^$|[\s\p{P}]/u, notBefore: /[方英海公]/ },
    { reading: 'lǐ', notBefore: /[哩叽]/, notAfter: /[哩啦]/ },
  ],
  嗯: [{ reading: 'èn' }],
  难: [{ reading: 'nàn', before: /[受蒙苦灾遇罹殉避国落劫危患磨]/, notAfter: /[以过受得道看听免忘说]/ }],
  长: [
    { reading: 'zhǎng', before: /[疯滋助书]/, notAfter: /[度短久]/ },
    { reading: 'zhǎng', after: /在/, notBefore: /[很太最多漫悠不更那这特全身擅]/ },
    { reading: 'zhǎng', after: /[得大出满成高]/, notBefore: /[太很多最身漫那这有更悠不]/ },
    { reading: 'zhǎng', before: /行/, notAfter: /[路达]/ },
    {
      reading: 'zhǎng',
      before: /[舰所校院部局厅处科司署队组团营连师军旅市县区镇乡州省社馆厂编船议秘酋董监狱]/,
      notAfter: /[度江城征期久短时远河途方篇裙发路达约]/,
    },
  ],
  都: [
    { reading: 'dū', after: /[督护尉]/ },
    { reading: 'dū', before: /[宁丰古故旧迁帝皇陪]/ },
  ],
  藏: [
    { reading: 'zàng', after: /[族文语传历戏獒医袍经区民扎汉]/ },
    { reading: 'zàng', before: /[西宝大三地道青川]/, notAfter: /[着在了身有匿起]/ },
  ],
  累: [
    { reading: 'lěi', after: /[迁积计次世年加及犯官]/ },
    { reading: 'lěi', before: /[积连牵亏]/ },
  ],
  卷: [
    { reading: 'juǎn', after: /[起入土曲烟走缩叶发尾毛]/ },
    { reading: 'juǎn', before: /[席胶花春龙]/ },
  ],
  // 隻 counts after a number or a pointing word; elsewhere it is "only".
  只: [
    { reading: 'zhǐ', before: /[这那]/, after: /[是有能会要不想好]/ },
    { reading: 'zhī', before: /[一二两三四五六七八九十几每这那哪半数百千万多少整单船舰影0-9]/ },
    { reading: 'zhī', after: /[身言]/ },
    { reading: 'zhǐ' },
  ],
  // Morning is zhāo; towards, and the dynasty, cháo.
  朝: [
    { reading: 'zhāo', after: /[阳霞露夕暮思晖晨气令生雾云]/ },
    { reading: 'zhāo', before: /[今一]/, notAfter: /[代廷野]/ },
  ],
  // To count is shǔ; the number shù.
  数: [
    {
      reading: 'shǔ',
      after: /[着过到不遍星羊钱一完]/,
      notBefore: /[人次总无岁度分倍多少半系参函指代整奇偶单复变常基位额件天年月个点读招回字学约级]/,
    },
  ],
  // Upside down, backwards, to pour, "on the contrary": dào; to fall: dǎo.
  倒: [
    {
      reading: 'dào',
      after: /[影映流退转立叙置挂带计茶水酒掉满出入回像也还是不春贴序灌]/,
      notBefore: /[跌摔打推颠昏病拉绊醉吓击扑卧压放潦晕栽滑震撞翻摇砍难倾]/,
    },
    { reading: 'dào', after: /一/, notBefore: /[跌摔打推颠昏病拉绊醉吓击扑卧压放潦晕栽滑震撞翻摇砍难倾]/ },
    { reading: 'dào', before: /反/ },
  ],
  应: [
    { reading: 'yīng', after: /[是该当尽]/, notBefore: /[响反回对供效感相适答报呼照策因顺]/ },
    { reading: 'yīng', before: /[本理早]/ },
  ],
  // To be in or get along with is chǔ; a place chù.
  处: [
    { reading: 'chǔ', after: /在/, notBefore: /[到处何远深高近四随别无痛好坏用暗明此住去来出]/ },
    { reading: 'chǔ', after: /子/, notBefore: /[到处何远深高近四随别]/ },
    { reading: 'chǔ', before: /身/ },
  ],
  // Again and in layers is chóng; of weight zhòng.
  重: [
    { reading: 'zhòng', after: /[要量视]/ },
    {
      reading: 'chóng',
      after: /[拾聚遇燃回演提看访踏走写复叠建修庆]/,
      notBefore: /[很太最病沉加严体贵尊比轻多心]/,
    },
    { reading: 'zhòng', before: /多/, after: /^$|[\s\p{P}]/u },
  ],
  觉: [{ reading: 'jiào', before: /[懒午好个]/, notAfter: /[得悟察]/ }],
  // Free time.
  空: [
    { reading: 'kòng', before: /有/, notAfter: /[间气调军中虚难]/ },
    { reading: 'kòng', before: /抽/ },
  ],
  // To tie.
  系: [{ reading: 'jì', after: /[着住上好紧鞋领围]/, notBefore: /[关联维体星派院联谱]/ }],
  // To hold or to fill; elsewhere to flourish.
  盛: [{ reading: 'chéng', after: /[满着饭汤]/, notBefore: /[茂旺昌鼎强丰全]/ }],
  冲: [{ reading: 'chòng', after: /着/ }],
  相: [{ reading: 'xiàng', after: /[片框册貌]/ }],
  尽: [{ reading: 'jǐn', after: /[管量快早]/ }],
  与: [{ reading: 'yù', before: /参/ }],
  // A bullet or bomb; to play and to bounce is tán.
  弹: [
    { reading: 'dàn', before: /[子炸导核炮饮枪催榴]/, notAfter: /[奏琴唱]/ },
    { reading: 'dàn', after: /[孔药壳道夹弓雨]/ },
  ],
  // To measure is liáng; an amount liàng.
  量: [{ reading: 'liàng', notBefore: /[测衡思商打估丈考端掂酌]/, notAfter: /[体身衣血尺度一]/ }],
  差: [{ reading: 'chā', before: /相/ }],
  // To hit the mark, to be struck by.
  中: [{ reading: 'zhòng', before: /^$|[\s我你他她猜打看说射命击又真]/, after: /了/ }],
  干: [{ reading: 'gàn', before: /[敢想要能好]/, notAfter: /[净涸枯燥杯脆旱裂扰涉戈预]/ }],
};
