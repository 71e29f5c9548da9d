/**
 * Compressing frames: one zstd frame of each of some pieces of bytes that lie one behind the other.
 *
 * Level 1, since what is compressed are rows of ids and locations: higher levels up to 6 make them no smaller
 * at three times the time (docs/performance.md). The checksum makes a damaged frame an error instead of wrong
 * tracks.
 */
import { constants, zstdCompressSync } from 'node:zlib';

/** Pieces of bytes, one behind the other. */
export interface Pieces {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How long each of them is; what lies behind the last one means nothing. */
  readonly lengths: readonly number[];
}

const LEVEL = 1;
/** Of the buffers that zlib fills: most frames fit into one. */
const CHUNK_BYTES = 16 * 1024;

/** One frame of `piece`. */
export function compressFrame(piece: Uint8Array): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };
  // The size lets zstd choose small tables: without it, filling them would cost more than the work.
  return zstdCompressSync(piece, { params, pledgedSrcSize: piece.byteLength, chunkSize: CHUNK_BYTES });
}

/** One frame of each piece, in their order. */
export function compressPieces({ bytes, lengths }: Pieces): Pieces {
  const frames: Buffer[] = [];
  let offset = 0;
  for (const length of lengths) {
    frames.push(compressFrame(bytes.subarray(offset, offset + length)));
    offset += length;
  }
  return { bytes: joined(frames), lengths: frames.map((frame) => frame.length) };
}

/** All of them in a buffer of its own, which can be handed to another thread. */
function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  return bytes;
}
