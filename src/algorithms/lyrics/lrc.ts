import { metadataTag } from './metadata-tag.ts';

/**
 * Lyrics as they stand in a file: LRC (line stamps, several a line; the enhanced form's word stamps;
 * metadata tags) or plain text. Parsing keeps every tag and stamp verbatim, so that the file can be
 * written again with other words at the same times.
 *
 * There is no standard; the forms are those of the original (`[mm:ss.xx]`, ID tags) and of the A2
 * extension (`<mm:ss.xx>`), as described at https://en.wikipedia.org/wiki/LRC_(file_format).
 */

/** A word stamp, and where in its line's text the word begins. */
export interface WordStamp {
  /** As it stands in the file, brackets included. */
  readonly raw: string;
  /** UTF-16 index into the line's text; its length for the stamp that ends the last word. */
  readonly at: number;
}

/** One physical line of the file. */
export type LrcEntry =
  /** A metadata tag or comment, or a blank line: written again as it is. */
  | { readonly kind: 'verbatim'; readonly raw: string }
  | {
      readonly kind: 'line';
      /** The line stamps as they stand in the file, in its order: `[00:12.00][01:10.50]`, or empty. */
      readonly stamps: string;
      /** Seconds, one a stamp, the file's offset applied. */
      readonly times: readonly number[];
      /** The words, without stamps, trimmed. */
      readonly text: string;
      readonly wordStamps: readonly WordStamp[];
    };

export interface LrcDocument {
  readonly entries: readonly LrcEntry[];
  /** Whether any line has a time. */
  readonly timed: boolean;
}

const STAMP = String.raw`\s*(-?\d{1,3})[:：](-?\d{1,2})(?:([.:：,])(\d{1,3}))?(?:[.,](\d{1,3}))?\s*`;
/** A bracket that was forgotten is missed only where the stamp is in full and words follow. */
const LEADING_STAMP = new RegExp(
  String.raw`\s*[[［](?:${STAMP}[\]］]|(\d{2,3}):(\d{2})([.:])(\d{2,3})()(?=[^\d\]］:.,]))`,
  'y',
);
const WORD_STAMP = new RegExp(String.raw`<${STAMP}>|\[${STAMP}\]`, 'g');
/** Credits as a service's own player has them, a JSON object a line: `{"t":0,"c":[{"tx":"作词: "},…]}`. */
const JSON_CREDIT = /^\s*\{"t":-?\d+,"c":\[.*\]\}\s*$/;
const COLON_FRACTION = /[[<]\s*\d{1,3}:\d{1,2}:([6-9]\d)\s*[\]>]/;

/**
 * Parses a decoded lyrics file. Never fails: what is no stamp and no tag is text.
 *
 * `[h:mm:ss]` and `[mm:ss:xx]` look the same; a file in which a last field passes 59 is taken to count
 * hundredths. A positive `[offset:]` (milliseconds) makes lyrics come sooner; no time falls below 0.
 */
export function parseLrc(source: string): LrcDocument {
  let hundredthsAfterColon: boolean | undefined;
  const rawLines = source.split(source.includes('\r') ? /\r\n|\n|\r/ : '\n');
  if (rawLines.at(-1) === '') rawLines.pop();
  const offset = /offset/i.test(source) ? offsetSeconds(rawLines) : 0;
  let timed = false;
  const entries = rawLines.map((raw): LrcEntry => {
    const times: number[] = [];
    let position = 0;
    for (let seconds = plainStamp(raw, 0); seconds !== undefined; seconds = plainStamp(raw, position)) {
      position += PLAIN_STAMP_LENGTH;
      times.push(Math.max(0, round(seconds - offset)));
    }
    LEADING_STAMP.lastIndex = position;
    for (let match = LEADING_STAMP.exec(raw); match !== null; match = LEADING_STAMP.exec(raw)) {
      position = LEADING_STAMP.lastIndex;
      hundredthsAfterColon ??= COLON_FRACTION.test(source);
      const first = match[1] === undefined ? 6 : 1;
      times.push(Math.max(0, round(stampSeconds(match, first, hundredthsAfterColon) - offset)));
    }
    if (
      times.length === 0 &&
      (raw.trim() === '' || metadataTag(raw) !== undefined || JSON_CREDIT.test(raw))
    ) {
      return { kind: 'verbatim', raw };
    }
    timed ||= times.length > 0;
    return { kind: 'line', stamps: raw.slice(0, position).trim(), times, ...splitWords(raw.slice(position)) };
  });
  return { entries, timed };
}

