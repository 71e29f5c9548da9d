import { TrackFailure } from '../../failures.ts';
import { plausibility } from './frequent-characters.ts';
import { withHongKongCharacters } from './hong-kong-big5.ts';

/** More bytes than this are no lyrics: the longest sung works have a few hundred kilobytes of text. */
export const MAX_LYRICS_BYTES: number = 1024 * 1024;

/** Legacy character sets of the four languages, most common in LRC files first (it breaks ties). */
const LEGACY_ENCODINGS = ['gb18030', 'shift_jis', 'big5', 'euc-kr', 'euc-jp'] as const;

/** The set that a language's older files are written in: gets the benefit of the doubt. */
const HOME_ENCODINGS: Readonly<Record<string, readonly string[]>> = {
  ja: ['shift_jis', 'euc-jp'],
  ko: ['euc-kr'],
  zh: ['gb18030', 'big5'],
  yue: ['big5'],
};
const HOME_BONUS = 0.08;

/** Below this share of frequent characters a decoding is taken to be wrong. Right ones have 0.4 to 1. */
const LEAST_PLAUSIBILITY = 0.2;

/** C0 and C1 controls that no text holds (tab, line feed, form feed, carriage return are text). */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** ISO-2022-JP switches its sets by escapes; all of its bytes are ASCII. */
const ISO_2022_JP = '\x1b$';

/**
 * Decodes a lyrics file: by its byte order mark, else as UTF-8 where the bytes are, else as UTF-16 where
 * every other byte of its ASCII is zero, else in the legacy set that gives the most plausible text. Zero bytes after the
 * text, which devices of old filled up files with, are left out.
 *
 * @param language primary language if known: `ja`, `ko`, `zh`, `yue`.
 * @throws TrackFailure `lyrics-unreadable`: empty, too large, binary, or bytes that are valid in no set.
 */
export function decodeLyrics(bytes: Uint8Array, language?: string): string {
  if (bytes.length === 0) throw unreadable('the lyrics file has no bytes');
  if (bytes.length > MAX_LYRICS_BYTES) {
    throw unreadable(`the lyrics file has ${bytes.length} bytes; at most ${MAX_LYRICS_BYTES} are read`);
  }
  const text = decodeMarked(bytes) ?? decodeUnmarked(bytes, language);
  const control = CONTROL.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
    throw unreadable(`the lyrics file is not text: it holds the control character U+${code}`);
  }
  return text;
}

/** The text after a byte order mark. */
function decodeMarked(bytes: Uint8Array): string | undefined {
  const [b0, b1, b2] = bytes;
  if (b0 === 0xff && b1 === 0xfe) return decodeDeclared(bytes, 'utf-16le', 'UTF-16 LE');
  if (b0 === 0xfe && b1 === 0xff) return decodeDeclared(bytes, 'utf-16be', 'UTF-16 BE');
  if (b0 === 0xef && b1 === 0xbb && b2 === 0xbf) {
    return decodeDeclared(withoutPadding(bytes), 'utf-8', 'UTF-8');
  }
  return undefined;
}

function decodeUnmarked(bytes: Uint8Array, language: string | undefined): string {
  const padded = withoutPadding(bytes);
  const utf8 = decode(padded, 'utf-8');
  if (utf8 !== undefined && !CONTROL.test(utf8)) return utf8;
  // What is UTF-16 may be valid UTF-8 too, with control characters.
  const utf16 = guessUtf16(bytes);
  const text = (utf16 && decode(bytes, utf16)) ?? utf8;
  if (text === undefined) return decodeLegacy(padded, language);
  return text.includes(ISO_2022_JP) ? (decode(padded, 'iso-2022-jp') ?? text) : text;
}

/** Without zero bytes at the end. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

function decodeDeclared(bytes: Uint8Array, encoding: string, title: string): string {
  const text = decode(bytes, encoding);
  if (text === undefined) throw unreadable(`the lyrics file says it is ${title} but holds invalid bytes`);
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

/** Text in these languages always has line feeds, digits or brackets: their other byte is zero. */
function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  let low = 0;
  let high = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (bytes[i] === 0 && bytes[i + 1] !== 0) high++;
    else if (bytes[i] !== 0 && bytes[i + 1] === 0) low++;
  }
  if (low === high) return undefined;
  // Some ideographs have a zero byte too (U+4E00, one), so the other order may occur, but seldom.
  if (Math.min(low, high) * 3 > Math.max(low, high)) return undefined;
  return low > high ? 'utf-16le' : 'utf-16be';
}

function decodeLegacy(bytes: Uint8Array, language: string | undefined): string {
  const home = HOME_ENCODINGS[language ?? ''] ?? [];
  let best = { text: '', score: 0 };
  for (const encoding of LEGACY_ENCODINGS) {
    const decoded = decode(bytes, encoding);
    if (decoded === undefined) continue;
    const text = encoding === 'big5' ? withHongKongCharacters(decoded) : decoded;
    const likeness = plausibility(text, encoding);
    const score = likeness + (home.includes(encoding) ? HOME_BONUS : 0);
    if (likeness >= LEAST_PLAUSIBILITY && score > best.score) best = { text, score };
  }
  if (best.score === 0) {
    throw unreadable('the lyrics file is in no character set that is known: neither valid UTF-8 nor UTF-16');
  }
  return best.text;
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unreadable(message: string): TrackFailure {
  return new TrackFailure('lyrics-unreadable', message);
}
