/**
 * The port to the objects that a manifest names: tracks and lyrics in any bucket, read and never written.
 * (The store's own objects go through object-store.ts.)
 *
 * A read is of one version: it is pinned by the ETag of its first answer, and where the object changes
 * under the read, it is SourceObjectChanged, never a mixture. Broken connections are mended from where
 * they broke. An aborted signal rejects with its reason.
 */
export interface SourceObjects {
  /**
   * Reads an object into a file of this machine, which is made or replaced; with an error it is left as it
   * is. One request where nothing goes wrong; memory does not grow with the object.
   * @throws SourceObjectError
   */
  download(address: SourceAddress, path: string, options: SourceReadOptions): Promise<SourceVersion>;

  /** Reads an object whole: for small ones. @throws SourceObjectError */
  read(
    address: SourceAddress,
    options: SourceReadOptions,
  ): Promise<SourceVersion & { readonly content: Uint8Array }>;
}

export interface SourceAddress {
  readonly bucket: string;
  readonly key: string;
}

export interface SourceReadOptions {
  /** A larger object is not read at all. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Which version of an object was read. */
export interface SourceVersion {
  /** As S3 gives it, without its quotes. */
  readonly etag: string;
  readonly bytes: number;
}

/**
 * Why an object could not be read. `missing`: no such key or bucket. `denied`: this machine's role may not.
 * `too-large`: over `maxBytes`. `changed`: it was replaced while it was read. `archived`: in a storage class
 * that has to be restored first. `unreadable`: reading broke off again and again.
 */
export type SourceProblem = 'missing' | 'denied' | 'too-large' | 'changed' | 'archived' | 'unreadable';

/** An object of the manifest could not be read. The message names it. */
export class SourceObjectError extends Error {
  readonly problem: SourceProblem;

  constructor(problem: SourceProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceObjectError';
    this.problem = problem;
  }
}
