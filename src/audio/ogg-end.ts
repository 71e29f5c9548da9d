/** Pages of an Ogg file, and its last one: RFC 3533. */
import type { FileHandle } from 'node:fs/promises';

/** Header (27), segment table (255) and 255 segments of 255 bytes: the longest page there can be. */
const MAX_PAGE_BYTES = 27 + 255 + 255 * 255;
const FIXED_HEADER_BYTES = 27;
const CAPTURE_PATTERN = Buffer.from('OggS');
const BEGINNING_OF_STREAM = 0x02;
const END_OF_STREAM = 0x04;

/** A page by its header alone; its body may not be there. */
export interface OggPageHeader {
  /** Of the logical stream that it belongs to. */
  readonly serial: number;
  readonly beginsStream: boolean;
  readonly bodyStart: number;
  readonly end: number;
}

export interface LastOggPage {
  /** Of the logical stream that it belongs to. */
  readonly serial: number;
  /** What the stream's codec counts (samples, most often) up to its end; -1 where no packet ends in it. */
  readonly granulePosition: bigint;
  /** Whether it is marked as the last one of its logical stream. */
  readonly endOfStream: boolean;
  /** Whether another page begins after it and is not whole. Anything else that follows is no page (tags, zeros). */
  readonly brokenPageFollows: boolean;
}

/** The header of the page that begins at `at`; undefined where none does, or where it is not whole. */
export function readOggPageHeader(bytes: Buffer, at: number): OggPageHeader | undefined {
  const isPage = bytes.subarray(at, at + CAPTURE_PATTERN.length).equals(CAPTURE_PATTERN);
  const end = isPage ? pageEnd(bytes, at) : undefined;
  if (end === undefined) return undefined;
  return {
    serial: bytes.readUInt32LE(at + 14),
    beginsStream: (bytes.readUInt8(at + 5) & BEGINNING_OF_STREAM) !== 0,
    bodyStart: at + FIXED_HEADER_BYTES + bytes.readUInt8(at + 26),
    end,
  };
}

/** The last whole page of an Ogg file of `size` bytes; undefined if none ends in the file's last 128 KiB. */
export async function findLastOggPage(file: FileHandle, size: number): Promise<LastOggPage | undefined> {
  const start = Math.max(0, size - 2 * MAX_PAGE_BYTES);
  const tail = Buffer.alloc(size - start);
  await file.read(tail, 0, tail.length, start);

  for (let at = tail.lastIndexOf(CAPTURE_PATTERN); at !== -1; at = before(tail, at)) {
    const end = pageEnd(tail, at);
    if (end === undefined || end > tail.length || !checksumHolds(tail.subarray(at, end))) continue;
    return {
      serial: tail.readUInt32LE(at + 14),
      granulePosition: tail.readBigInt64LE(at + 6),
      endOfStream: (tail.readUInt8(at + 5) & END_OF_STREAM) !== 0,
      brokenPageFollows: beginsPage(tail.subarray(end)),
    };
  }
  return undefined;
}

/** Where the letters `OggS` stand last before `at`; -1 if nowhere. */
function before(bytes: Buffer, at: number): number {
  // A negative offset would count from the end.
  return at === 0 ? -1 : bytes.lastIndexOf(CAPTURE_PATTERN, at - 1);
}

/** Whether `rest` begins as a page does, as far as it goes. */
function beginsPage(rest: Buffer): boolean {
  const length = Math.min(rest.length, CAPTURE_PATTERN.length);
  return length > 0 && rest.subarray(0, length).equals(CAPTURE_PATTERN.subarray(0, length));
}

/** Where the page that begins at `at` ends; undefined if its header is not whole. */
function pageEnd(bytes: Buffer, at: number): number | undefined {
  if (at + FIXED_HEADER_BYTES > bytes.length) return undefined;
  const segments = bytes.readUInt8(at + 26);
  const headerEnd = at + FIXED_HEADER_BYTES + segments;
  if (headerEnd > bytes.length) return undefined;
  let end = headerEnd;
  for (let index = at + FIXED_HEADER_BYTES; index < headerEnd; index += 1) end += bytes.readUInt8(index);
  return end;
}

/** Whether a page's checksum is right: so that the letters `OggS` inside a packet are not taken for a page. */
function checksumHolds(page: Buffer): boolean {
  let sum = 0;
  for (let index = 0; index < page.length; index += 1) {
    const byte = index >= 22 && index < 26 ? 0 : page.readUInt8(index);
    sum = ((sum << 8) ^ (CHECKSUM_TABLE[(sum >>> 24) ^ byte] ?? 0)) >>> 0;
  }
  return sum === page.readUInt32LE(22);
}

/** RFC 3533, section 6: generator polynomial 0x04c11db7, initial value and final XOR 0, not reflected. */
const CHECKSUM_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum >>> 0;
});
