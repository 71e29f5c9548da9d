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
  ])('%s is %s', (text, jyutping) => {
    expect(joinWords(cantonese.romanise(text))).toBe(jyutping);
  });

  it('passes Latin text through', () => {
    expect(joinWords(cantonese.romanise('say goodbye，走啦!'))).toBe('say goodbye, zau2 laa1!');
  });
});
