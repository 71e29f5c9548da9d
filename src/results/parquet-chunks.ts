/** Where the column chunks of a Parquet file lie. */
import type { ColumnChunk } from 'hyparquet';

/** A range of a file's bytes, from `start` to before `end`. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** Where a column chunk lies: its dictionary, where it has one, and its pages. */
export function chunkRange({ meta_data: chunk }: ColumnChunk): FileRange {
  const start = Number(chunk?.dictionary_page_offset || chunk?.data_page_offset || 0);
  return { start, end: start + Number(chunk?.total_compressed_size ?? 0) };
}
