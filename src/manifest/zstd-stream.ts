/**
 * Decompresses zstd of any number of frames one after another, as `zstdcat` does. (Node's own stream stops
 * after the first frame and says nothing.)
 */
import { pipeline, Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { type FramePiece, ZstdFrameWalker } from './zstd-frames.ts';

/**
 * The decompressed bytes, with memory bounded by zstd's window (8 MiB where the writer chose no other).
 * @throws where the input is no zstd, is damaged or breaks off
 */
export async function* decompressZstd(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces = framePieces(source);
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    const decompressor = createZstdDecompress();
    // An error of either side reaches whoever iterates: the callback has nothing to add.
    pipeline(Readable.from(oneFrame(next.value, pieces)), decompressor, () => {});
    yield* decompressor as AsyncIterable<Buffer>;
  }
}

/** The bytes of all frames that hold data. */
async function* framePieces(source: AsyncIterable<Buffer>): AsyncGenerator<FramePiece, undefined> {
  const walker = new ZstdFrameWalker();
  for await (const chunk of source) {
    for (const piece of walker.walk(chunk)) {
      if (!piece.isSkippable) yield piece;
    }
  }
  if (!walker.isBetweenFrames) throw new Error('the zstd data breaks off');
  return undefined;
}

/** The bytes of the frame that `first` starts, out of the pieces of all. */
async function* oneFrame(first: FramePiece, pieces: AsyncGenerator<FramePiece>): AsyncGenerator<Buffer> {
  let piece = first;
  yield piece.bytes;
  while (!piece.endsFrame) {
    const next = await pieces.next();
    if (next.done) return;
    piece = next.value;
    yield piece.bytes;
  }
}
