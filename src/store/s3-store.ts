import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { awsFailure } from './aws-failure.ts';
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
import {
  isConditionalConflict,
  isMissingObject,
  isPreconditionFailed,
  isRangeNotSatisfiable,
  wasRetried,
} from './s3-answers.ts';
import { bodyOf, pauseBefore, readBody } from './s3-body.ts';
import { sharedS3Client } from './s3-client.ts';
import { uploadFile } from './s3-upload.ts';
import { parseS3StoreUri } from './s3-uri.ts';
import { SeenHistories, WRITES_ENTRY, extendHistory, fateOf, newWriteToken } from './s3-write-tokens.ts';

/** Times that an object is read anew, or a write that met another is sent anew, before it is given up. */
const MOST_REPETITIONS = 20;

/**
 * Opens a store in S3, or in a server that speaks as S3 does: `s3://bucket` or `s3://bucket/prefix`. Nothing is
 * asked of S3 yet.
 * @param client for tests; the product has one client for each process
 * @throws BackfillError `bad-store`
 */
export function openS3Store(uri: string, client: S3Client = sharedS3Client()): ObjectStore {
  return new S3Store(uri, client);
}

/**
 * An object store in a bucket. Compare-and-swap is S3's own (If-Match, If-None-Match); a version's etag is the
 * object's ETag, which S3 derives from the content: a swap from A to B and back to A leaves the etag of A.
 * Failures of the way to S3 reject with a BackfillError (aws-failure.ts).
 */
class S3Store implements ObjectStore {
  readonly uri: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #histories = new SeenHistories();

