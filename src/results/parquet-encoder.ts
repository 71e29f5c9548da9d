/**
 * Results to the bytes of a Parquet file, a row group at a time. Pure: the same results give the same
 * bytes, with their checksums in the footer. Memory is bounded by one row group and by the footer (a few hundred bytes a row group and column).
 */
import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, ColumnType } from './columns.ts';
import { ChecksumPairs, sealFooter } from './parquet-checksums.ts';
import { chunkRange } from './parquet-chunks.ts';
import { KEY_COLUMNS, parquetSchema } from './parquet-schema.ts';
import { estimatedBytes, type ParquetValue, toParquet } from './parquet-value.ts';
import type { StoredResult } from './stored-result.ts';

export interface ParquetOptions {
  /** The algorithm's columns; `track_id` and `source_etag` are put before them. */
  readonly columns: readonly Column[];
  /** Key-value pairs for the file's footer: run, shard. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A row group is closed with whichever comes first. */
const ROW_GROUP_ROWS = 50_000;
/** Bytes in memory, of which the encoder takes many times as much for a moment; larger ones hardly compress better. */
const ROW_GROUP_BYTES = 4 * 1024 * 1024;

export class ParquetEncoder {
  readonly #columns: readonly Column[];
  readonly #sink = new ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #checksums = new ChecksumPairs();
  /** The open row group, by column; the first ones are the keys. */
  #values: ParquetValue[][];
  #bytes = 0;

  constructor(options: ParquetOptions) {
    this.#columns = options.columns;
    this.#values = emptyGroup(options.columns);
    this.#writer = new ParquetWriter({
      writer: this.#sink,
      schema: parquetSchema(options.columns),
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      kvMetadata: [
        ...Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
        ...this.#checksums.pairs,
      ],
      createdBy: 'backfill',
    });
  }

  /**
   * Takes the next result; gives the file's next bytes where a row group is full.
   * @throws TypeError where a value is not of its column's type; the result is not taken then
   */
  add({ trackId, sourceEtag, row }: StoredResult): Uint8Array | undefined {
    const values: ParquetValue[] = [
      trackId,
      sourceEtag,
      ...this.#columns.map((column) => toParquet(column, row)),
    ];
    values.forEach((value, index) => {
      this.#values[index]?.push(value);
      this.#bytes += estimatedBytes(value);
    });
    const rows = this.#values[0]?.length ?? 0;
    return rows >= ROW_GROUP_ROWS || this.#bytes >= ROW_GROUP_BYTES ? this.#closeRowGroup() : undefined;
  }

  /** Gives the rest of the file. */
  finish(): Uint8Array {
    const last = this.#closeRowGroup();
    void this.#writer.finish();
    const end = Buffer.from(this.#taken());
    sealFooter(end);
    return Buffer.concat([last, end]);
  }

  #closeRowGroup(): Uint8Array {
    const columnData = [...KEY_COLUMNS, ...this.#columns].map(({ name, type }, index) => ({
      name,
      data: this.#values[index] ?? [],
      ...(holdsFloatingPoint(type) ? { encoding: 'PLAIN' as const } : {}),
    }));
    const groups = this.#writer.row_groups.length;
    // Nothing is pending: the sink is memory, and takes all at once.
    void this.#writer.write({ columnData, rowGroupSize: ROW_GROUP_ROWS });
    this.#values = emptyGroup(this.#columns);
    this.#bytes = 0;
    const start = this.#sink.offset - this.#sink.index;
    const bytes = this.#taken();
    for (const group of this.#writer.row_groups.slice(groups)) {
      this.#checksums.addRowGroup(
        group.columns.map((chunk) => {
          const range = chunkRange(chunk);
          return bytes.subarray(range.start - start, range.end - start);
        }),
      );
    }
    return bytes;
  }

  /** The bytes since the last call. The sink goes on counting offsets from the file's start. */
  #taken(): Uint8Array {
    const bytes = Uint8Array.from(this.#sink.getBytes());
    this.#sink.index = 0;
    return bytes;
  }
}

/** Such a column is written without a dictionary: in hyparquet-writer's, -0 and 0 are one value. */
function holdsFloatingPoint(type: ColumnType): boolean {
  if (typeof type === 'string') return type === 'double' || type === 'float';
  return 'list' in type
    ? holdsFloatingPoint(type.list)
    : type.struct.some((field) => holdsFloatingPoint(field.type));
}

function emptyGroup(columns: readonly Column[]): ParquetValue[][] {
  return Array.from({ length: KEY_COLUMNS.length + columns.length }, () => []);
}
