/** East Asian punctuation and full-width forms as Latin text has them. */

const PUNCTUATION: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '、': ',',
    '､': ',',
    '。': '.',
    '｡': '.',
    '「': '"',
    '」': '"',
    '『': '"',
    '』': '"',
    '｢': '"',
    '｣': '"',
    '〈': '"',
    '〉': '"',
    '《': '"',
    '》': '"',
    '【': '[',
    '】': ']',
    '〔': '(',
    '〕': ')',
    '・': ' ',
    '･': ' ',
    '〜': '~',
    '…': '...',
    '‥': '..',
    '—': '-',
    '―': '-',
    '　': ' ',
  }),
);

/** A character as Latin text has it: punctuation and full-width forms changed, everything else as it is. */
export function latinOf(character: string): string {
  const mapped = PUNCTUATION.get(character);
  if (mapped !== undefined) return mapped;
  const code = character.charCodeAt(0);
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : character;
}

const OPENING = /^[「『〈《【〔（([｢“‘［<]/;
const PUNCTUATION_OR_SYMBOL = /^[\p{P}\p{S}]/u;

/** What a character is to the spaces around it. */
export type SpacingClass = 'space' | 'opening' | 'joiner' | 'closing' | 'wide-closing' | 'letter';

/** Wide punctuation brings its own space; hyphens and apostrophes join; the rest clings to what is before it. */
export function spacingClassOf(character: string): SpacingClass {
  return CLASSES.get(character) ?? classify(character);
}

function classify(character: string): SpacingClass {
  if (latinOf(character).trim() === '') return 'space';
  if (OPENING.test(character)) return 'opening';
  if (!PUNCTUATION_OR_SYMBOL.test(character)) return 'letter';
  if (/^[-–'’/&+·]/.test(character)) return 'joiner';
  return character.charCodeAt(0) < 0x80 ? 'closing' : 'wide-closing';
}

/** Blocks that hold nearly all that is passed on: ASCII, general, East Asian and full-width punctuation. */
const FREQUENT_BLOCKS = [
  [0x20, 0x7f],
  [0x2010, 0x2040],
  [0x3000, 0x3020],
  [0xff01, 0xff66],
] as const;

/** Their classes, worked out once. */
const CLASSES: ReadonlyMap<string, SpacingClass> = new Map(
  FREQUENT_BLOCKS.flatMap(([first, end]) =>
    Array.from({ length: end - first }, (_, i) => {
      const character = String.fromCharCode(first + i);
      return [character, classify(character)] as const;
    }),
  ),
);
