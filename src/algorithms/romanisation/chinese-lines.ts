import { TRADITIONAL_AND_SIMPLIFIED } from './chinese-forms.ts';

/** Characters and words of Chinese that a Japanese line without kana does not hold. */
const CHINESE_WORDS =
  /[你妳您她们們这這吗嗎呢吧啊哦喔啦嘛说說谁沒么麼为過时對对從样樣边邊點点儿让讓爱还请問谢别裡梦风飞泪]|我的|不是|不會|不会|就是|是我|我是|我要|我在|我想|想要/u;

/** Words of grammar. One in a long line without kana is Chinese; in a short one it may be part of a Japanese word (不在). */
const GRAMMAR = /[的了是我也都很就把跟]/u;
const WIDER_GRAMMAR = /[在他不有和被没与]/u;
const LONG = 5;
const LONGER = 7;

const HAN = /\p{sc=Han}/gu;

/** The kanji of JIS X 0208, which modern Japanese is written with, by level. */
const LEVEL_TWO = 2;
const TRADITIONAL_FORM = 4;
let kanji: Uint8Array | undefined;

/** Level 1 (lead bytes to 0x98) and 2 of JIS X 0208, and the names' kanji that Windows adds, asked of the decoder. */
function kanjiLevels(): Uint8Array {
  const levels = new Uint8Array(0x10000);
  const decoder = new TextDecoder('shift_jis');
  const leads = [...range(0x88, 0x9f), ...range(0xe0, 0xea), 0xed, 0xee, ...range(0xfa, 0xfc)];
  for (const lead of leads) {
    const text = decoder.decode(Uint8Array.from(range(0x40, 0xfc).flatMap((trail) => [lead, trail])));
    for (const character of text)
      levels[character.charCodeAt(0)] = lead > 0x98 && lead < 0xed ? LEVEL_TWO : 1;
  }
  // 會, 經, 國: the old forms that Japanese gave up are all in level 2.
  for (let i = 0; i < TRADITIONAL_AND_SIMPLIFIED.length; i += 2) {
    const unit = TRADITIONAL_AND_SIMPLIFIED.charCodeAt(i);
    if (levels[unit] === LEVEL_TWO) levels[unit] = LEVEL_TWO | TRADITIONAL_FORM;
  }
  return levels;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/**
 * Whether a line of Han characters, without kana, is Chinese rather than Japanese: it holds a character that Japanese
 * character sets lack, two old forms that Japanese has simplified, or Chinese words of grammar.
 */
export function isChineseLine(text: string): boolean {
  if (CHINESE_WORDS.test(text)) return true;
  kanji ??= kanjiLevels();
  let han = 0;
  let oldForms = 0;
  for (const [character] of text.matchAll(HAN)) {
    if (character === '々' || character === '〆') continue;
    const level = character.length === 1 ? (kanji[character.charCodeAt(0)] as number) : 1;
    if (level === 0) return true;
    if ((level & TRADITIONAL_FORM) !== 0) oldForms++;
    han++;
  }
  // の between Han characters is Japanese here, though Chinese writes it for 的: only characters may speak against it.
  if (text.includes('の')) return false;
  if (oldForms >= 2) return true;
  return (han >= LONG && GRAMMAR.test(text)) || (han >= LONGER && WIDER_GRAMMAR.test(text));
}
