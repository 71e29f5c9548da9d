/** Kana: classes of characters, hiragana to katakana, vowels. */

const HIRAGANA_TO_KATAKANA = 0x60;

/** Hiragana as katakana, iteration mark included; everything else as it is. */
export function toKatakana(text: string): string {
  let katakana = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isHiragana = (code >= 0x3041 && code <= 0x3096) || code === 0x309d || code === 0x309e;
    katakana += isHiragana ? String.fromCharCode(code + HIRAGANA_TO_KATAKANA) : text.charAt(i);
  }
  return katakana;
}

/** Katakana as hiragana; everything else as it is. */
export function toHiragana(text: string): string {
  return text.replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - HIRAGANA_TO_KATAKANA));
}

/** Whether all of `text` is kana or the long vowel mark. */
export function isKana(text: string): boolean {
  return /^[\u3041-\u3096\u30a1-\u30fa\u30fc]+$/.test(text);
}

/** Whether all of `text` is katakana or the long vowel mark: loanwords, mostly. */
export function isKatakana(text: string): boolean {
  return /^[\u30a1-\u30fa\u30fc]+$/.test(text);
}

export function hasHan(text: string): boolean {
  return /[\p{sc=Han}々〆ヶ]/u.test(text);
}

const ROWS: readonly (readonly [string, string])[] = [
  ['ア', 'アカサタナハマヤラワガザダバパァャヮ'],
  ['イ', 'イキシチニヒミリギジヂビピィヰ'],
  ['ウ', 'ウクスツヌフムユルグズヅブプゥュヴ'],
  ['エ', 'エケセテネヘメレゲゼデベペェヱ'],
  ['オ', 'オコソトノホモヨロヲゴゾドボポォョ'],
];
const VOWELS: ReadonlyMap<string, string> = new Map(
  ROWS.flatMap(([vowel, kana]) => [...kana].map((character) => [character, vowel] as const)),
);

/** The vowel (ア to オ) a katakana ends in; undefined for ン, ッ, ー and what is no kana. */
export function vowelOf(katakana: string): string | undefined {
  return VOWELS.get(katakana);
}

/**
 * Writes out the marks that repeat a kana (ゝ, ゞ, ヽ, ヾ): length for length. A mark with nothing to repeat stays.
 */
export function expandIterationMarks(text: string): string {
  if (!/[ゝゞヽヾ]/.test(text)) return text;
  let expanded = '';
  let previous = '';
  for (const character of text) {
    previous = /[ゝゞヽヾ]/.test(character) && isKana(previous) ? repeated(previous, character) : character;
    expanded += previous;
  }
  return expanded;
}

function repeated(kana: string, mark: string): string {
  const plain = kana.normalize('NFD').charAt(0);
  const wanted = mark === 'ゞ' || mark === 'ヾ' ? `${plain}\u3099`.normalize('NFC') : plain;
  return wanted.length === 1 ? wanted : plain;
}

/** Half-width kana as full-width, and kana with a separate voicing mark as one character. */
export function composeKana(text: string): string {
  if (!/[\u3099\u309a\uff61-\uff9f]/.test(text)) return text;
  return text.normalize('NFC').replace(/[\uff61-\uff9f]+/g, (halfWidth) => halfWidth.normalize('NFKC'));
}
