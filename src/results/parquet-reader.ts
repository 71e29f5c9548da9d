/** Results out of a Parquet file, row group by row group, from a file, from memory or by ranged reads. */
import { isAscii } from 'node:buffer';
import { open } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type DecodedArray,
  type FileMetaData,
  flatten,
  parquetMetadataAsync,
  parquetRead,
} from 'hyparquet';
import type { Column, Value } from './columns.ts';
import { columnsOfSchema, SOURCE_ETAG_COLUMN, TRACK_ID_COLUMN } from './parquet-schema.ts';
import { type ParquetValue, valueDecoder } from './parquet-value.ts';
import type { StoredResult } from './stored-result.ts';

/** A Parquet file: its length and any range of its bytes. */
export type ParquetSource = AsyncBuffer;

/** What a file of results says of itself. */
export interface ParquetContents {
  readonly rows: number;
  /** Without `track_id` and `source_etag`, and without descriptions. */
  readonly columns: readonly Column[];
  /** The footer's key-value pairs. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A range of a file's bytes, from `start` to before `end`. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** A file of results whose footer has been read. */
export class ParquetReader {
  readonly contents: ParquetContents;
  readonly #source: ParquetSource;
  readonly #footer: FileMetaData;
  readonly #hasSourceEtag: boolean;

  private constructor(source: ParquetSource, footer: FileMetaData) {
    this.#source = source;
    this.#footer = footer;
    const { columns, hasSourceEtag } = columnsOfSchema(footer.schema);
    this.#hasSourceEtag = hasSourceEtag;
    const pairs = footer.key_value_metadata ?? [];
    this.contents = {
      rows: Number(footer.num_rows),
      columns,
      metadata: Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ''])),
    };
  }

  /**
   * Reads the footer.
   * @param endBytes so many bytes of the file's end are read at once: more than a footer has, as a rule
   * @throws where the source is no Parquet file of results
   */
  static async open(source: ParquetSource, endBytes: number = FILE_END_BYTES): Promise<ParquetReader> {
    const options = { geoparquet: false, initialFetchSize: endBytes };
    return new ParquetReader(source, await parquetMetadataAsync(source, options));
  }

  /** How many row groups there are. */
  get rowGroups(): number {
    return this.#footer.row_groups.length;
  }

  /** Where the footer lies, its length and the closing magic included. */
  get footerRange(): FileRange {
    const { byteLength } = this.#source;
    return { start: byteLength - this.#footer.metadata_length - FOOTER_END_BYTES, end: byteLength };
  }

  /** Where the column chunks of a row group lie. */
  rowGroupRange(index: number): FileRange {
    const chunks = this.#footer.row_groups[index]?.columns ?? [];
    const starts = chunks.flatMap(({ meta_data: chunk }) =>
      chunk === undefined ? [] : [Number(chunk.dictionary_page_offset ?? chunk.data_page_offset)],
    );
    const ends = chunks.map(
      ({ meta_data: chunk }, column) => (starts[column] ?? 0) + Number(chunk?.total_compressed_size ?? 0),
    );
    return { start: Math.min(...starts), end: Math.max(...ends) };
  }

  /**
   * The results in the order in which they were written. Memory is bounded by one row group.
   *
   * @param wanted Only these columns, of which only the bytes are read; all where undefined. `sourceEtag` is null
   * where `source_etag` is not among them, and in files that lack it.
   */
  async *results(wanted?: readonly string[]): AsyncGenerator<StoredResult> {
    for (let index = 0; index < this.rowGroups; index += 1) yield* await this.rowGroup(index, wanted);
  }

  /** The results of one row group. @param wanted as in {@link results} */
  async rowGroup(index: number, wanted?: readonly string[]): Promise<StoredResult[]> {
    const isWanted = ({ name }: Column): boolean => wanted?.includes(name) ?? true;
    const hasEtag = this.#hasSourceEtag && isWanted(SOURCE_ETAG_COLUMN);
    const columns = this.contents.columns.filter(isWanted);
    const keys = hasEtag ? [TRACK_ID_COLUMN, SOURCE_ETAG_COLUMN] : [TRACK_ID_COLUMN];
    const names = [...keys, ...columns].map(({ name }) => name);
    const values = await this.#readColumns(index, names);
    const ids = values.get(TRACK_ID_COLUMN.name) ?? [];
    const etags = hasEtag ? values.get(SOURCE_ETAG_COLUMN.name) : undefined;
    const read = columns.map((column) => ({
      name: column.name,
      values: (values.get(column.name) ?? []) as ArrayLike<ParquetValue>,
      decode: valueDecoder(column),
    }));
    return Array.from(ids as ArrayLike<string>, (trackId, index) => {
      const row: Record<string, Value> = {};
      for (const { name, values, decode } of read) {
        const value = values[index];
        row[name] = decode === undefined ? (value as Value) : decode(value);
      }
      return { trackId, sourceEtag: (etags?.[index] ?? null) as string | null, row };
    });
  }

  /** The values of top-level columns in one row group. */
  async #readColumns(index: number, names: string[]): Promise<Map<string, DecodedArray>> {
    const groups = this.#footer.row_groups;
    const rowStart = groups.slice(0, index).reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
    const pages = new Map(names.map((name) => [name, [] as DecodedArray[]]));
    const text = new PageText();
    await parquetRead({
      file: this.#source,
      metadata: this.#footer,
      columns: names,
      rowStart,
      rowEnd: rowStart + Number(groups[index]?.num_rows ?? 0),
      compressors: { ZSTD: decompressed },
      utf8: false,
      geoparquet: false,
      parsers: { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && text.of(bytes) },
      onChunk: ({ columnName, columnData }) => void pages.get(columnName)?.push(columnData),
    });
    return new Map(
      [...pages].map(([name, [first = [], ...more]]) => [
        name,
        more.length === 0 ? first : flatten([first, ...more]),
      ]),
    );
  }
}

