/**
 * Compresses frames on the other core. One thread with many frames a message, since a frame is small: on
 * Node's thread pool each would cost the thread that plans more than all else it does for its rows.
 */
import { AnsweringThread } from '../answering-thread.ts';
import type { CompressedPieces } from './frame-compression-thread.ts';
import type { Pieces } from './frame-compression.ts';

export class FrameCompressor {
  readonly #thread = new AnsweringThread<Pieces, CompressedPieces>({
    program: 'frame-compression-thread',
    beside: import.meta.url,
    what: 'compresses frames',
  });
  /** What came to be compressed, and is empty again. */
  readonly #spent: Uint8Array<ArrayBuffer>[] = [];

  /** One frame of each piece. The bytes are the compressor's from then on. */
  async compress(pieces: Pieces): Promise<Pieces> {
    const { frames, spent } = await this.#thread.ask(pieces, [pieces.bytes.buffer]);
    this.#spent.push(spent);
    return frames;
  }

  /** An array for the bytes of pieces to come, of so many bytes at least; what stands in it means nothing. */
  takeSpace(bytes: number): Uint8Array<ArrayBuffer> {
    const spent = this.#spent.pop();
    return spent !== undefined && spent.length >= bytes ? spent : new Uint8Array(bytes);
  }

  /** Ends the thread; what is not compressed yet never will be. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
