import { scriptOf } from './language.ts';

const OPENING_BRACKETS = '（(【「『［[';
const CLOSING_BRACKETS = '）)】」』］]';
const SLASHES = '/／|｜';
/** Files are not cut at these, but what is on both sides of one is no line with its translation. */
const SEPARATOR = /[\u2028\u2029]/;

/** Most lines end in no bracket and hold no slash, and are looked at no further. */
const MAY_HOLD_ONE = /[/／|｜]|[）)】」』］\]]$/u;

/** With fewer lines than this a habit of the file is not seen. */
const LEAST_LINES = 3;

/**
 * Where a translation begins in a line's text, of lines that hold one: `君を忘れない / 我不会忘记你`, `보고 싶다（想见你）`.
 * Some tools merge the two files of a lyrics service so. The first half is Japanese or Korean, the second of Han
 * characters alone, and most such lines of the song are alike: one bracket says nothing.
 *
 * @returns UTF-16 indices by text, of the second half with its slash or bracket.
 */
export function inlineTranslations(texts: readonly string[]): ReadonlyMap<string, number> {
  const sung = texts.filter(isKanaOrHangul).length;
  if (sung < LEAST_LINES) return NONE;
  const found = new Map<string, number>();
  let halved = 0;
  for (const text of texts) {
    if (!MAY_HOLD_ONE.test(text)) continue;
    const start = secondHalfStart(text);
    if (start === undefined || scriptOf(text.slice(start)) !== 'han') continue;
    const decisive = isKanaOrHangul(text);
    // 夜空の星 / 夜空的星 says nothing by itself, but in a song of such lines it is one.
    if (decisive && !isKanaOrHangul(text.slice(0, start))) continue;
    if (decisive) halved++;
    found.set(text, start);
  }
  return halved >= LEAST_LINES && halved * 2 > sung ? found : NONE;
}

/**
 * Where the second half of a line would begin: its last slash or bar with a blank before it and words after it, or its
 * last bracket, if that closes at the line's end and holds something. Undefined where neither has words before it.
 */
function secondHalfStart(text: string): number | undefined {
  const start = Math.max(lastSlash(text), closedBracket(text));
  return start < 0 || text.slice(0, start).trim() === '' ? undefined : start;
}

function lastSlash(text: string): number {
  const end = text.trimEnd().length - 1;
  for (let index = end - 1; index > 0; index--) {
    if (!SLASHES.includes(text.charAt(index)) || text.charAt(index - 1).trim() !== '') continue;
    return isDivided(text.slice(0, index)) || isDivided(text.slice(index + 1)) ? -1 : index;
  }
  return -1;
}

function closedBracket(text: string): number {
  const end = text.length - 1;
  if (!CLOSING_BRACKETS.includes(text.charAt(end))) return -1;
  for (let index = end; index > 0; index--) {
    if (!OPENING_BRACKETS.includes(text.charAt(index))) continue;
    return index < end - 1 && !isDivided(text.slice(0, index)) ? index : -1;
  }
  return -1;
}

function isDivided(half: string): boolean {
  return SEPARATOR.test(half.trim());
}

function isKanaOrHangul(text: string): boolean {
  const script = scriptOf(text);
  return script === 'kana' || script === 'hangul';
}

const NONE: ReadonlyMap<string, number> = new Map();
