import { systemFailure } from '../system-failures.ts';
import type { ByteRange, ListedObject, ObjectStore, PutOptions, StoredObject } from './object-store.ts';

/**
 * A store in a folder whose errors name the file system that is full, read-only or broken, or the limit that is
 * reached. Everything else passes as it is.
 */
export class ExplainedStore implements ObjectStore {
  readonly uri: string;
  readonly #store: ObjectStore;
  readonly #folder: string;

  /** @param folder where `store` is */
  constructor(store: ObjectStore, folder: string) {
    this.uri = store.uri;
    this.#store = store;
    this.#folder = folder;
  }

  get(key: string, options?: { range?: ByteRange; signal?: AbortSignal }): Promise<StoredObject> {
    return this.#store.get(key, options).catch((error: unknown) => this.#explain(error));
  }

  put(key: string, body: Uint8Array, options?: PutOptions): Promise<{ etag: string }> {
    return this.#store.put(key, body, options).catch((error: unknown) => this.#explain(error));
  }

  putFile(key: string, path: string, options?: { signal?: AbortSignal }): Promise<void> {
    return this.#store.putFile(key, path, options).catch((error: unknown) => this.#explain(error));
  }

  async *list(
    prefix: string,
    options?: { delimiter?: '/'; startAfter?: string; signal?: AbortSignal },
  ): AsyncGenerator<ListedObject> {
    try {
      yield* this.#store.list(prefix, options);
    } catch (error) {
      this.#explain(error);
    }
  }

  delete(key: string, options?: { signal?: AbortSignal }): Promise<void> {
    return this.#store.delete(key, options).catch((error: unknown) => this.#explain(error));
  }

  #explain(error: unknown): never {
    throw systemFailure(error, { what: 'the store', folder: this.#folder }) ?? error;
  }
}
