/**
 * Cuts the bytes of a CSV into whole records without parsing them, so that line numbers are exact, memory
 * is bounded and one broken record can not take its neighbours with it.
 *
 * A block of valid UTF-8 without a single quote passes in one piece: each line is a record. Elsewhere each
 * record is found by following its quotes. What turns out to be no record costs one physical line, and the
 * next line starts afresh.
 */
import { isUtf8 } from 'node:buffer';
import { countLineFeeds, isBlankAt, isPlain, MAX_RECORD_BYTES } from './lines.ts';
import type { Rejection } from './rejection.ts';
import { scanRecord } from './record-scanner.ts';

/** How much of an overlong line is kept to show. */
const SHOWN_BYTES = 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const TOO_LONG: Rejection = {
  code: 'row-too-long',
  reason: `is longer than ${MAX_RECORD_BYTES.toLocaleString('en')} bytes`,
};
const NEVER_CLOSED: Rejection = { code: 'quote-unclosed', reason: 'opens a quote that is never closed' };
const NOT_UTF8: Rejection = { code: 'not-utf8', reason: 'is not valid UTF-8' };

export type Split =
  /**
   * Lines without quotes, blank ones among them: the n-th, from 0, is line `line + n`. Whoever takes them apart
   * tells {@link RecordSplitter.passLines} how many there are: to count them twice would cost as much as the rest.
   */
  | { readonly kind: 'lines'; readonly line: number; readonly bytes: Buffer }
  /** Well-formed records one after another, none blank: record n starts on `lines[n]`, at byte `starts[n]`. */
  | {
      readonly kind: 'records';
      readonly lines: readonly number[];
      readonly starts: readonly number[];
      readonly bytes: Buffer;
    }
  | {
      readonly kind: 'refused';
      readonly line: number;
      readonly rejection: Rejection;
      readonly raw: Buffer;
    };

/** What stands at one place of a block; all but `incomplete` reach up to the byte `end`. */
type Step =
  | { readonly kind: 'blank' | 'record'; readonly end: number }
  | { readonly kind: 'refused'; readonly end: number; readonly rejection: Rejection }
  | { readonly kind: 'incomplete' };

export class RecordSplitter {
  readonly #isPlausible: (record: Buffer) => boolean;
  /** Where bytes are kept until they are whole records: each push moves what is left to its start. */
  #space: Buffer = Buffer.alloc(0);
  /** What has come and is no whole record yet: a view of the space. */
  #pending: Buffer = Buffer.alloc(0);
  /** Physical line on which `#pending` starts. */
  #line: number;
  /** Inside an overlong line that has been refused already. */
  #discarding = false;

  /**
   * @param firstLine Line number of the first byte.
   * @param isPlausible Judges a well-formed record that spans several lines: false where it is really a
   *   stray quote.
   */
  constructor(firstLine: number, isPlausible: (record: Buffer) => boolean) {
    this.#line = firstLine;
    this.#isPlausible = isPlausible;
  }

  /** Says how many lines the last `lines` split held, before the next split is asked for. */
  passLines(count: number): void {
    this.#line += count;
  }

  /** Takes the next bytes; gives the records that are whole by now. They hold until the next push. */
  *push(chunk: Buffer): Generator<Split> {
    this.#append(chunk);
    yield* this.#split(false);
  }

