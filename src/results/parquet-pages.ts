/**
 * The pages of a column chunk, looked over before they are decoded: hyparquet believes what their headers say, and a
 * size below zero would have it read the same page for ever.
 * The format of the headers: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { ParquetDamage } from './parquet-checksums.ts';

/** Bytes of a page, unpacked. A page of ours has 1 MiB, or one value. */
const MAX_PAGE_BYTES = 512 * 1024 * 1024;

/** Of a column chunk: a row group of ours has 50,000 rows, and 4 MiB of values. */
const MAX_VALUES = 100_000_000;

interface PageHeader {
  /** Uncompressed, and compressed, bytes. */
  readonly field_2?: unknown;
  readonly field_3?: unknown;
  /** Of a data page, a dictionary page and a data page of version 2; the first field of each counts values. */
  readonly field_5?: { readonly field_1?: unknown };
  readonly field_7?: { readonly field_1?: unknown };
  readonly field_8?: { readonly field_1?: unknown };
}

/**
 * Makes sure that pages lie one behind the other, fill a chunk, and hold as many values as the footer says.
 * @param told what the footer says of the chunk
 * @throws ParquetDamage
 */
export function checkPages(
  chunk: Uint8Array,
  { column: name, values: told }: { readonly column: string; readonly values: number },
): void {
  if (!isSize(told, MAX_VALUES)) throw new ParquetDamage(`column ${name} would have ${String(told)} values`);
  let values = 0;
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let offset = 0;
  while (offset < chunk.byteLength) {
    const reader = { view, offset };
    let header: PageHeader;
    try {
      header = deserializeTCompactProtocol(reader);
    } catch (error) {
      throw new ParquetDamage(`column ${name} has a page whose header cannot be read`, { cause: error });
    }
    const { field_2: unpacked, field_3: packed } = header;
    if (!isSize(unpacked, MAX_PAGE_BYTES) || !isSize(packed, chunk.byteLength - reader.offset)) {
      throw new ParquetDamage(
        `column ${name} has a page of ${String(packed)} bytes, ${String(unpacked)} unpacked`,
      );
    }
    const { field_5: data, field_7: dictionary, field_8: dataV2 } = header;
    const entries = dictionary === undefined ? 0 : dictionary.field_1;
    const held = data === undefined && dataV2 === undefined ? 0 : (data ?? dataV2)?.field_1;
    if (!isSize(entries, told) || !isSize(held, told - values)) {
      throw new ParquetDamage(`column ${name} has a page of more values than the ${told} of its row group`);
    }
    values += held;
    offset = reader.offset + packed;
  }
  if (values !== told) throw new ParquetDamage(`column ${name} has ${values} values, not ${told}`);
}

function isSize(value: unknown, limit: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= limit;
}
