import { createHash, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type ListingOptions, type ListingPage, listKeys } from './listing.ts';
import { S3Refusal } from './refusal.ts';

export interface S3Object {
  readonly bytes: Buffer;
  /** With its quotes, as it goes over the wire. */
  readonly etag: string;
  /** Base64; followed by `-N` for an object of N parts. */
  readonly crc32: string;
  readonly contentType: string;
  readonly modified: Date;
  /** Lower-case names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a write may ask for first. */
export interface Conditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

interface MultipartUpload {
  readonly key: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

const MIN_PART_BYTES = 5 * 1024 * 1024;

/** One bucket in memory. Its rules and the pages that they come from are in s3-server.md. */
export class Bucket {
  readonly #objects = new Map<string, S3Object>();
  readonly #uploads = new Map<string, MultipartUpload>();
  readonly #deletions = new Map<string, number>();
  #sortedKeys: string[] | undefined;
  #deletionCount = 0;

  /** Counts deletions: see {@link Bucket.put}. */
  get now(): number {
    return this.#deletionCount;
  }

  get uploads(): number {
    return this.#uploads.size;
  }

  /** @throws S3Refusal 404 NoSuchKey */
  get(key: string): S3Object {
    const object = this.#objects.get(key);
    if (object === undefined) throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
    return object;
  }

  /**
   * @param since `now` when the request began
   * @throws S3Refusal 412 or 404 where a condition does not hold, 409 where the object was deleted while a
   * conditional write was under way
   */
  put(
    key: string,
    bytes: Buffer,
    properties: { readonly contentType: string; readonly metadata: Readonly<Record<string, string>> },
    conditions: Conditions,
    since: number,
  ): S3Object {
    this.check(key, conditions, since);
    return this.#store(key, {
      ...properties,
      bytes,
      etag: `"${md5(bytes).toString('hex')}"`,
      crc32: crc32Of(bytes),
    });
  }

  delete(key: string): void {
    if (!this.#objects.delete(key)) return;
    this.#deletionCount++;
    this.#deletions.set(key, this.#deletionCount);
    this.#sortedKeys = undefined;
  }

  list(options: ListingOptions): ListingPage {
    this.#sortedKeys ??= [...this.#objects.keys()].toSorted((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    return listKeys(this.#sortedKeys, options);
  }

  createUpload(
    key: string,
    properties: { readonly contentType: string; readonly metadata: Readonly<Record<string, string>> },
  ): string {
    const id = randomUUID();
    this.#uploads.set(id, { key, ...properties, parts: new Map() });
    return id;
  }

  /** @returns the part's ETag and checksum */
  putPart(uploadId: string, key: string, number: number, bytes: Buffer): { etag: string; crc32: string } {
    const upload = this.#upload(uploadId, key);
    if (!(Number.isInteger(number) && number >= 1 && number <= 10_000))
      throw new S3Refusal(
        400,
        'InvalidArgument',
        'Part number must be an integer between 1 and 10000, inclusive',
      );
    upload.parts.set(number, bytes);
    return { etag: `"${md5(bytes).toString('hex')}"`, crc32: crc32Of(bytes) };
  }

  abortUpload(uploadId: string, key: string): void {
    this.#upload(uploadId, key);
    this.#uploads.delete(uploadId);
  }

  completeUpload(
    uploadId: string,
    key: string,
    listed: readonly { readonly number: number; readonly etag: string }[],
    conditions: Conditions,
    since: number,
  ): S3Object {
    const { parts, ...properties } = this.#upload(uploadId, key);
    if (listed.length === 0)
      throw new S3Refusal(400, 'MalformedXML', 'The XML you provided was not well-formed.');
    if (listed.some(({ number }, i) => number <= (listed[i - 1]?.number ?? 0)))
      throw new S3Refusal(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
    const chosen = listed.map(({ number, etag }, i) => {
      const bytes = parts.get(number);
      if (bytes === undefined || unquoted(etag) !== md5(bytes).toString('hex'))
        throw new S3Refusal(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
      if (i < listed.length - 1 && bytes.length < MIN_PART_BYTES)
        throw new S3Refusal(
          400,
          'EntityTooSmall',
          'Your proposed upload is smaller than the minimum allowed size',
        );
      return bytes;
    });
    this.check(key, conditions, since);
    this.#uploads.delete(uploadId);
    const checksums = Buffer.concat(chosen.map((bytes) => Buffer.from(crc32Of(bytes), 'base64')));
    return this.#store(key, {
      ...properties,
      bytes: Buffer.concat(chosen),
      etag: `"${md5(Buffer.concat(chosen.map(md5))).toString('hex')}-${chosen.length}"`,
      crc32: `${crc32Of(checksums)}-${chosen.length}`,
    });
  }

  #store(key: string, object: Omit<S3Object, 'modified'>): S3Object {
    if (!this.#objects.has(key)) this.#sortedKeys = undefined;
    const stored = { ...object, modified: new Date() };
    this.#objects.set(key, stored);
    return stored;
  }

  /** @throws S3Refusal as {@link Bucket.put} */
  check(key: string, { ifMatch, ifNoneMatch }: Conditions, since: number): void {
    if (ifMatch === undefined && ifNoneMatch === undefined) return;
    if ((this.#deletions.get(key) ?? 0) > since) {
      throw new S3Refusal(
        409,
        'ConditionalRequestConflict',
        'The conditional request cannot succeed due to a conflict.',
      );
    }
    const stored = this.#objects.get(key);
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
      throw new S3Refusal(
        501,
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
      );
    if (ifMatch !== undefined && stored === undefined)
      throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
    const holds = ifMatch === undefined ? stored === undefined : etagMatches(ifMatch, stored?.etag ?? '');
    if (!holds)
      throw new S3Refusal(
        412,
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
      );
  }

  #upload(uploadId: string, key: string): MultipartUpload {
    const upload = this.#uploads.get(uploadId);
    if (upload?.key !== key)
      throw new S3Refusal(404, 'NoSuchUpload', 'The specified multipart upload does not exist.');
    return upload;
  }
}

/** Whether an If-Match header names the version; S3 takes it with and without quotes. */
export function etagMatches(header: string, etag: string): boolean {
  return header === '*' || unquoted(header) === unquoted(etag);
}

/** CRC32 as S3 writes it: four bytes, most significant first, in base64. */
export function crc32Of(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest();
}

function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}