  /** All bytes have come: gives the rest. */
  *end(): Generator<Split> {
    if (this.#pending.at(-1) === CARRIAGE_RETURN) this.#pending = this.#pending.subarray(0, -1);
    yield* this.#split(true);
  }

  /** One space for all bytes that pass: a new buffer for every chunk would keep the garbage collector busy. */
  #append(chunk: Buffer): void {
    const length = this.#pending.length + chunk.length;
    const space = length <= this.#space.length ? this.#space : Buffer.allocUnsafeSlow(2 * length);
    this.#pending.copy(space);
    chunk.copy(space, this.#pending.length);
    this.#space = space;
    this.#pending = space.subarray(0, length);
  }

  *#split(final: boolean): Generator<Split> {
    if (this.#discarding) this.#discardLine();
    const end = final ? this.#pending.length : this.#pending.lastIndexOf(LINE_FEED) + 1;
    const whole = this.#pending.subarray(0, end);
    if (isPlain(whole)) {
      this.#pending = this.#pending.subarray(end);
      if (end > 0) yield { kind: 'lines', line: this.#line, bytes: whole };
    } else {
      yield* this.#splitRecords(final, !isUtf8(whole));
    }
    // A line that is too long already need not be waited for.
    if (this.#pending.length > MAX_RECORD_BYTES && !this.#pending.includes(LINE_FEED)) {
      const raw = shown(this.#pending);
      this.#pending = Buffer.alloc(0);
      this.#discarding = true;
      yield { kind: 'refused', line: this.#line, rejection: TOO_LONG, raw };
    }
  }

  #discardLine(): void {
    const lineFeed = this.#pending.indexOf(LINE_FEED);
    this.#discarding = lineFeed < 0;
    this.#advance(lineFeed < 0 ? this.#pending.length : lineFeed + 1);
  }

  /** Record by record, up to the last that is whole. */
  *#splitRecords(final: boolean, checkUtf8: boolean): Generator<Split> {
    let run = new RecordRun();
    let position = 0;
    let line = this.#line;
    while (position < this.#pending.length) {
      const step = this.#step(position, final, checkUtf8);
      if (step.kind === 'incomplete') break;
      if (step.kind === 'record') {
        run.add(line, position);
      } else {
        yield* run.splits(this.#pending, position);
        run = new RecordRun();
        if (step.kind === 'refused') {
          const raw = shown(this.#pending.subarray(position, step.end));
          yield { kind: 'refused', line, rejection: step.rejection, raw };
        }
      }
      line += countLineFeeds(this.#pending.subarray(position, step.end));
      position = step.end;
    }
    yield* run.splits(this.#pending, position);
    this.#advance(position);
  }

  /** What stands at `position`, the start of a line. */
  #step(position: number, final: boolean, checkUtf8: boolean): Step {
    const bytes = this.#pending;
    const lineFeed = bytes.indexOf(LINE_FEED, position);
    if (lineFeed < 0 && !final) return { kind: 'incomplete' };
    const lineEnd = lineFeed < 0 ? bytes.length : lineFeed + 1;
    const refused = (rejection: Rejection): Step => ({ kind: 'refused', end: lineEnd, rejection });
    if (isBlankAt(bytes, position)) return { kind: 'blank', end: lineEnd };
    if (lineEnd - position > MAX_RECORD_BYTES) return refused(TOO_LONG);

    const window = bytes.subarray(0, position + MAX_RECORD_BYTES);
    const windowIsAll = window.length === bytes.length;
    const scan = scanRecord(window, position, final && windowIsAll);
    if (scan.kind === 'malformed') return refused(scan.at < lineEnd ? scan.rejection : NEVER_CLOSED);
    if (scan.kind === 'open') return final || !windowIsAll ? refused(NEVER_CLOSED) : { kind: 'incomplete' };
    const record = bytes.subarray(position, scan.end);
    if (scan.end > lineEnd && !this.#isPlausible(record)) return refused(NEVER_CLOSED);
    if (checkUtf8 && !isUtf8(record)) return { kind: 'refused', end: scan.end, rejection: NOT_UTF8 };
    return { kind: 'record', end: scan.end };
  }

  #advance(bytes: number): void {
    this.#line += countLineFeeds(this.#pending.subarray(0, bytes));
    this.#pending = this.#pending.subarray(bytes);
  }
}

/** Well-formed records that follow one another without a gap. */
class RecordRun {
  readonly lines: number[] = [];
  readonly #starts: number[] = [];

  add(line: number, start: number): void {
    this.lines.push(line);
    this.#starts.push(start);
  }

  /** One split of them all; none where there are none. */
  *splits(block: Buffer, end: number): Generator<Split> {
    const [first] = this.#starts;
    if (first === undefined) return;
    yield {
      kind: 'records',
      lines: this.lines,
      starts: this.#starts.map((start) => start - first),
      bytes: block.subarray(first, end),
    };
  }
}

/** The start of a refused row, without its line break, as a copy that does not keep its block alive. */
function shown(row: Buffer): Buffer {
  let end = row.length;
  if (row[end - 1] === LINE_FEED) end -= 1;
  if (row[end - 1] === CARRIAGE_RETURN) end -= 1;
  return Buffer.from(row.subarray(0, Math.min(end, SHOWN_BYTES)));
}
