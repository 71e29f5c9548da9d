import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { messageOf, usageError } from '../errors.ts';

/** A manifest as bytes of CSV: decompressed. */
export interface ManifestSource {
  readonly name: string;
  readonly stream: Readable;
  /** How many bytes will come, where that is known; a guess may be wrong. */
  readonly sizeBytes?: number;
}

/** The manifest's bytes as they come, and their digest. */
export class ManifestBytes {
  readonly #name: string;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #hash = createHash('sha256');

  constructor(source: ManifestSource) {
    this.#name = source.name;
    this.#chunks = (source.stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** The next chunk; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.#chunks.next();
      if (done) return undefined;
      this.#hash.update(value);
      return value;
    } catch (error) {
      throw usageError('manifest-unreadable', `${this.#name} can not be read: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
