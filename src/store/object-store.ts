/**
 * The object-store port: what backfill needs of a folder, of S3, or of memory in a test. Every adapter
 * passes test/contracts/object-store.suite.ts.
 *
 * Keys are `/`-separated relative paths of printable ASCII without `.` or `..` segments. An object is
 * replaced whole; there is no append. Every operation may be retried by the caller; a `put` without a
 * condition is idempotent, and a conditional one decides exactly once who has won. After a write has
 * resolved, every later read and list, from any process, sees it. An aborted signal rejects with its
 * reason, and the write may or may not have happened.
 *
 * An object that is changed by `ifMatch` is created by `ifNoneMatch` and never written without a
 * condition: the two ways of writing one object do not see each other.
 */
export interface ObjectStore {
  /** Where it is, for people and for workers: `file:///abs/path` or `s3://bucket/prefix`; no slash at its end. */
  readonly uri: string;

  /**
   * Reads an object, or `range` of it (past the end: what there is).
   * @throws ObjectMissing
   */
  get(key: string, options?: { range?: ByteRange; signal?: AbortSignal }): Promise<StoredObject>;

  /**
   * Writes an object whole. `ifNoneMatch: '*'`: only where none is. `ifMatch`: only over the version with
   * that etag (compare-and-swap).
   * @throws PreconditionFailed when the condition does not hold; nothing was written then.
   */
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<{ etag: string }>;

  /** Writes an object from a file of this machine, with memory that does not grow with it. */
  putFile(key: string, path: string, options?: { signal?: AbortSignal }): Promise<void>;

  /**
   * Lists keys that start with `prefix`, in byte order. With `delimiter: '/'`, what lies below the next
   * slash is rolled up into one entry that ends with the slash. Memory is bounded by a page, or one folder's names.
   */
  list(
    prefix: string,
    options?: { delimiter?: '/'; startAfter?: string; signal?: AbortSignal },
  ): AsyncIterable<ListedObject>;

  /** Removes an object; one that is not there is removed already. */
  delete(key: string, options?: { signal?: AbortSignal }): Promise<void>;
}

export interface ByteRange {
  /** First byte, from 0. */
  readonly offset: number;
  readonly length: number;
}

export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Names this version; opaque. */
  readonly etag: string;
}

export interface ListedObject {
  readonly key: string;
  /** Bytes; 0 for a rolled-up prefix. */
  readonly size: number;
}

export type PutOptions = { signal?: AbortSignal } & (
  | { ifNoneMatch?: never; ifMatch?: never }
  | { ifNoneMatch: '*'; ifMatch?: never }
  | { ifMatch: string; ifNoneMatch?: never }
);

/** There is no such object. */
export class ObjectMissing extends Error {
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`no object at ${key}`, options);
    this.name = 'ObjectMissing';
    this.key = key;
  }
}

/** A conditional write found another version than the one it named. */
export class PreconditionFailed extends Error {
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`another version of ${key} is stored`, options);
    this.name = 'PreconditionFailed';
    this.key = key;
  }
}
