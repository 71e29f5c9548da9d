import { foreignFormat, SIGNATURE_BYTES } from './foreign-formats.ts';
import { emptyManifest, isHeader, otherSeparator, overlongHeader, parseHeader } from './header.ts';
import { MAX_RECORD_BYTES } from './lines.ts';
import type { ManifestBytes } from './manifest-bytes.ts';

/** What stands before the rows. */
export interface ManifestHead {
  readonly header: readonly string[];
  /** The line below the header. */
  readonly nextLine: number;
  /** What came with the header. */
  readonly rest: Buffer;
}

const LINE_FEED = 0x0a;

/**
 * Reads up to the end of the header, the first line that is not blank and no `sep=,`. Where lines end with carriage
 * returns alone, the rows are read so, too.
 *
 * @param name What messages call the manifest.
 * @throws BackfillError with fault `usage`, as parseHeader does, and where there is no such line
 */
export async function readHead(bytes: ManifestBytes, name: string): Promise<ManifestHead> {
  let { head, isAll } = await readUntil(bytes, Buffer.alloc(0), ({ length }) => length >= SIGNATURE_BYTES);
  const foreign = foreignFormat(head, name);
  if (foreign !== undefined) throw foreign;
  if (!isAll) ({ head, isAll } = await readUntil(bytes, head, holdsLine));
  if (linesEndWithReturns(head)) head = bytes.readReturnsAsLineEnds(head);
  let line = 1;
  for (;;) {
    const lineFeed = head.indexOf(LINE_FEED);
    if ((lineFeed < 0 ? head.length : lineFeed) > MAX_RECORD_BYTES) throw overlongHeader(name);
    if (lineFeed < 0 && !isAll) {
      ({ head, isAll } = await readUntil(bytes, head, holdsLine));
      continue;
    }
    const first = lineFeed < 0 ? head : head.subarray(0, lineFeed);
    head = lineFeed < 0 ? Buffer.alloc(0) : head.subarray(lineFeed + 1);
    line += 1;
    const separator = separatorOf(first);
    if (separator !== undefined && separator !== ',') throw otherSeparator(separator, name, true);
    if (separator === undefined && !isBlank(first)) {
      return { header: parseHeader(first, name), nextLine: line, rest: head };
    }
    if (lineFeed < 0) throw emptyManifest(name);
  }
}

interface ReadHead {
  readonly head: Buffer;
  /** Whether there is no more to come. */
  readonly isAll: boolean;
}

async function readUntil(
  bytes: ManifestBytes,
  start: Buffer,
  isEnough: (head: Buffer) => boolean,
): Promise<ReadHead> {
  let head = start;
  for (;;) {
    const chunk = await bytes.next();
    if (chunk === undefined) return { head, isAll: true };
    head = Buffer.concat([head, chunk]);
    if (isEnough(head)) return { head, isAll: false };
  }
}

function holdsLine(head: Buffer): boolean {
  return head.includes(LINE_FEED) || head.length > MAX_RECORD_BYTES;
}

/** Whether a header stands before the first carriage return, and no line feed behind that: as old Macs wrote text. */
function linesEndWithReturns(head: Buffer): boolean {
  const start = head.toString('utf8', 0, MAX_RECORD_BYTES);
  const header = /^\uFEFF?(?:"?sep=,"?\r)?\r*([^\r\n]*)\r(?!\n)/i.exec(start)?.[1];
  return header !== undefined && isHeader(header);
}

/** What a line `sep=;` says, as Excel reads and writes it. */
function separatorOf(line: Buffer): string | undefined {
  return /^\uFEFF?"?sep=(.)"?\s*$/i.exec(line.toString('utf8'))?.[1];
}

function isBlank(line: Buffer): boolean {
  // trim() takes a byte order mark for white space, too.
  return line.toString('utf8').trim() === '';
}
