import { scriptOf } from './language.ts';

/** A slash or bar with space around it, or a bracket that closes at the line's end; then the translation. */
const SECOND_HALF = /^(.*\S)(?:\s+[/／|｜]\s*(\S.*)|\s*[（(【「『［[]([^（(【「『［[]+)[）)】」』］\]])$/u;

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
    const match = SECOND_HALF.exec(text);
    const [, first = '', afterSlash, inBrackets] = match ?? [];
    if (match === null || scriptOf(afterSlash ?? inBrackets ?? '') !== 'han') continue;
    const decisive = isKanaOrHangul(text);
    // 夜空の星 / 夜空的星 says nothing by itself, but in a song of such lines it is one.
    if (decisive && !isKanaOrHangul(first)) continue;
    if (decisive) halved++;
    found.set(text, text.slice(first.length).search(/\S/u) + first.length);
  }
  return halved >= LEAST_LINES && halved * 2 > sung ? found : NONE;
}

function isKanaOrHangul(text: string): boolean {
  const script = scriptOf(text);
  return script === 'kana' || script === 'hangul';
}

const NONE: ReadonlyMap<string, number> = new Map();
