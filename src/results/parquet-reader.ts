/** Results out of a Parquet file, row group by row group, from a file, from memory or by ranged reads. */
import { open } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Column } from './columns.ts';
import { columnsOfSchema, SOURCE_ETAG_COLUMN, TRACK_ID_COLUMN } from './parquet-schema.ts';
import { fromParquet, type ParquetValue } from './parquet-value.ts';
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

  /** Reads the footer. @throws where the source is no Parquet file of results */
  static async open(source: ParquetSource): Promise<ParquetReader> {
    return new ParquetReader(source, await parquetMetadataAsync(source, { geoparquet: false }));
  }

  /**
   * The results in the order in which they were written. Memory is bounded by one row group.
   *
   * @param wanted Only these columns, of which only the bytes are read; all where undefined. `sourceEtag` is null
   * where `source_etag` is not among them, and in files that lack it.
   */
  async *results(wanted?: readonly string[]): AsyncGenerator<StoredResult> {
    const { columns } = this.contents;
    const isWanted = ({ name }: Column): boolean => wanted?.includes(name) ?? true;
    const read = columns.filter(isWanted);
    const hasEtag = this.#hasSourceEtag && isWanted(SOURCE_ETAG_COLUMN);
    const keys = hasEtag ? [TRACK_ID_COLUMN, SOURCE_ETAG_COLUMN] : [TRACK_ID_COLUMN];
    let rowStart = 0;
    for (const { num_rows } of this.#footer.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      const rows = await parquetReadObjects({
        file: this.#source,
        metadata: this.#footer,
        columns: [...keys, ...read].map(({ name }) => name),
        rowStart,
        rowEnd,
        compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
        utf8: false,
        geoparquet: false,
        parsers: { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && UTF8.decode(bytes) },
      });
      for (const row of rows as Record<string, ParquetValue>[]) yield storedResult(row, read);
      rowStart = rowEnd;
    }
  }
}

/** Keeps a leading byte order mark, which is part of the text here. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

function storedResult(
  values: Readonly<Record<string, ParquetValue>>,
  columns: readonly Column[],
): StoredResult {
  return {
    trackId: values[TRACK_ID_COLUMN.name] as string,
    sourceEtag: (values[SOURCE_ETAG_COLUMN.name] ?? null) as string | null,
    row: Object.fromEntries(columns.map(({ name, type }) => [name, fromParquet(type, values[name])])),
  };
}

/** A Parquet file in memory. */
export function parquetBytes(bytes: Uint8Array): ParquetSource {
  return {
    byteLength: bytes.byteLength,
    slice: (start, end) => Uint8Array.from(bytes.subarray(start, end)).buffer,
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