/** Takes the word stamps out of a line's text and notes where they stood. */
function splitWords(raw: string): { text: string; wordStamps: WordStamp[] } {
  if (!raw.includes('<') && !raw.includes('[')) return { text: raw.trim(), wordStamps: [] };
  const stamps: WordStamp[] = [];
  let text = '';
  let position = 0;
  for (const match of raw.matchAll(WORD_STAMP)) {
    text += raw.slice(position, match.index);
    position = match.index + match[0].length;
    stamps.push({ raw: match[0], at: text.length });
  }
  text += raw.slice(position);
  const trimmed = text.trim();
  const indent = text.length - text.trimStart().length;
  return {
    text: trimmed,
    wordStamps: stamps.map(({ raw: stamp, at }) => ({
      raw: stamp,
      at: Math.min(Math.max(at - indent, 0), trimmed.length),
    })),
  };
}

const PLAIN_STAMP_LENGTH = '[mm:ss.xx]'.length;
const [OPENING, COLON, POINT, CLOSING, DIGIT_ZERO] = [0x5b, 0x3a, 0x2e, 0x5d, 0x30];

/**
 * Seconds of a stamp in the form that nearly all have, `[mm:ss.xx]`; undefined where another form or none stands at
 * `start`. It is what the expressions make of it, in a fifth of the time.
 */
function plainStamp(raw: string, start: number): number | undefined {
  if (raw.length < start + PLAIN_STAMP_LENGTH) return undefined;
  const isPlain =
    raw.charCodeAt(start) === OPENING &&
    raw.charCodeAt(start + 3) === COLON &&
    raw.charCodeAt(start + 6) === POINT &&
    raw.charCodeAt(start + 9) === CLOSING;
  if (!isPlain) return undefined;
  const seconds =
    twoDigits(raw, start + 1) * 60 + twoDigits(raw, start + 4) + twoDigits(raw, start + 7) / 100;
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** The number that two ASCII digits write; NaN where other characters stand. */
function twoDigits(text: string, start: number): number {
  const tens = text.charCodeAt(start) - DIGIT_ZERO;
  const ones = text.charCodeAt(start + 1) - DIGIT_ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function stampSeconds(match: RegExpExecArray, first: number, hundredthsAfterColon: boolean): number {
  const [minutes, seconds] = [Number(match[first]), Number(match[first + 1])];
  const [separator, c, fraction] = [match[first + 2], match[first + 3], match[first + 4]];
  // A file whose times were all moved has some before the start.
  if (match[first]?.startsWith('-') || match[first + 1]?.startsWith('-')) return 0;
  if (c === undefined) return minutes * 60 + seconds;
  if (separator !== '.' && separator !== ',' && !hundredthsAfterColon) {
    return minutes * 3600 + seconds * 60 + Number(c) + fractionOf(fraction);
  }
  return minutes * 60 + seconds + fractionOf(c);
}

/** `5`, `50` and `500` after the point are all half a second. */
function fractionOf(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits) / 10 ** digits.length;
}

/** The file's `[offset:]` in seconds; 0 without one. */
function offsetSeconds(lines: readonly string[]): number {
  for (const line of lines) {
    const tag = metadataTag(line);
    if (tag?.name.toLowerCase() !== 'offset') continue;
    const milliseconds = Number(tag.value.trim());
    return Number.isFinite(milliseconds) ? milliseconds / 1000 : 0;
  }
  return 0;
}

/** To the millisecond, which is as fine as a stamp can be. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
