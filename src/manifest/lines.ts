/** Looking at the physical lines of a CSV as bytes. */
import { isUtf8 } from 'node:buffer';

/** Longest record, in bytes with its line break. */
export const MAX_RECORD_BYTES = 65_536;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** Whether whole lines can be parsed as they stand: UTF-8, no quotes, none too long. */
export function isPlain(lines: Buffer): boolean {
  return !lines.includes(QUOTE) && isUtf8(lines) && !hasOverlongLine(lines);
}

function hasOverlongLine(lines: Buffer): boolean {
  let position = 0;
  while (lines.length - position > MAX_RECORD_BYTES) {
    // If a line ends within the limit, all lines up to there are short enough.
    const lineFeed = lines.lastIndexOf(LINE_FEED, position + MAX_RECORD_BYTES - 1);
    if (lineFeed < position) return true;
    position = lineFeed + 1;
  }
  return false;
}

/** Whether the line that starts at `position` is empty. */
export function isBlankAt(bytes: Buffer, position: number): boolean {
  const byte = bytes[position];
  return byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[position + 1] === LINE_FEED);
}

/** How many lines end in `bytes`. */
export function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