  constructor(uri: string, client: S3Client) {
    const { bucket, prefix } = parseS3StoreUri(uri);
    this.uri = `s3://${bucket}/${prefix}`.replace(/\/$/, '');
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async get(key: string, options: { range?: ByteRange; signal?: AbortSignal } = {}): Promise<StoredObject> {
    const { range, signal } = options;
    signal?.throwIfAborted();
    assertKey(key);
    if (range?.length === 0) return this.#emptyRange(key, signal);
    for (let failures = 0; ; ) {
      let answer: GetObjectCommandOutput;
      try {
        const Range = range && `bytes=${range.offset}-${range.offset + range.length - 1}`;
        answer = await this.#client.send(
          new GetObjectCommand({ ...this.#target(key), Range }),
          sending(signal),
        );
      } catch (error) {
        if (range !== undefined && isRangeNotSatisfiable(error)) return this.#emptyRange(key, signal);
        throw this.#readFailure(error, key, signal);
      }
      try {
        const bytes = await readBody(bodyOf(answer, signal), answer.ContentLength ?? 0);
        return { bytes, etag: this.#remember(key, answer) };
      } catch (error) {
        // The SDK has done its part once the head is there: a body that breaks off is ours to ask for again.
        failures++;
        if (failures > MOST_REPETITIONS) throw this.#failure(error, 'read', key, 's3:GetObject', signal);
      }
      await pauseBefore(failures, signal);
    }
  }

  async put(key: string, body: Uint8Array, options: PutOptions = {}): Promise<{ etag: string }> {
    const { signal, ifMatch, ifNoneMatch } = options;
    signal?.throwIfAborted();
    assertKey(key);
    if (ifMatch !== undefined || ifNoneMatch !== undefined) return this.#putConditionally(key, body, options);
    try {
      const command = new PutObjectCommand({ ...this.#target(key), Body: body });
      return { etag: etagOf(await this.#client.send(command, sending(signal))) };
    } catch (error) {
      throw this.#failure(error, 'write', key, 's3:PutObject', signal);
    }
  }

  async putFile(key: string, path: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    options.signal?.throwIfAborted();
    assertKey(key);
    try {
      await uploadFile(this.#client, this.#target(key), path, options.signal);
    } catch (error) {
      throw this.#failure(error, 'write', key, 's3:PutObject and s3:AbortMultipartUpload', options.signal);
    }
  }

  async *list(
    prefix: string,
    options: { delimiter?: '/'; startAfter?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<ListedObject> {
    const { delimiter, startAfter, signal } = options;
    let ContinuationToken: string | undefined;
    do {
      signal?.throwIfAborted();
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#prefix + prefix,
        Delimiter: delimiter,
        StartAfter: startAfter === undefined ? undefined : this.#prefix + startAfter,
        ContinuationToken,
      });
      let page: ListObjectsV2CommandOutput;
      try {
        page = await this.#client.send(command, sending(signal));
      } catch (error) {
        throw this.#failure(error, 'list', prefix, 's3:ListBucket', signal);
      }
      for (const entry of entriesOf(page)) {
        const key = entry.key.slice(this.#prefix.length);
        // What a prefix rolls up has keys before and after `startAfter`, and servers differ in what they make of it.
        if (startAfter === undefined || key > startAfter) yield { key, size: entry.size };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async delete(key: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    options.signal?.throwIfAborted();
    assertKey(key);
    try {
      await this.#client.send(new DeleteObjectCommand(this.#target(key)), sending(options.signal));
    } catch (error) {
      if (isMissingObject(error)) return;
      throw this.#failure(error, 'delete', key, 's3:DeleteObject', options.signal);
    }
  }

  /** Decides once who has won, also where answers are lost: see s3-write-tokens.ts. */
  async #putConditionally(key: string, body: Uint8Array, options: PutOptions): Promise<{ etag: string }> {
    const { signal, ifMatch: IfMatch, ifNoneMatch: IfNoneMatch } = options;
    const token = newWriteToken();
    const before = IfMatch === undefined ? undefined : this.#histories.of(key, IfMatch);
    const Metadata = { [WRITES_ENTRY]: extendHistory(token, before) };
    const write = { ...this.#target(key), Body: body, Metadata, IfMatch, IfNoneMatch };
    let inDoubt = false;
    for (let conflicts = 0; ; ) {
      try {
        const answer = await this.#client.send(new PutObjectCommand(write), sending(signal));
        return { etag: this.#remember(key, { ...answer, Metadata }) };
      } catch (error) {
        inDoubt ||= wasRetried(error);
        if (isPreconditionFailed(error) || (IfMatch !== undefined && isMissingObject(error))) {
          const etag = inDoubt ? await this.#ownWrite(key, token, signal) : undefined;
          if (etag !== undefined) return { etag };
          throw new PreconditionFailed(key, { cause: error });
        }
        conflicts++;
        if (!isConditionalConflict(error) || conflicts > MOST_REPETITIONS)
          throw this.#failure(error, 'write', key, 's3:PutObject', signal);
      }
      await pauseBefore(conflicts, signal);
    }
  }

  /** The etag of this process's own write, if it went through; one that no longer matches, if it was overtaken. */
  async #ownWrite(key: string, token: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    try {
      const stored = await this.#head(key, signal);
      const fate = fateOf(token, stored.Metadata?.[WRITES_ENTRY]);
      if (fate === 'stored') return this.#remember(key, stored);
      return fate === 'overtaken' ? `"overtaken-${token}"` : undefined;
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }

  /** What a range gives that holds no byte of the object. */
  async #emptyRange(key: string, signal: AbortSignal | undefined): Promise<StoredObject> {
    return { bytes: new Uint8Array(), etag: this.#remember(key, await this.#head(key, signal)) };
  }

  async #head(key: string, signal: AbortSignal | undefined): Promise<HeadObjectCommandOutput> {
    try {
      return await this.#client.send(new HeadObjectCommand(this.#target(key)), sending(signal));
    } catch (error) {
      throw this.#readFailure(error, key, signal);
    }
  }

  /** Keeps a version's history for the write that may follow it. */
  #remember(
    key: string,
    version: { ETag?: string | undefined; Metadata?: Record<string, string> | undefined },
  ): string {
    const etag = etagOf(version);
    const history = version.Metadata?.[WRITES_ENTRY];
    if (history !== undefined) this.#histories.remember(key, etag, history);
    return etag;
  }

  #target(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  #readFailure(error: unknown, key: string, signal: AbortSignal | undefined): unknown {
    if (isMissingObject(error)) return new ObjectMissing(key, { cause: error });
    return this.#failure(error, 'read', key, 's3:GetObject and s3:ListBucket', signal);
  }

  /** What to reject with: the signal's reason where that was it, else what the error means for the user. */
  #failure(
    error: unknown,
    verb: string,
    key: string,
    actions: string,
    signal: AbortSignal | undefined,
  ): unknown {
    if (signal?.aborted === true) return signal.reason;
    return (
      awsFailure(error, {
        doing: `${verb} s3://${this.#bucket}/${this.#prefix}${key}`,
        needs: `${actions} on the bucket ${this.#bucket}`,
      }) ?? error
    );
  }
}

/** A page's objects and rolled-up prefixes in byte order. Folder markers that other tools make are no objects of a store. */
function entriesOf(page: ListObjectsV2CommandOutput): ListedObject[] {
  const objects = (page.Contents ?? []).flatMap(({ Key: key = '', Size: size = 0 }) =>
    key === '' || key.endsWith('/') ? [] : [{ key, size }],
  );
  const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix: key = '' }) => ({ key, size: 0 }));
  return [...objects, ...prefixes].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function etagOf({ ETag: etag }: { ETag?: string | undefined }): string {
  if (etag === undefined) throw new Error('S3 gave no ETag');
  return etag;
}

function sending(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
