import { emptyManifest, overlongHeader, parseHeader } from './header.ts';
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
 * Reads up to the end of the header, the first line that is not blank.
 *
 * @param name What messages call the manifest.
 * @throws BackfillError with fault `usage`, as parseHeader does, and where there is no such line
 */
export async function readHead(bytes: ManifestBytes, name: string): Promise<ManifestHead> {
  let head: Buffer = Buffer.alloc(0);
  let line = 1;
  for (;;) {
    const lineFeed = head.indexOf(LINE_FEED);
    if ((lineFeed < 0 ? head.length : lineFeed) > MAX_RECORD_BYTES) throw overlongHeader(name);
    if (lineFeed >= 0) {
      const first = head.subarray(0, lineFeed);
      head = head.subarray(lineFeed + 1);
      line += 1;
      if (!isBlank(first)) return { header: parseHeader(first, name), nextLine: line, rest: head };
      continue;
    }
    const chunk = await bytes.next();
    if (chunk === undefined) break;
    head = Buffer.concat([head, chunk]);
  }
  if (isBlank(head)) throw emptyManifest(name);
  return { header: parseHeader(head, name), nextLine: line, rest: Buffer.alloc(0) };
}

function isBlank(line: Buffer): boolean {
  // trim() takes a byte order mark for white space, too.
  return line.toString('utf8').trim() === '';
}
