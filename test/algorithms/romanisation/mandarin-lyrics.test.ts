import { beforeAll, describe, expect, it } from 'vitest';
import { loadMandarin } from '../../../src/algorithms/romanisation/mandarin/mandarin.ts';
import { joinWords, type Romaniser } from '../../../src/algorithms/romanisation/romaniser.ts';

/**
 * Phrases of lyrics around characters with several readings. The readings were written down first, after Xiandai Hanyu
 * Cidian (7th edition).
 */
const PHRASES = `
我了解你的心 | wǒ liǎo jiě nǐ de xīn
了不起的你 | liǎo bù qǐ de nǐ
爱了就爱了 | ài le jiù ài le
受不了你的好 | shòu bù liǎo nǐ de hǎo
这一切就此了结 | zhè yī qiè jiù cǐ liǎo jié
不了了之 | bù liǎo liǎo zhī
没完没了 | méi wán méi liǎo
走不了多远 | zǒu bù liǎo duō yuǎn
忘了我 | wàng le wǒ
为了你 | wèi le nǐ
等了又等 | děng le yòu děng
看着你睡着了 | kàn zhe nǐ shuì zháo le
着急 着迷 | zháo jí zháo mí
摸不着 找得着 | mō bù zháo zhǎo de zháo
沿着路走 | yán zhe lù zǒu
爱着你 想着你 | ài zhe nǐ xiǎng zhe nǐ
着了火 | zháo le huǒ
衣着 着落 | yī zhuó zhuó luò
得到你的爱 | dé dào nǐ de ài
你得相信我 | nǐ děi xiāng xìn wǒ
总得有个人 | zǒng děi yǒu gè rén
舍不得你 | shě bù de nǐ
不得不爱 | bù dé bù ài
笑得好看 | xiào de hǎo kàn
难得 获得 | nán dé huò dé
哭得像个孩子 | kū de xiàng gè hái zi
轻轻地唱 | qīng qīng de chàng
默默地等 | mò mò de děng
悄悄地我走了 | qiāo qiāo de wǒ zǒu le
无声地落下 | wú shēng de luò xià
深深地爱着 | shēn shēn de ài zhe
天地之间 | tiān dì zhī jiān
不顾一切地爱你 | bù gù yī qiè de ài nǐ
疯狂地想你 | fēng kuáng de xiǎng nǐ
一次又一次地 | yī cì yòu yī cì de
有一个地方 | yǒu yī gè dì fāng
目的地 | mù dì dì
的确 目的 | dí què mù dì
还你自由 | huán nǐ zì yóu
把爱还给你 | bǎ ài huán gěi nǐ
归还 偿还 还债 还钱 | guī huán cháng huán huán zhài huán qián
长大 成长 生长 | zhǎng dà chéng zhǎng shēng zhǎng
漫长的夜 | màn cháng de yè
长发 长长的路 | cháng fà cháng cháng de lù
慢慢长大 | màn màn zhǎng dà
长满青苔 | zhǎng mǎn qīng tái
地久天长 | dì jiǔ tiān cháng
一年又一年的成长 | yī nián yòu yī nián de chéng zhǎng
重新来过 | chóng xīn lái guò
重逢 重来 重复 重叠 | chóng féng chóng lái chóng fù chóng dié
太重了 | tài zhòng le
越来越重 | yuè lái yuè zhòng
重要 重量 沉重 保重 | zhòng yào zhòng liàng chén zhòng bǎo zhòng
一重山 | yī chóng shān
重蹈覆辙 | chóng dǎo fù zhé
双重 九重天 | shuāng chóng jiǔ chóng tiān
爱得多重 | ài de duō zhòng
一行字 两行泪 | yī háng zì liǎng háng lèi
泪水两行 | lèi shuǐ liǎng háng
一路同行 | yī lù tóng xíng
行不行 不行 | xíng bù xíng bù xíng
旅行 步行 飞行 | lǚ xíng bù xíng fēi xíng
诗行 字里行间 | shī háng zì lǐ háng jiān
快乐 音乐 乐队 欢乐 | kuài lè yīn yuè yuè duì huān lè
乐章 乐园 | yuè zhāng lè yuán
睡一觉 | shuì yī jiào
一觉醒来 | yī jiào xǐng lái
睡个好觉 | shuì gè hǎo jiào
感觉 错觉 不知不觉 | gǎn jué cuò jué bù zhī bù jué
午觉 睡懒觉 | wǔ jiào shuì lǎn jiào
曾经 未曾 不曾 | céng jīng wèi céng bù céng
为你 因为 为什么 | wèi nǐ yīn wèi wèi shén me
成为 以为 认为 | chéng wéi yǐ wéi rèn wéi
为爱痴狂 | wèi ài chī kuáng
化为灰烬 | huà wéi huī jìn
为难 为止 无能为力 | wéi nán wéi zhǐ wú néng wéi lì
以你为荣 | yǐ nǐ wéi róng
以梦为马 | yǐ mèng wéi mǎ
因你而为之疯狂 | yīn nǐ ér wèi zhī fēng kuáng
爱你为何那么难 | ài nǐ wèi hé nà me nán
都是你的错 | dōu shì nǐ de cuò
都市 首都 古都 | dū shì shǒu dū gǔ dū
每个人都爱 | měi gè rén dōu ài
只要 只有 只是 只想 | zhǐ yào zhǐ yǒu zhǐ shì zhǐ xiǎng
一只鸟 两只蝴蝶 | yī zhī niǎo liǎng zhī hú dié
船只 那只手 | chuán zhī nà zhī shǒu
朝朝暮暮 | zhāo zhāo mù mù
朝夕相处 | zhāo xī xiāng chǔ
朝着阳光 | cháo zhe yáng guāng
今朝有酒今朝醉 | jīn zhāo yǒu jiǔ jīn zhāo zuì
面朝大海 | miàn cháo dà hǎi
朝思暮想 | zhāo sī mù xiǎng
一朝一夕 | yī zhāo yī xī
朝霞 朝露 | zhāo xiá zhāo lù
藏在心里 | cáng zài xīn lǐ
收藏 宝藏 西藏 | shōu cáng bǎo zàng xī zàng
弹琴 弹吉他 | tán qín tán jí tā
子弹 炸弹 | zǐ dàn zhà dàn
弹奏一曲 | tán zòu yī qǔ
数星星 数不清 | shǔ xīng xing shǔ bù qīng
数到三 | shǔ dào sān
数着日子 | shǔ zhe rì zi
数一数 | shǔ yī shǔ
倒数 数数 | dào shǔ shǔ shù
屈指可数 | qū zhǐ kě shǔ
便宜 方便 随便 | pián yi fāng biàn suí biàn
大腹便便 | dà fù pián pián
降落 下降 投降 | jiàng luò xià jiàng tóu xiáng
降临 从天而降 | jiàng lín cóng tiān ér jiàng
相处 处理 | xiāng chǔ chǔ lǐ
何处 深处 远处 处境 | hé chù shēn chù yuǎn chù chǔ jìng
跌倒 倒下 摔倒 | diē dǎo dǎo xià shuāi dǎo
倒影 倒流 倒退 | dào yǐng dào liú dào tuì
倒一杯酒 | dào yī bēi jiǔ
时光倒流 | shí guāng dào liú
倒不如 | dào bù rú
种下 种花 播种 | zhòng xià zhòng huā bō zhǒng
一种 各种 种子 | yī zhǒng gè zhǒng zhǒng zi
种一颗树 | zhòng yī kē shù
沉没 淹没 没有 | chén mò yān mò méi yǒu
没收 出没 埋没 | mò shōu chū mò mái mò
应该 应当 | yīng gāi yīng dāng
应有尽有 | yīng yǒu jìn yǒu
当年 当初 当时 应当 | dāng nián dāng chū dāng shí yīng dāng
上当 当作 恰当 当真 | shàng dàng dàng zuò qià dàng dàng zhēn
当做一场梦 | dàng zuò yī chǎng mèng
把你当朋友 | bǎ nǐ dāng péng you
相信 相爱 互相 | xiāng xìn xiāng ài hù xiāng
照相 真相 相片 长相 | zhào xiàng zhēn xiàng xiàng piàn zhǎng xiàng
长相厮守 | cháng xiāng sī shǒu
兴奋 高兴 | xīng fèn gāo xìng
散步 分散 散落 | sàn bù fēn sàn sàn luò
懒散 松散 | lǎn sǎn sōng sǎn
转身 旋转 转圈 | zhuǎn shēn xuán zhuǎn zhuàn quān
转来转去 | zhuàn lái zhuàn qù
天旋地转 | tiān xuán dì zhuàn
空白 有空 空虚 天空 | kòng bái yǒu kòng kōng xū tiān kōng
空荡荡 | kōng dàng dàng
抽空 填空 空缺 | chōu kòng tián kòng kòng quē
更多 更加 五更 | gèng duō gèng jiā wǔ gēng
变更 更改 三更半夜 | biàn gēng gēng gǎi sān gēng bàn yè
看守 看见 | kān shǒu kàn jiàn
好奇 爱好 喜好 你好 | hào qí ài hào xǐ hào nǐ hǎo
分开 分手 十分 缘分 过分 一分一秒 | fēn kāi fēn shǒu shí fēn yuán fèn guò fèn yī fēn yī miǎo
身份 成分 水分 | shēn fèn chéng fèn shuǐ fèn
中间 命中 击中 中毒 中奖 | zhōng jiān mìng zhòng jī zhòng zhòng dú zhòng jiǎng
看中 中意 | kàn zhòng zhòng yì
时间 人间 间断 瞬间 离间 | shí jiān rén jiān jiàn duàn shùn jiān lí jiàn
传说 传奇 自传 | chuán shuō chuán qí zì zhuàn
正月 正在 | zhēng yuè zhèng zài
强迫 坚强 勉强 倔强 | qiǎng pò jiān qiáng miǎn qiǎng jué jiàng
与你 参与 | yǔ nǐ cān yù
尽头 尽管 尽情 尽量 | jìn tóu jǐn guǎn jìn qíng jǐn liàng
落下 失落 丢三落四 | luò xià shī luò diū sān là sì
假如 放假 假装 假期 | jiǎ rú fàng jià jiǎ zhuāng jià qī
冲动 冲 冲着 | chōng dòng chōng chòng zhe
干杯 干净 能干 干什么 | gān bēi gān jìng néng gàn gàn shén me
系在 关系 系鞋带 | xì zài guān xì jì xié dài
盛开 盛满 盛大 | shèng kāi chéng mǎn shèng dà
扇 扇子 煽 | shàn shàn zi shān
华丽 华山 | huá lì huà shān
血 流血 血液 | xuè liú xuè xuè yè
薄 薄荷 单薄 浅薄 | báo bò he dān bó qiǎn bó
削 剥削 | xiāo bō xuē
模样 模糊 模型 | mú yàng mó hu mó xíng
似乎 好似 似的 | sì hū hǎo sì shì de
似的 像风似的 | shì de xiàng fēng shì de
挣扎 挣脱 挣钱 | zhēng zhá zhèng tuō zhèng qián
扎 包扎 | zhā bāo zā
晕 晕倒 红晕 | yūn yūn dǎo hóng yùn
禁不住 不禁 禁止 | jīn bù zhù bù jīn jìn zhǐ
宁愿 宁静 | nìng yuàn níng jìng
圈 圆圈 | quān yuán quān
角落 主角 角色 嘴角 | jiǎo luò zhǔ jué jué sè zuǐ jiǎo
量 力量 商量 思量 测量 | liàng lì liàng shāng liang sī liang cè liáng
夹 夹克 | jiā jiā kè
哪 哪里 哪怕 | nǎ nǎ lǐ nǎ pà
和 和平 暖和 附和 唱和 | hé hé píng nuǎn huo fù hè chàng hè
那 那些 那么 | nà nà xiē nà me
啊 好啊 | a hǎo a
呢 呢喃 | ne ní nán
吗 干吗 | ma gàn má
吧 酒吧 | ba jiǔ bā
么 什么 怎么 | me shén me zěn me
牵着手看着落叶 | qiān zhe shǒu kàn zhe luò yè
我的确定 | wǒ de què dìng
只剩只得到的回忆 | zhǐ shèng zhǐ dé dào de huí yì
我们都得长大 | wǒ men dōu děi zhǎng dà
重拾热情再重聚 | chóng shí rè qíng zài chóng jù
我们取得了胜利 | wǒ men qǔ dé le shèng lì
最重要是你 | zuì zhòng yào shì nǐ
节目的最后 | jié mù de zuì hòu
野草疯长 | yě cǎo fēng zhǎng
身处何处 | shēn chǔ hé chù
本应如此 | běn yīng rú cǐ
没收到你的信 | méi shōu dào nǐ de xìn
飞行距离 | fēi xíng jù lí
朋友告诉我那时候的故事 | péng you gào su wǒ nà shí hou de gù shi
你的眼睛像星星和月亮 | nǐ de yǎn jing xiàng xīng xing hé yuè liang
欠你的总要还 | qiàn nǐ de zǒng yào huán
想你想得睡不着 | xiǎng nǐ xiǎng de shuì bù zháo
给自己倒了杯酒 | gěi zì jǐ dào le bēi jiǔ
时钟倒着走 | shí zhōng dào zhe zǒu
慌张地逃跑 | huāng zhāng de táo pǎo
背着行囊去远方 | bēi zhe xíng náng qù yuǎn fāng
相差太远 | xiāng chā tài yuǎn
中了你的毒 | zhòng le nǐ de dú
正中红心 | zhèng zhòng hóng xīn
系住风筝的线 | jì zhù fēng zheng de xiàn
木马转啊转 | mù mǎ zhuàn a zhuàn
整座都市都睡着了 | zhěng zuò dū shì dōu shuì zháo le
`;

