import type { IncomingHttpHeaders } from 'node:http';
import { type Bucket, type Conditions, type S3Object, etagMatches } from './bucket.ts';
import { S3Refusal } from './refusal.ts';
import { type XmlContent, partsOf, xmlDocument } from './xml.ts';

/** A request to a bucket that exists, with its body received. */
export interface Call {
  readonly bucket: Bucket;
  readonly bucketName: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The bucket's `now` when the request began. */
  readonly since: number;
  /** Lists see nothing that was written after this time, in ms; undefined: all. */
  readonly notAfter?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
}

const MOST_KEYS = 1000;

/** The name that S3's API reference has for a request. */
export function operationOf(method: string, hasKey: boolean, query: URLSearchParams): string {
  const kind = `${method} ${hasKey ? 'object' : 'bucket'}${
    query.has('uploadId') ? ' upload' : query.has('uploads') ? ' uploads' : ''
  }`;
  return NAMES[kind] ?? kind;
}

const NAMES: Readonly<Record<string, string>> = {
  'PUT bucket': 'CreateBucket',
  'HEAD bucket': 'HeadBucket',
  'GET bucket': 'ListObjectsV2',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'POST object uploads': 'CreateMultipartUpload',
  'PUT object upload': 'UploadPart',
  'POST object upload': 'CompleteMultipartUpload',
  'DELETE object upload': 'AbortMultipartUpload',
};

/** How each operation is answered. All are synchronous: what one request does, no other sees half done. */
export const OPERATIONS: Readonly<Record<string, (call: Call) => Answer>> = {
  HeadBucket: () => ({ status: 200 }),

  PutObject: ({ bucket, key, headers, body, since }) => {
    const { etag, crc32 } = bucket.put(key, body, propertiesOf(headers), conditionsOf(headers), since);
    return { status: 200, headers: { etag, 'x-amz-checksum-crc32': crc32 } };
  },

  GetObject: (call) => readObject(call),

  HeadObject: (call) => readObject(call),

  DeleteObject: ({ bucket, key }) => {
    bucket.delete(key);
    return { status: 204 };
  },

  ListObjectsV2: (call) => listObjects(call),

  CreateMultipartUpload: ({ bucket, bucketName, key, headers }) => {
    const UploadId = bucket.createUpload(key, propertiesOf(headers));
    const body = xmlDocument('InitiateMultipartUploadResult', { Bucket: bucketName, Key: key, UploadId });
    return { status: 200, body };
  },

  UploadPart: ({ bucket, key, query, body }) => {
    const { etag, crc32 } = bucket.putPart(
      query.get('uploadId') ?? '',
      key,
      Number(query.get('partNumber')),
      body,
    );
    return { status: 200, headers: { etag, 'x-amz-checksum-crc32': crc32 } };
  },

  CompleteMultipartUpload: ({ bucket, bucketName, key, query, headers, body, since }) => {
    const parts = partsOf(body.toString());
    const { etag } = bucket.completeUpload(
      query.get('uploadId') ?? '',
      key,
      parts,
      conditionsOf(headers),
      since,
    );
    const content = { Location: `/${bucketName}/${key}`, Bucket: bucketName, Key: key, ETag: etag };
    return { status: 200, body: xmlDocument('CompleteMultipartUploadResult', content) };
  },

  AbortMultipartUpload: ({ bucket, key, query }) => {
    bucket.abortUpload(query.get('uploadId') ?? '', key);
    return { status: 204 };
  },
};

function readObject({ bucket, key, headers }: Call): Answer {
  const object = bucket.get(key);
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch, range } = headers;
  if (ifMatch !== undefined && !etagMatches(ifMatch, object.etag))
    throw new S3Refusal(
      412,
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
    );
  if (ifNoneMatch !== undefined && etagMatches(ifNoneMatch, object.etag)) return { status: 304 };
  const common = describe(object, headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined);
  const wanted = range === undefined ? undefined : rangeOf(range, object.bytes.length);
  if (wanted === undefined) return { status: 200, headers: common, body: object.bytes };
  const { first, last } = wanted;
  return {
    status: 206,
    headers: { ...common, 'content-range': `bytes ${first}-${last}/${object.bytes.length}` },
    body: object.bytes.subarray(first, last + 1),
  };
}

/** RFC 9110, section 14.1.2: one range of bytes. What is none is ignored, what begins past the end refused. */
function rangeOf(header: string, size: number): { first: number; last: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  if (first >= size) throw new S3Refusal(416, 'InvalidRange', 'The requested range is not satisfiable');
  return { first, last };
}

function describe(object: S3Object, withChecksum: boolean): Record<string, string | number> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    ...Object.fromEntries(metadata),
    etag: object.etag,
    'content-type': object.contentType,
    'accept-ranges': 'bytes',
    'last-modified': object.modified.toUTCString(),
    ...(withChecksum && {
      'x-amz-checksum-crc32': object.crc32,
      'x-amz-checksum-type': object.crc32.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT',
    }),
  };
}

function listObjects({ bucket, bucketName, query, notAfter = Number.POSITIVE_INFINITY }: Call): Answer {
  if (query.get('list-type') !== '2')
    throw new S3Refusal(501, 'NotImplemented', 'only version 2 is implemented');
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? undefined;
  const maxKeys = Math.min(MOST_KEYS, Number(query.get('max-keys') ?? MOST_KEYS));
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? undefined;
  const after = token === null ? startAfter : Buffer.from(token, 'base64').toString();
  const { keys: all, prefixes, next } = bucket.list({ prefix, delimiter, after, maxKeys });
  const keys = all.filter((key) => bucket.get(key).modified.getTime() <= notAfter);
  const isEncoded = query.get('encoding-type') === 'url';
  const write = (key: string) =>
    isEncoded ? encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/') : key;
  const content: XmlContent = {
    Name: bucketName,
    Prefix: write(prefix),
    Delimiter: delimiter === undefined ? undefined : write(delimiter),
    StartAfter: startAfter === undefined ? undefined : write(startAfter),
    ContinuationToken: token ?? undefined,
    NextContinuationToken: next === undefined ? undefined : Buffer.from(next).toString('base64'),
    EncodingType: isEncoded ? 'url' : undefined,
    KeyCount: keys.length + prefixes.length,
    MaxKeys: maxKeys,
    IsTruncated: next !== undefined,
    Contents: keys.map((key) => {
      const { bytes, etag, modified } = bucket.get(key);
      return {
        Key: write(key),
        LastModified: modified.toISOString(),
        ETag: etag,
        Size: bytes.length,
        StorageClass: 'STANDARD',
      };
    }),
    CommonPrefixes: prefixes.map((rolledUp) => ({ Prefix: write(rolledUp) })),
  };
  return { status: 200, body: xmlDocument('ListBucketResult', content) };
}

function propertiesOf(headers: IncomingHttpHeaders): {
  contentType: string;
  metadata: Record<string, string>;
} {
  const prefix = 'x-amz-meta-';
  const metadata = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), String(value)]] : [],
    ),
  );
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > 2048)
    throw new S3Refusal(
      400,
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size.',
    );
  return { contentType: headers['content-type'] ?? 'binary/octet-stream', metadata };
}

/** What a request asks of the object that it writes. */
export function conditionsOf(headers: IncomingHttpHeaders): Conditions {
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
}
