/**
 * Results out of a Parquet file, row group by row group, from a file, from memory or by ranged reads. Whatever is
 * read is checked first: nothing is decoded but bytes that have the checksums they were written with (files of other
 * writers have none), and that keep within the bounds of the file.
 */
import { isAscii } from 'node:buffer';
import { open } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type ColumnChunk,
  type DecodedArray,
  type FileMetaData,
  flatten,
  parquetRead,
} from 'hyparquet';
import { messageOf } from '../errors.ts';
import type { Column, Value } from './columns.ts';
import {
  FOOTER_END_BYTES,
  ParquetDamage,
  checkChunk,
  chunkChecksums,
  isChecksumKey,
} from './parquet-checksums.ts';
import { type FileRange, chunkRange } from './parquet-chunks.ts';
import { readFooter } from './parquet-footer.ts';
import { checkPages } from './parquet-pages.ts';
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

/** A file of results whose footer has been read. */
export class ParquetReader {
  readonly contents: ParquetContents;
  readonly #source: ParquetSource;
  readonly #footer: FileMetaData;
  readonly #checksums: readonly (readonly number[])[] | undefined;
  readonly #hasSourceEtag: boolean;

  private constructor(source: ParquetSource, footer: FileMetaData) {
    this.#source = source;
    this.#footer = footer;
    this.#checksums = chunkChecksums(footer);
    const { columns, hasSourceEtag } = resultColumns(footer);
    this.#hasSourceEtag = hasSourceEtag;
    const pairs = (footer.key_value_metadata ?? []).filter(({ key }) => !isChecksumKey(key));
    this.contents = {
      rows: Number(footer.num_rows),
      columns,
      metadata: Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ''])),
    };
  }

  /**
   * Reads the footer.
   * @param endBytes so many bytes of the file's end are read at once: more than a footer has, as a rule
   * @throws ParquetDamage where the source is no Parquet file of results, or is damaged
   */
  static async open(source: ParquetSource, endBytes: number = FILE_END_BYTES): Promise<ParquetReader> {
    return new ParquetReader(source, await readFooter(source, endBytes));
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
    return spanOf(this.#chunks(index));
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

  /** The results of one row group. @param wanted as in {@link results} @throws ParquetDamage */
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
  async #readColumns(index: number, names: readonly string[]): Promise<Map<string, DecodedArray>> {
    const chunks = this.#chunks(index).filter(({ column }) => names.includes(column));
    const pieces: Piece[] = [];
    for (const span of neighbours(chunks)) {
      const bytes = new Uint8Array(await this.#source.slice(span.start, span.end));
      if (bytes.byteLength !== span.end - span.start) {
        throw new ParquetDamage(`it ends at byte ${span.start + bytes.byteLength}`);
      }
      pieces.push({ start: span.start, bytes });
    }
    const file = inMemory(pieces);
    for (const { start, end, column, values, checksum } of chunks) {
      const bytes = new Uint8Array(file.slice(start, end));
      if (checksum !== undefined) checkChunk(bytes, checksum, column);
      checkPages(bytes, { column, values });
    }
    try {
      return await this.#decode(index, names, file);
    } catch (error) {
      throw new ParquetDamage(`row group ${index} cannot be decoded`, { cause: error });
    }
  }

  async #decode(
    index: number,
    names: readonly string[],
    file: AsyncBuffer,
  ): Promise<Map<string, DecodedArray>> {
    const groups = this.#footer.row_groups;
    const rowStart = groups.slice(0, index).reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
    const rows = Number(groups[index]?.num_rows ?? 0);
    const pages = new Map(names.map((name) => [name, [] as DecodedArray[]]));
    const text = new PageText();
    await parquetRead({
      file,
      metadata: this.#footer,
      columns: [...names],
      rowStart,
      rowEnd: rowStart + rows,
      compressors: { ZSTD: decompressed },
      utf8: false,
      geoparquet: false,
      parsers: { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && text.of(bytes) },
      onChunk: ({ columnName, columnData }) => void pages.get(columnName)?.push(columnData),
    });
    const columns = new Map<string, DecodedArray>();
    for (const [name, [first = [], ...more]] of pages) {
      const values = more.length === 0 ? first : flatten([first, ...more]);
      if (values.length !== rows)
        throw new Error(`column ${name} has ${values.length} values for ${rows} rows`);
      columns.set(name, values);
    }
    return columns;
  }

  /** The column chunks of a row group, in the order of the file. */
  #chunks(index: number): Chunk[] {
    const checksums = this.#checksums?.[index];
    return (this.#footer.row_groups[index]?.columns ?? [])
      .map((chunk, column) => chunkOf(chunk, checksums?.[column]))
      .toSorted((a, b) => a.start - b.start);
  }
}

/** A column chunk: where it lies, and what it holds. */
interface Chunk extends FileRange {
  /** The top-level column that it is of, or is a leaf of. */
  readonly column: string;
  readonly values: number;
  readonly checksum: number | undefined;
}

interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function chunkOf(chunk: ColumnChunk, checksum: number | undefined): Chunk {
  const { meta_data: meta } = chunk;
  const column = meta?.path_in_schema[0] ?? '';
  return { ...chunkRange(chunk), column, values: Number(meta?.num_values ?? 0), checksum };
}

function spanOf(ranges: readonly FileRange[]): FileRange {
  return {
    start: Math.min(...ranges.map(({ start }) => start)),
    end: Math.max(...ranges.map(({ end }) => end)),
  };
}

/** Chunks are read together where no more lies between them: hyparquet reads what is in memory in the same way. */
const MAX_GAP_BYTES = 8192;

/** Chunks that lie one behind the other, as one range each: one request. */
function neighbours(chunks: readonly Chunk[]): FileRange[] {
  const spans: { start: number; end: number }[] = [];
  for (const { start, end } of chunks) {
    const last = spans.at(-1);
    if (last !== undefined && start - last.end <= MAX_GAP_BYTES) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}

/** What has been read of a file, as hyparquet takes files. */
function inMemory(pieces: readonly Piece[]): {
  readonly byteLength: number;
  readonly slice: (start: number, end?: number) => ArrayBuffer;
} {
  return {
    byteLength: Math.max(0, ...pieces.map(({ start, bytes }) => start + bytes.byteLength)),
    slice: (start, end = Number.POSITIVE_INFINITY) => {
      const piece = pieces.find((one) => start >= one.start && end <= one.start + one.bytes.byteLength);
      if (piece === undefined) throw new Error(`bytes ${start} to ${end} have not been read`);
      return piece.bytes.buffer.slice(start - piece.start, end - piece.start);
    },
  };
}

/** @throws ParquetDamage */
function resultColumns({ schema }: FileMetaData): ReturnType<typeof columnsOfSchema> {
  try {
    return columnsOfSchema(schema);
  } catch (error) {
    throw new ParquetDamage(messageOf(error), { cause: error });
  }
}

/** What {@link ParquetReader.open} reads first. Most files of results have no more. */
export const FILE_END_BYTES: number = 512 * 1024;

/** A page in one piece, since its length is known, and in memory of its own: Node cuts short ones out of a pool. */
function decompressed(bytes: Uint8Array, byteLength: number): Uint8Array {
  const maxOutputLength = Math.max(1, byteLength);
  const page = zstdDecompressSync(bytes, {
    chunkSize: Math.max(SHORTEST_CHUNK, byteLength),
    maxOutputLength,
  });
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