const TRADITIONAL = `
牽著手看著落葉 | qiān zhe shǒu kàn zhe luò yè
還你自由 歸還 | huán nǐ zì yóu guī huán
慢慢長大 長髮 | màn màn zhǎng dà cháng fà
睡個好覺 感覺 | shuì gè hǎo jiào gǎn jué
為愛癡狂 成為 | wèi ài chī kuáng chéng wéi
隨風飛翔 一隻鳥 | suí fēng fēi xiáng yī zhī niǎo
只剩回憶 時光倒流 | zhǐ shèng huí yì shí guāng dào liú
無聲地落下 爲了你 | wú shēng de luò xià wèi le nǐ
著名 執著 著急 | zhù míng zhí zhuó zháo jí
乾杯 乾坤 | gān bēi qián kūn
`;

describe('lyrics in Mandarin', () => {
  let mandarin: Romaniser;
  beforeAll(async () => {
    mandarin = await loadMandarin();
  });

  const rows = [...`${PHRASES}${TRADITIONAL}`.matchAll(/^(.+) \| (.+)$/gm)].map(([, text, pinyin]) => [
    text,
    pinyin,
  ]);

  it.each(rows)('%s is %s', (text = '', pinyin) => {
    expect(joinWords(mandarin.romanise(text))).toBe(pinyin);
  });
});
