/**
 * From what a manifest names to a file of this machine or an object in S3.
 *
 * A name is a path unless it starts with a scheme and `//` (or is a `file:/...` URI, RFC 8089): spaces, '#',
 * '%', '?', quotes and emoji in a path are themselves, and in the key of `s3://bucket/key` as well. Only in a
 * `file://` URI does `%20` stand for a space.
 */
import { resolve } from 'node:path';

/** Where a source is; or why it can not be read from here. */
export type SourceLocation =
  | { readonly kind: 'file' /** Absolute. */; readonly path: string }
  | {
      readonly kind: 's3';
      readonly bucket: string /** As S3 has it: nothing is decoded. */;
      readonly key: string;
    }
  | { readonly kind: 'unsupported' /** Follows the URI in a sentence. */; readonly reason: string };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const FILE_URI = /^file:\//i;
const LOCAL_HOSTS = ['', 'localhost'];
const S3_SCHEME = 's3://';
// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; reserved endings are let through, since an
// access point's alias (`...-s3alias`) is read like a bucket.
const BUCKET_NAME = /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html: bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/**
 * Where `uri` is. `..` and absolute paths are allowed: it is the manifest that names them.
 *
 * @param base Folder that relative paths start from: the manifest's; the current one for stdin.
 */
export function resolveSource(uri: string, base: string): SourceLocation {
  if (hasS3Scheme(uri)) return resolveS3Uri(uri);
  if (FILE_URI.test(uri)) return resolveFileUri(uri);
  if (SCHEME.test(uri)) {
    return { kind: 'unsupported', reason: 'has a scheme that is not read: use a path, file:// or s3://' };
  }
  if (uri.includes('\0')) return { kind: 'unsupported', reason: 'holds a NUL character' };
  return { kind: 'file', path: resolve(base, uri) };
}

/** Why `uri` can not be read wherever the manifest lies; undefined where it can. */
export function uriProblem(uri: string): string | undefined {
  // Most names are plain paths: two cheap looks spare them the regular expressions.
  if (!uri.includes(':') && !uri.includes('\0')) return undefined;
  const location = resolveSource(uri, '/');
  return location.kind === 'unsupported' ? location.reason : undefined;
}

/** Whether `uri` is a URI of any kind, and no path. */
export function hasScheme(uri: string): boolean {
  return SCHEME.test(uri) || FILE_URI.test(uri);
}

/** Whether `uri` names an object in S3, however well. */
export function hasS3Scheme(uri: string): boolean {
  return uri.slice(0, S3_SCHEME.length).toLowerCase() === S3_SCHEME;
}

function resolveS3Uri(uri: string): SourceLocation {
  const [bucket, path] = splitHost(uri.slice(S3_SCHEME.length));
  const key = path.slice(1);
  if (!BUCKET_NAME.test(bucket)) {
    return { kind: 'unsupported', reason: `names the bucket '${bucket}', which is no name of an S3 bucket` };
  }
  if (key === '') return { kind: 'unsupported', reason: 'names a bucket, and no key in it' };
  // A code unit is at most three bytes: short keys need no counting.
  if (key.length * 3 > MAX_KEY_BYTES && Buffer.byteLength(key) > MAX_KEY_BYTES) {
    const reason = `has a key of ${Buffer.byteLength(key)} bytes: S3 has none over ${MAX_KEY_BYTES}`;
    return { kind: 'unsupported', reason };
  }
  if (key.includes('\0')) return { kind: 'unsupported', reason: 'holds a NUL character' };
  return { kind: 's3', bucket, key };
}

function resolveFileUri(uri: string): SourceLocation {
  const afterScheme = uri.slice('file:'.length);
  const [host, path] = afterScheme.startsWith('//') ? splitHost(afterScheme.slice(2)) : ['', afterScheme];
  if (!LOCAL_HOSTS.includes(host.toLowerCase())) {
    return { kind: 'unsupported', reason: `names the host '${host}': only files of this machine are read` };
  }
  const decoded = percentDecoded(path);
  if (decoded === undefined) return { kind: 'unsupported', reason: 'is not percent-encoded UTF-8' };
  if (decoded.includes('\0')) return { kind: 'unsupported', reason: 'holds a NUL character' };
  return { kind: 'file', path: resolve('/', decoded) };
}

function splitHost(rest: string): [host: string, path: string] {
  const slash = rest.indexOf('/');
  return slash < 0 ? [rest, '/'] : [rest.slice(0, slash), rest.slice(slash)];
}

function percentDecoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
