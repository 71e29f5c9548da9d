import { beforeAll, describe, expect, it } from 'vitest';
import { loadCantonese } from '../../../src/algorithms/romanisation/cantonese/cantonese.ts';
import { loadMandarin } from '../../../src/algorithms/romanisation/mandarin/mandarin.ts';
import { joinWords, type Romaniser } from '../../../src/algorithms/romanisation/romaniser.ts';

describe('MandarinRomaniser', () => {
  let mandarin: Romaniser;
  beforeAll(async () => {
    mandarin = await loadMandarin();
  });

  it.each([
    ['夜空中最亮的星', 'yè kōng zhōng zuì liàng de xīng'],
    ['我还记得你说的话', 'wǒ hái jì de nǐ shuō de huà'],
    ['把我的心还给我', 'bǎ wǒ de xīn huán gěi wǒ'],
    ['慢慢地走过来', 'màn màn de zǒu guò lái'],
    ['在这片土地上', 'zài zhè piàn tǔ dì shàng'],
    ['你长得好高', 'nǐ zhǎng de hǎo gāo'],
    ['这条路好长', 'zhè tiáo lù hǎo cháng'],
    ['我睡不着', 'wǒ shuì bù zháo'],
    ['忘不了你', 'wàng bù liǎo nǐ'],
    ['爱得太深', 'ài de tài shēn'],
    ['快乐的音乐', 'kuài lè de yīn yuè'],
    ['一觉睡到天亮', 'yī jiào shuì dào tiān liàng'],
    ['睡觉 觉得', 'shuì jiào jué de'],
    ['银行行长', 'yín háng háng zhǎng'],
    ['重新开始 沉重', 'chóng xīn kāi shǐ chén zhòng'],
    ['女儿穿着绿裙', 'nǚ ér chuān zhe lǜ qún'],
    ['朝鲜 海鲜', 'cháo xiǎn hǎi xiān'],
    ['西藏 躲藏', 'xī zàng duǒ cáng'],
    ['供应 供奉', 'gōng yìng gòng fèng'],
    ['夺冠 皇冠', 'duó guàn huáng guān'],
    ['哽咽 咽喉', 'gěng yè yān hóu'],
  ])('%s is %s', (text, pinyin) => {
    expect(joinWords(mandarin.romanise(text))).toBe(pinyin);
  });

  it('reads traditional characters as the words they are', () => {
    expect(joinWords(mandarin.romanise('妳說還會愛著我'))).toBe('nǐ shuō hái huì ài zhe wǒ');
    expect(joinWords(mandarin.romanise('長大後覺得寂寞，著名'))).toBe('zhǎng dà hòu jué de jì mò, zhù míng');
  });

  it('passes on Latin text, wide punctuation and characters beyond the Basic Multilingual Plane', () => {
    expect(joinWords(mandarin.romanise('「你好」，Baby！我爱U 😀我の心'))).toBe(
      '"nǐ hǎo", Baby! wǒ ài U 😀 wǒ de xīn',
    );
  });
});

describe('CantoneseRomaniser', () => {
  let cantonese: Romaniser;
  beforeAll(async () => {
    cantonese = await loadCantonese();
  });

  it.each([
    ['我唔知點解', 'ngo5 m4 zi1 dim2 gaai2'],
    ['佢哋返嚟喇', 'keoi5 dei6 faan1 lai4 laa3'],
    ['從前以後來到', 'cung4 cin4 ji5 hau6 loi4 dou3'],
    ['你快啲來我度', 'nei5 faai3 di1 lai4 ngo5 dou6'],
    ['我哋原來唔識', 'ngo5 dei6 jyun4 loi4 m4 sik1'],
    ['往返不返', 'wong5 faan2 bat1 faan2'],
    ['我重有佢', 'ngo5 zung6 jau5 keoi5'],
    ['睇下先啦', 'tai2 haa5 sin1 laa1'],
    ['天下之大', 'tin1 haa6 zi1 daai6'],
    ['海闊天空', 'hoi2 fut3 tin1 hung1'],
    ['喺出邊等', 'hai2 ceot1 bin6 dang2'],
    ['你喺邊度', 'nei5 hai2 bin1 dou6'],
    ['使唔使儲錢', 'sai2 m4 sai2 cou5 cin2'],
    ['佢唔會話你知', 'keoi5 m4 wui5 waa6 nei5 zi1'],
    ['我哋食魚 魚缸', 'ngo5 dei6 sik6 jyu2 jyu4 gong1'],
    ['望着佢件衫', 'mong6 zoek6 keoi5 gin6 saam1'],
    // Standard written Chinese, as most Cantopop has it.
    ['如果可以重來', 'jyu4 gwo2 ho2 ji5 cung4 loi4'],
    ['隔着千重山再重遇', 'gaak3 zoek6 cin1 cung4 saan1 zoi3 cung4 jyu6'],
    ['沉重 重要', 'cam4 cung5 zung6 jiu3'],
    ['一覺醒來數星星', 'jat1 gaau3 sing2 loi4 sou2 sing1 sing1'],
    ['無數 數字', 'mou4 sou3 sou3 zi6'],
    ['處處難相處', 'cyu3 cyu3 naan4 soeng1 cyu5'],
    ['一行行淚 行人', 'jat1 hong4 hong4 leoi6 hang4 jan4'],
    ['不可強求', 'bat1 ho2 koeng5 kau4'],
    ['朝思暮想 朝向', 'ziu1 si1 mou6 soeng2 ciu4 hoeng3'],
  ])('%s is %s', (text, jyutping) => {
    expect(joinWords(cantonese.romanise(text))).toBe(jyutping);
  });

  it.each([
    ['为何仍然为你等', '為何仍然為你等'],
    ['头发 出发 里面 千里', '頭髮 出發 裏面 千里'],
    ['关系 体系 之后 皇后', '關係 體系 之後 皇后'],
    ['佢讲一只歌，只要边个钟意', '佢講一隻歌，只要邊個鍾意'],
    ['轻松 松树 战斗 北斗 干净 树干', '輕鬆 松樹 戰鬥 北斗 乾淨 樹幹'],
    ['几时 茶几 复杂 报复 尽管 尽头', '幾時 茶几 複雜 報復 儘管 盡頭'],
  ])('reads %s in simplified characters as %s', (simplified, traditional) => {
    expect(joinWords(cantonese.romanise(simplified))).toBe(joinWords(cantonese.romanise(traditional)));
  });

  it('passes Latin text through', () => {
    expect(joinWords(cantonese.romanise('say goodbye，走啦!'))).toBe('say goodbye, zau2 laa1!');
  });
});
