import { assertKey } from './keys.ts';
import {
  type ByteRange,
  type ListedObject,
  type ObjectStore,
  ObjectMissing,
  PreconditionFailed,
  type PutOptions,
  type StoredObject,
} from './object-store.ts';
import { readFile } from 'node:fs/promises';

/** An object store in this process's memory, for tests and for `try`. Gone with the process. */
export class MemoryStore implements ObjectStore {
  readonly uri: string;
  readonly #objects = new Map<string, StoredObject>();
  #versions = 0;

  constructor(name = 'store') {
    this.uri = `memory://${name}`;
  }

  async get(key: string, options?: { range?: ByteRange; signal?: AbortSignal }): Promise<StoredObject> {
    options?.signal?.throwIfAborted();
    assertKey(key);
    const stored = this.#objects.get(key);
    if (stored === undefined) throw new ObjectMissing(key);
    const { offset, length } = options?.range ?? { offset: 0, length: stored.bytes.length };
    return { bytes: stored.bytes.slice(offset, offset + length), etag: stored.etag };
  }

  async put(key: string, body: Uint8Array, options?: PutOptions): Promise<{ etag: string }> {
    options?.signal?.throwIfAborted();
    assertKey(key);
    const stored = this.#objects.get(key);
    if (options?.ifNoneMatch !== undefined && stored !== undefined) throw new PreconditionFailed(key);
    if (options?.ifMatch !== undefined && stored?.etag !== options.ifMatch) throw new PreconditionFailed(key);
    this.#versions += 1;
    const etag = `v${this.#versions}`;
    this.#objects.set(key, { bytes: body.slice(), etag });
    return { etag };
  }

  async putFile(key: string, path: string, options?: { signal?: AbortSignal }): Promise<void> {
    options?.signal?.throwIfAborted();
    await this.put(key, await readFile(path), options);
  }

  async *list(
    prefix: string,
    options?: { delimiter?: '/'; startAfter?: string; signal?: AbortSignal },
  ): AsyncGenerator<ListedObject> {
    const matching = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).toSorted();
    let rolledUp: string | undefined;
    for (const key of matching) {
      options?.signal?.throwIfAborted();
      const slash = options?.delimiter === undefined ? -1 : key.indexOf('/', prefix.length);
      const listed = slash < 0 ? key : key.slice(0, slash + 1);
      if (listed === rolledUp || (options?.startAfter !== undefined && listed <= options.startAfter))
        continue;
      if (slash >= 0) rolledUp = listed;
      yield { key: listed, size: slash < 0 ? (this.#objects.get(key)?.bytes.length ?? 0) : 0 };
    }
  }

  async delete(key: string, options?: { signal?: AbortSignal }): Promise<void> {
    options?.signal?.throwIfAborted();
    assertKey(key);
    this.#objects.delete(key);
  }
}
