import type { NeighbourRule } from '../neighbour-rules.ts';

/**
 * Readings that hold in standard written Chinese as much as in spoken Cantonese: characters whose meaning, and so
 * whose reading, their neighbours tell, where the dictionary has no word for them or too long a one. Readings are
 * those of the LSHK's Jyutping word list and of words.hk.
 */
export const CONTEXT_READINGS: ReadonlyMap<string, readonly NeighbourRule[]> = new Map(
  Object.entries({
    // "Again" and "a layer of" are cung4; heavy is cung5, important zung6.
    重: [
      {
        reading: 'cung4',
        after: /[遇燃回演提來新逢聚溫拾頭返播現複疊建組做聽唱看訪歸踏投走寫修遊活見蹈申]/,
        notBefore: /[很太最病沉加嚴體貴尊比]/,
      },
      { reading: 'cung4', before: /[一兩三四五六七八九十百千萬幾層]/, notAfter: /[要量點視大]/ },
    ],
    // To count is sou2; numbers are sou3.
    數: [
      { reading: 'sou2', after: /[着著過不星遍盡住]/ },
      { reading: 'sou2', before: /[去來懶細倒屈數]/ },
    ],
    行: [
      { reading: 'hong4', after: /[淚字詩]/ },
      { reading: 'hong4', before: /行/, notAfter: /[企出走]/ },
    ],
    樂: [{ reading: 'ngok6', after: /[韻譜壇曲器手團迷理師]/ }],
    // Tomorrow morning, unless it is the dynasty.
    朝: [{ reading: 'ziu1', before: /明/, notAfter: /[代末初廷政]/ }],
    傳: [{ reading: 'cyun4', after: /奇/ }],
    強: [{ reading: 'koeng5', after: /[迫逼求顏辯]/ }],
    載: [{ reading: 'zoi2', before: /[千半幾數]/ }],
    量: [{ reading: 'loeng4', before: /思/ }],
    覺: [
      { reading: 'gaau3', before: /一/, after: /[醒睡到]/ },
      { reading: 'gaau3', before: /午/ },
    ],
    處: [
      { reading: 'cyu5', before: /相/ },
      { reading: 'cyu3', before: /處/ },
      { reading: 'cyu3', after: /處/ },
    ],
    // A taileless "two" before what is counted; only the ounce is loeng2.
    兩: [{ reading: 'loeng5', after: /[個粒次日年月人邊種條隻手眼字句者岸]/, notBefore: /[斤八半]/ }],
  } satisfies Record<string, readonly NeighbourRule[]>),
);
