/**
 * Compresses frames on the other core. One thread with many frames a message, since a frame is small: on
 * Node's thread pool each would cost the thread that plans more than all else it does for its rows.
 */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CompressedPieces } from './frame-compression-thread.ts';
import type { Pieces } from './frame-compression.ts';

const THREAD = new URL(`./frame-compression-thread${extname(import.meta.url)}`, import.meta.url);

export class FrameCompressor {
  readonly #thread = new Worker(THREAD);
  /** What came to be compressed, and is empty again. */
  readonly #spent: Uint8Array<ArrayBuffer>[] = [];
  readonly #waiting: PromiseWithResolvers<Pieces>[] = [];

  constructor() {
    this.#thread.on('message', ({ frames, spent }: CompressedPieces) => {
      this.#spent.push(spent);
      this.#waiting.shift()?.resolve(frames);
    });
    this.#thread.on('error', (error) => this.#fail(error));
    this.#thread.on('exit', () => this.#fail(new Error('the thread that compresses frames has ended')));
  }

  /** One frame of each piece. The bytes are the compressor's from then on. */
  compress(pieces: Pieces): Promise<Pieces> {
    const answer = Promise.withResolvers<Pieces>();
    this.#waiting.push(answer);
    this.#thread.postMessage(pieces, [pieces.bytes.buffer]);
    return answer.promise;
  }

  /** An array for the bytes of pieces to come, of so many bytes at least; what stands in it means nothing. */
  takeSpace(bytes: number): Uint8Array<ArrayBuffer> {
    const spent = this.#spent.pop();
    return spent !== undefined && spent.length >= bytes ? spent : new Uint8Array(bytes);
  }

  /** Ends the thread; what is not compressed yet never will be. */
  async close(): Promise<void> {
    this.#thread.removeAllListeners('exit');
    await this.#thread.terminate();
    this.#fail(new Error('the compressor was closed'));
  }

  #fail(error: unknown): void {
    for (const answer of this.#waiting.splice(0)) answer.reject(error);
  }
}
