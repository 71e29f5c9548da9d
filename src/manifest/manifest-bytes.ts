import { type ManifestDigest, manifestDigest } from './manifest-digest.ts';
import { reasonOf, usageError } from '../errors.ts';
import { ReturnsAsLineFeeds } from './line-ends.ts';

/** A manifest as bytes of CSV: decompressed. */
export interface ManifestSource {
  readonly name: string;
  /** Read once, in order; each chunk holds until the next is asked for. */
  readonly chunks: AsyncIterable<Buffer>;
  /** How many bytes will come, where that is known; a guess may be wrong. */
  readonly sizeBytes?: number;
}

/** The manifest's bytes as they come, and their digest. */
export class ManifestBytes {
  readonly #name: string;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #digest: ManifestDigest;
  #returns: ReturnsAsLineFeeds | undefined;

  constructor(source: ManifestSource) {
    this.#name = source.name;
    this.#chunks = source.chunks[Symbol.asyncIterator]();
    this.#digest = manifestDigest(source.sizeBytes);
  }

  /** From here on carriage returns end lines; what is in hand already is given back like that. */
  readReturnsAsLineEnds(inHand: Buffer): Buffer {
    this.#returns = new ReturnsAsLineFeeds();
    return this.#returns.push(inHand);
  }

  /** The next chunk, which holds until the one after it is asked for; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.#chunks.next();
      if (done) return this.#lastLineEnds();
      await this.#digest.update(value);
      return this.#returns === undefined ? value : this.#returns.push(value);
    } catch (error) {
      throw usageError('manifest-unreadable', `${this.#name} can not be read: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  #lastLineEnds(): Buffer | undefined {
    const last = this.#returns?.end();
    this.#returns = undefined;
    return last;
  }

  /** Lets go of the source: no more is read, and there is no digest unless it was asked for. */
  async close(): Promise<void> {
    await Promise.all([this.#chunks.return?.(), this.#digest.close()]);
  }

  /** SHA-256, in hex, of all that was read; asked for once, when that is all. */
  digest(): Promise<string> {
    return this.#digest.digest();
  }
}
