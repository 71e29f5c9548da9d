/** Row groups cut out of their files: what it takes to read one somewhere else, in another thread. */
import type { FileRange } from './parquet-chunks.ts';
import { ParquetReader, type ParquetSource } from './parquet-reader.ts';

/** A row group's bytes, and where they lie in a file of `byteLength` bytes. */
export interface RowGroupBytes {
  readonly byteLength: number;
  readonly pieces: readonly Piece[];
  /** Which row group of the file it is, from 0. */
  readonly index: number;
}

interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Cuts row group `index` out of its file, with the footer, which says how to read it. */
export async function cutRowGroup(
  source: ParquetSource,
  reader: ParquetReader,
  index: number,
): Promise<RowGroupBytes> {
  const cut = async ({ start, end }: FileRange): Promise<Piece> => ({
    start,
    bytes: new Uint8Array(await source.slice(start, end)),
  });
  const pieces = await Promise.all([cut(reader.rowGroupRange(index)), cut(reader.footerRange)]);
  return { byteLength: source.byteLength, pieces, index };
}

/** Opens the file again, of which only the row group that was cut out can be read. */
export async function openRowGroup(cut: RowGroupBytes): Promise<ParquetReader> {
  const footer = cut.pieces.at(-1)?.bytes.byteLength ?? 0;
  return ParquetReader.open(sourceOf(cut), footer);
}

function sourceOf({ byteLength, pieces }: RowGroupBytes): ParquetSource {
  return {
    byteLength,
    slice: (start, end = byteLength) => {
      const piece = pieces.find((one) => start >= one.start && end <= one.start + one.bytes.byteLength);
      if (piece === undefined) throw new Error(`bytes ${start} to ${end} were not cut out of the file`);
      return new Uint8Array(piece.bytes.subarray(start - piece.start, end - piece.start)).buffer;
    },
  };
}
