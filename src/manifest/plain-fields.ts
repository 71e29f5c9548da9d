/** Where fields without quotes end, and what stands in them: the steps of plain-rows.ts, on bytes of UTF-8. */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COMMA = 0x2c;
const DASH = 0x2d;
const ZERO = 0x30;
const COLON = 0x3a;
const UNDERSCORE = 0x5f;

/** No field goes on past this position. */
export const NOWHERE = -1;

const [TEXT, FIELD_END, UNUSUAL] = [0, 1, 2] as const;
/** Of a column that is carried along, anything may stand. (A carriage return may belong to the line's end.) */
export const CARRIED: Uint8Array = byteClasses((byte) => byte === CARRIAGE_RETURN);
/** Ids and locations hold no control character: those of Latin-1 have the lead byte 0xC2 in UTF-8. */
export const NAMING: Uint8Array = byteClasses((byte) => byte < 0x20 || byte === 0x7f || byte === 0xc2);

function byteClasses(isUnusual: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    if (byte === COMMA || byte === LINE_FEED) return FIELD_END;
    return isUnusual(byte) ? UNUSUAL : TEXT;
  });
}

/** The comma or line feed that ends a field; NOWHERE if an unusual byte comes before. */
export function fieldEnd(bytes: Buffer, start: number, classes: Uint8Array): number {
  let position = start;
  while (classes[bytes[position] as number] === TEXT) position += 1;
  return classes[bytes[position] as number] === FIELD_END ? position : NOWHERE;
}

/**
 * Where a language tag ends: two or three letters, then perhaps a script of four and a region of two. Narrower than
 * the rule of language-tag.ts; what is no such tag goes on at this place, which ends no field.
 */
export function languageEnd(bytes: Buffer, start: number): number {
  if (isFieldEnd(bytes[start])) return start;
  const language = lettersEnd(bytes, start);
  if (language - start < 2 || language - start > 3) return NOWHERE;
  const script = subtagEnd(bytes, language, 4);
  return subtagEnd(bytes, script, 2);
}

/** Where the subtag behind `position` ends, if one of so many letters stands there; else `position`. */
function subtagEnd(bytes: Buffer, position: number, letters: number): number {
  if (bytes[position] !== DASH && bytes[position] !== UNDERSCORE) return position;
  const end = lettersEnd(bytes, position + 1);
  return end - position - 1 === letters ? end : position;
}

function lettersEnd(bytes: Buffer, start: number): number {
  let position = start;
  while (isLetter(bytes[position])) position += 1;
  return position;
}

/** Backwards: what starts with another bucket's name has the same scheme, and seldom the same end. */
export function startsWith(bytes: Buffer, start: number, prefix: Buffer): boolean {
  let index = prefix.length - 1;
  // Reading past the end of an array makes every later read of it slower.
  if (start + index >= bytes.length) return false;
  while (index >= 0 && bytes[start + index] === prefix[index]) index -= 1;
  return index < 0;
}

/** A visible character of ASCII: what starts with it is not blank. */
export function isGraphic(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte < 0x7f && byte !== COMMA;
}

export function isFieldEnd(byte: number | undefined): boolean {
  return byte === COMMA || byte === LINE_FEED;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte < COLON;
}

function isLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lowerCase = byte | 0x20;
  return lowerCase > 0x60 && lowerCase < 0x7b;
}
