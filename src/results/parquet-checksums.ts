/**
 * Checksums of a Parquet file, in its own footer, so that a file of results checks itself whatever part of it is read:
 *
 *     backfill.chunks     for each row group a list: the CRC-32 of each column chunk, in the order of the schema
 *     backfill.checksum   the CRC-32 of the footer, its length and the closing magic, with these eight digits as zeros
 *
 * (The format has checksums of pages, but hyparquet-writer does not write them, and hyparquet does not read them:
 * https://parquet.apache.org/docs/file-format/data-pages/checksumming/. Other readers pass over these keys.)
 */
import { crc32 } from 'node:zlib';
import type { FileMetaData, KeyValue } from 'hyparquet';

const CHUNKS_KEY = 'backfill.chunks';
const CHECKSUM_KEY = 'backfill.checksum';
const NOTHING = '00000000';

/** How Thrift's compact protocol goes from a key to a value of eight bytes: next field, of type binary, eight long. */
const KEY_TO_VALUE = Buffer.from([0x18, NOTHING.length]);
const CHECKSUM_MARK = Buffer.concat([Buffer.from(CHECKSUM_KEY), KEY_TO_VALUE]);

/** A file is not as it was written, or is none of results. */
export class ParquetDamage extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ParquetDamage';
  }
}

/** The pairs that a writer puts into a footer. Their values are made by {@link sealFooter} and `addRowGroup`. */
export class ChecksumPairs {
  readonly pairs: readonly KeyValue[];
  readonly #chunks: number[][] = [];
  readonly #chunksPair: { key: string; value: string } = { key: CHUNKS_KEY, value: '[]' };

  constructor() {
    this.pairs = [this.#chunksPair, { key: CHECKSUM_KEY, value: NOTHING }];
  }

  /** Takes the column chunks of the next row group. */
  addRowGroup(chunks: readonly Uint8Array[]): void {
    this.#chunks.push(chunks.map((chunk) => crc32(chunk)));
    this.#chunksPair.value = JSON.stringify(this.#chunks);
  }
}

/** Puts the checksum of the footer where its zeros are. @param end the file's last bytes, which hold the whole footer */
export function sealFooter(end: Buffer): void {
  const footer = end.subarray(footerStart(end));
  const at = footer.lastIndexOf(CHECKSUM_MARK);
  if (at < 0) throw new Error('the footer has no place for its checksum');
  footer.write(hex(crc32(footer)), at + CHECKSUM_MARK.length, 'latin1');
}

/**
 * Checks the footer of a file, before anything is made of it. One without a checksum is of an older backfill, or of
 * another program: it passes.
 *
 * @param footer from its first byte to the closing magic
 * @throws ParquetDamage
 */
export function checkFooter(footer: Uint8Array): void {
  const copy = Buffer.from(footer);
  const at = copy.lastIndexOf(CHECKSUM_MARK);
  if (at < 0) return;
  const start = at + CHECKSUM_MARK.length;
  const stored = copy.toString('latin1', start, start + NOTHING.length);
  copy.write(NOTHING, start, 'latin1');
  if (stored !== hex(crc32(copy)))
    throw new ParquetDamage('its footer does not have the checksum that it was written with');
}

/** The checksums of the column chunks by row group and column; undefined in a file that has none. @throws ParquetDamage */
export function chunkChecksums({
  key_value_metadata: pairs,
  row_groups,
}: FileMetaData): number[][] | undefined {
  const value = pairs?.find(({ key }) => key === CHUNKS_KEY)?.value;
  if (value === undefined) return undefined;
  let checksums: unknown;
  try {
    checksums = JSON.parse(value);
  } catch (error) {
    throw new ParquetDamage('the checksums of its column chunks are not JSON', { cause: error });
  }
  const isWhole =
    Array.isArray(checksums) &&
    checksums.length === row_groups.length &&
    checksums.every(
      (group, index) => Array.isArray(group) && group.length === row_groups[index]?.columns.length,
    );
  if (!isWhole) throw new ParquetDamage('it has no checksum for some of its column chunks');
  return checksums as number[][];
}

/** Checks one column chunk. @throws ParquetDamage */
export function checkChunk(bytes: Uint8Array, checksum: number, name: string): void {
  if (crc32(bytes) !== checksum) {
    throw new ParquetDamage(`column ${name} does not have the checksum that it was written with`);
  }
}

/** What the two keys are, among those of a footer. */
export function isChecksumKey(key: string): boolean {
  return key === CHUNKS_KEY || key === CHECKSUM_KEY;
}

/** Where the footer begins in a file's last bytes. */
function footerStart(end: Buffer): number {
  return end.length - FOOTER_END_BYTES - end.readUInt32LE(end.length - FOOTER_END_BYTES);
}

/** The footer's length, 4 bytes, and `PAR1`. */
export const FOOTER_END_BYTES = 8;

function hex(checksum: number): string {
  return checksum.toString(16).padStart(NOTHING.length, '0');
}
