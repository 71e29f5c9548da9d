/**
 * The quick way through a manifest: lines without quotes are cut into rows and checked in one pass over their
 * bytes, and nothing is made of them but numbers.
 *
 * It vouches only for rows that every rule of accept-row.ts accepts and whose meaning is plain. Any other line
 * it calls doubtful, whatever may be wrong or just unusual with it: csv-parse and the rules in full decide
 * on those. So it may be as narrow as is quick, and can not disagree with them on what it does accept.
 */
import { MAX_TRACK_ID_BYTES } from './accept-row.ts';
import { MANIFEST_COLUMNS, type ManifestColumn } from './columns.ts';
import { hashId } from './id-hash.ts';
import { withPlainLineEnds } from './line-ends.ts';
import {
  CARRIED,
  fieldEnd,
  isDigit,
  isFieldEnd,
  isGraphic,
  languageEnd,
  NAMING,
  NOWHERE,
  startsWith,
} from './plain-fields.ts';
import { MAX_KEY_BYTES, resolveSource } from './resolve-uri.ts';

/** What is known of a line. */
export const PLAIN = 1;
/** A row that the quick way does not judge. */
export const DOUBTFUL = 2;
export const BLANK = 3;
/** A row whose id an earlier one has: the scanner does not know, whoever reads on marks it. */
export const REPEATED = 4;

/** Lines of a manifest as columns. The arrays are the scanner's, and hold until its next scan. */
export interface PlainRows {
  /** The lines, each with its line feed. */
  readonly bytes: Buffer;
  /** How many lines there are. */
  readonly count: number;
  /** Where each line ends, behind its line feed; it starts where the one before it ends. */
  readonly ends: Uint32Array;
  /** {@link PLAIN}, {@link DOUBTFUL}, {@link BLANK} or {@link REPEATED}. What follows is of plain lines only. */
  readonly verdicts: Uint8Array;
  /** Seconds; NaN where the manifest does not tell. */
  readonly durations: Float64Array;
  /** 1 where the row names lyrics. */
  readonly withLyrics: Uint8Array;
  /** 1 where its audio or its lyrics are not in S3. */
  readonly withLocalFiles: Uint8Array;
  /** Two words an id: the high half of its hash, and the low one. */
  readonly idHashes: Uint32Array;
}

// Numbers, since comparing strings for every field would be a good part of the work.
const [TRACK_ID, AUDIO_URI, DURATION, LYRICS_URI, LANGUAGE] = MANIFEST_COLUMNS.map((_, place) => place);
const OTHER = 255;

const LINE_FEED = 0x0a;
const COMMA = 0x2c;
const POINT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const COLON = 0x3a;
const S3_SCHEME = Buffer.from('s3://');

/** Up to so many digits, a decimal is a whole number divided by a power of ten, both exact: IEEE rounds it once, as Number() does. */
const MAX_EXACT_DIGITS = 15;
const KNOWN_BUCKETS = 64;

export class PlainRowScanner {
  /** What each column is, by its place among MANIFEST_COLUMNS. */
  readonly #columns: Uint8Array;
  /** `s3://bucket/` of the first buckets whose names were found to be good. */
  readonly #buckets: Buffer[] = [];
  #capacity = 0;
  #ends = new Uint32Array();
  #verdicts = new Uint8Array();
  #durations = new Float64Array();
  #withLyrics = new Uint8Array();
  #withLocalFiles = new Uint8Array();
  #idHashes = new Uint32Array();

