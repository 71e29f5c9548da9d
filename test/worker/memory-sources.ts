/** Objects in this process's memory behind the port of src/store/source-objects.ts, with the troubles of a network. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { untilAborted } from '../../src/audio/deadline.ts';
import {
  type SourceAddress,
  SourceObjectError,
  type SourceObjects,
  type SourceReadOptions,
  type SourceVersion,
} from '../../src/store/source-objects.ts';

const CHUNK_BYTES = 16 * 1024;

/** What reading an object meets. */
export interface Trouble {
  /** Thrown before anything is read. */
  readonly error?: Error;
  /** Thrown once the first chunk is there. */
  readonly errorInside?: Error;
  /** Before each chunk. */
  readonly delayMilliseconds?: number;
  /** Awaited once the first chunk is there. */
  readonly held?: Promise<void>;
  /** Called once the first chunk is there. */
  readonly onFirstChunk?: () => void;
}

interface StoredSource {
  readonly content: Uint8Array;
  readonly etag: string;
}

export class MemorySources implements SourceObjects {
  /** The URIs that were asked for, in order. */
  readonly requests: string[] = [];
  readonly #objects = new Map<string, StoredSource>();
  readonly #troubles = new Map<string, Trouble>();

  /** Puts an object where its URI says; gives its ETag. */
  put(uri: string, content: Uint8Array | string): string {
    const bytes = Buffer.from(content);
    const etag = createHash('md5').update(bytes).digest('hex');
    this.#objects.set(uri, { content: bytes, etag });
    return etag;
  }

  /** From now on reading the object meets this. */
  trouble(uri: string, trouble: Trouble): void {
    this.#troubles.set(uri, trouble);
  }

  async download(address: SourceAddress, path: string, options: SourceReadOptions): Promise<SourceVersion> {
    const file = await open(path, 'w');
    try {
      const { etag, content } = await this.#read(address, options, (chunk) => file.writeFile(chunk));
      return { etag, bytes: content.length };
    } finally {
      await file.close();
    }
  }

  async read(
    address: SourceAddress,
    options: SourceReadOptions,
  ): Promise<SourceVersion & { readonly content: Uint8Array }> {
    const { etag, content } = await this.#read(address, options, async () => {});
    return { etag, content, bytes: content.length };
  }

  async #read(
    { bucket, key }: SourceAddress,
    { maxBytes, signal }: SourceReadOptions,
    take: (chunk: Uint8Array) => Promise<void>,
  ): Promise<StoredSource> {
    signal.throwIfAborted();
    const uri = `s3://${bucket}/${key}`;
    this.requests.push(uri);
    const { error, errorInside, delayMilliseconds, held, onFirstChunk } = this.#troubles.get(uri) ?? {};
    if (error !== undefined) throw error;
    const stored = this.#objects.get(uri);
    if (stored === undefined) throw new SourceObjectError('missing', `there is no object at ${uri}`);
    const { length } = stored.content;
    if (length > maxBytes) {
      throw new SourceObjectError('too-large', `${uri} has ${length} bytes, over the limit of ${maxBytes}`);
    }
    for (let offset = 0; offset < length; offset += CHUNK_BYTES) {
      if (delayMilliseconds !== undefined) await untilAborted(wait(delayMilliseconds), signal);
      if (this.#objects.get(uri)?.etag !== stored.etag) {
        throw new SourceObjectError('changed', `${uri} is another object now`);
      }
      await take(stored.content.subarray(offset, offset + CHUNK_BYTES));
      if (offset > 0) continue;
      onFirstChunk?.();
      if (held !== undefined) await untilAborted(held, signal);
      if (errorInside !== undefined) throw errorInside;
    }
    return stored;
  }
}