/** What {@link ParquetReader.open} reads first. Most files of results have no more. */
export const FILE_END_BYTES: number = 512 * 1024;

/** The footer's length, 4 bytes, and `PAR1`. */
const FOOTER_END_BYTES = 8;

/** A page in one piece, since its length is known, and in memory of its own: Node cuts short ones out of a pool. */
function decompressed(bytes: Uint8Array, byteLength: number): Uint8Array {
  const page = zstdDecompressSync(bytes, { chunkSize: Math.max(SHORTEST_CHUNK, byteLength) });
  return page.byteLength === page.buffer.byteLength ? page : new Uint8Array(page);
}

/** What zlib takes at least. */
const SHORTEST_CHUNK = 64;

/**
 * The strings of pages. Pages come one after the other, each in memory of its own: one of ASCII, as ids are, is made
 * a string once, and its strings are cut out of that.
 */
class PageText {
  #page: ArrayBufferLike | undefined;
  /** Undefined where the page holds more than ASCII. */
  #text: string | undefined;

  of({ buffer, byteOffset, byteLength }: Uint8Array): string {
    if (buffer !== this.#page) {
      this.#page = buffer;
      // The lengths between the strings are ASCII too, as long as none is longer than 127 bytes.
      this.#text = isAscii(new Uint8Array(buffer)) ? Buffer.from(buffer).toString('latin1') : undefined;
    }
    if (this.#text !== undefined) return this.#text.slice(byteOffset, byteOffset + byteLength);
    // A leading byte order mark is part of the text here: TextDecoder would have to be told, and is slower.
    return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  }
}

/** A Parquet file in memory. */
export function parquetBytes(bytes: Uint8Array): ParquetSource {
  return {
    byteLength: bytes.byteLength,
    slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
}

/** The results of a Parquet file of this machine. The file is closed when the iteration ends. */
export async function* readParquetFile(path: string): AsyncGenerator<StoredResult> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const reader = await ParquetReader.open({
      byteLength: size,
      slice: async (start, end = size) => {
        const bytes = new Uint8Array(end - start);
        const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, start);
        if (bytesRead < bytes.byteLength) throw new Error(`${path} has become shorter`);
        return bytes.buffer;
      },
    });
    yield* reader.results();
  } finally {
    await file.close();
  }
}