  /** @param header The names of the columns. */
  constructor(header: readonly string[]) {
    this.#columns = Uint8Array.from(header, (name) => {
      const column = MANIFEST_COLUMNS.indexOf(name as ManifestColumn);
      return column < 0 ? OTHER : column;
    });
  }

  /** Scans whole lines of valid UTF-8 without quotes. */
  scan(block: Buffer): PlainRows {
    const bytes = withPlainLineEnds(block);
    let count = 0;
    let start = 0;
    while (start < bytes.length) {
      if (count === this.#capacity) this.#grow();
      const isBlank = bytes[start] === LINE_FEED;
      const end = isBlank ? start : this.#scanRow(bytes, start, count);
      if (end !== NOWHERE) {
        start = end + 1;
        this.#verdicts[count] = isBlank ? BLANK : PLAIN;
      } else {
        start = bytes.indexOf(LINE_FEED, start) + 1;
        this.#verdicts[count] = DOUBTFUL;
      }
      this.#ends[count] = start;
      count += 1;
    }
    return {
      bytes,
      count,
      ends: this.#ends,
      verdicts: this.#verdicts,
      durations: this.#durations,
      withLyrics: this.#withLyrics,
      withLocalFiles: this.#withLocalFiles,
      idHashes: this.#idHashes,
    };
  }

  /** Where the line feed of a plain row is; NOWHERE if the row is doubtful. */
  #scanRow(bytes: Buffer, start: number, row: number): number {
    this.#durations[row] = Number.NaN;
    this.#withLyrics[row] = 0;
    this.#withLocalFiles[row] = 0;
    let position = start;
    const last = this.#columns.length - 1;
    for (let column = 0; column <= last; column += 1) {
      const end = this.#scanField(this.#columns[column] as number, bytes, position, row);
      if (end === NOWHERE || bytes[end] !== (column === last ? LINE_FEED : COMMA)) return NOWHERE;
      position = end + 1;
    }
    return position - 1;
  }

  /** Where the field that starts at `start` ends; NOWHERE if it is doubtful. */
  #scanField(column: number, bytes: Buffer, start: number, row: number): number {
    switch (column) {
      case TRACK_ID:
        return this.#scanId(bytes, start, row);
      case AUDIO_URI:
        return isGraphic(bytes[start]) ? this.#scanLocation(bytes, start, row) : NOWHERE;
      case DURATION:
        return this.#scanDuration(bytes, start, row);
      case LYRICS_URI:
        if (isFieldEnd(bytes[start])) return start;
        this.#withLyrics[row] = 1;
        return isGraphic(bytes[start]) ? this.#scanLocation(bytes, start, row) : NOWHERE;
      case LANGUAGE:
        return languageEnd(bytes, start);
      default:
        return fieldEnd(bytes, start, CARRIED);
    }
  }

  #scanId(bytes: Buffer, start: number, row: number): number {
    if (!isGraphic(bytes[start])) return NOWHERE;
    const end = fieldEnd(bytes, start, NAMING);
    if (end === NOWHERE || end - start > MAX_TRACK_ID_BYTES) return NOWHERE;
    hashId(bytes, start, end, this.#idHashes, 2 * row);
    return end;
  }

  #scanLocation(bytes: Buffer, start: number, row: number): number {
    const key = this.#keyStart(bytes, start);
    if (key === start) return this.#scanPath(bytes, start, row);
    const end = fieldEnd(bytes, key, NAMING);
    return end > key && end - key <= MAX_KEY_BYTES ? end : NOWHERE;
  }

  /** A path: what holds a colon may be a URI of some kind. */
  #scanPath(bytes: Buffer, start: number, row: number): number {
    this.#withLocalFiles[row] = 1;
    const end = fieldEnd(bytes, start, NAMING);
    for (let position = start; position < end; position += 1) if (bytes[position] === COLON) return NOWHERE;
    return end;
  }

  /** Where the key starts of a URI in a bucket of a good name; `start` of anything else. */
  #keyStart(bytes: Buffer, start: number): number {
    const buckets = this.#buckets;
    for (let index = 0; index < buckets.length; index += 1) {
      const bucket = buckets[index] as Buffer;
      if (startsWith(bytes, start, bucket)) return start + bucket.length;
    }
    return startsWith(bytes, start, S3_SCHEME) ? start + this.#learnBucket(bytes, start) : start;
  }

  /** How long `s3://bucket/` is, if it is good and can be kept in mind; else 0. */
  #learnBucket(bytes: Buffer, start: number): number {
    const end = bytes.indexOf(SLASH, start + S3_SCHEME.length) + 1;
    const prefix = bytes.toString('latin1', start, end);
    const isGood = end > 0 && resolveSource(`${prefix}key`, '/').kind === 's3';
    if (!isGood || this.#buckets.length === KNOWN_BUCKETS) return 0;
    this.#buckets.push(Buffer.from(prefix, 'latin1'));
    return prefix.length;
  }

  #scanDuration(bytes: Buffer, start: number, row: number): number {
    if (isFieldEnd(bytes[start])) return start;
    let position = start;
    let [digits, places] = [0, 0];
    for (; isDigit(bytes[position]); position += 1) digits = digits * 10 + (bytes[position] as number) - ZERO;
    let count = position - start;
    if (bytes[position] === POINT) {
      const point = position;
      position += 1;
      for (; isDigit(bytes[position]); position += 1)
        digits = digits * 10 + (bytes[position] as number) - ZERO;
      places = position - point - 1;
      count += places;
    }
    if (count === 0 || count > MAX_EXACT_DIGITS || digits === 0) return NOWHERE;
    this.#durations[row] = digits / (POWERS_OF_TEN[places] as number);
    return position;
  }

  #grow(): void {
    this.#capacity = Math.max(4096, 2 * this.#capacity);
    this.#ends = grown(new Uint32Array(this.#capacity), this.#ends);
    this.#verdicts = grown(new Uint8Array(this.#capacity), this.#verdicts);
    this.#durations = grown(new Float64Array(this.#capacity), this.#durations);
    this.#withLyrics = grown(new Uint8Array(this.#capacity), this.#withLyrics);
    this.#withLocalFiles = grown(new Uint8Array(this.#capacity), this.#withLocalFiles);
    this.#idHashes = grown(new Uint32Array(2 * this.#capacity), this.#idHashes);
  }
}

const POWERS_OF_TEN: Float64Array = Float64Array.from(
  { length: MAX_EXACT_DIGITS + 1 },
  (_, power) => 10 ** power,
);

function grown<Column extends Uint8Array | Uint32Array | Float64Array>(
  larger: Column,
  column: Column,
): Column {
  larger.set(column);
  return larger;
}
