/**
 * From what a manifest names to a file of this machine.
 *
 * A name is a path unless it starts with a scheme and `//` (or is a `file:/...` URI, RFC 8089): spaces, '#',
 * '%', '?', quotes and emoji in a path are themselves. Only in a `file://` URI does `%20` stand for a space.
 */
import { resolve } from 'node:path';

/** Where a source is; or why it can not be read from here. */
export type SourceLocation =
  | { readonly kind: 'file' /** Absolute. */; readonly path: string }
  | { readonly kind: 'unsupported' /** Follows the URI in a sentence. */; readonly reason: string };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const FILE_URI = /^file:\//i;
const LOCAL_HOSTS = ['', 'localhost'];

/**
 * Where `uri` is. `..` and absolute paths are allowed: it is the manifest that names them.
 *
 * @param base Folder that relative paths start from: the manifest's; the current one for stdin.
 */
export function resolveSource(uri: string, base: string): SourceLocation {
  if (FILE_URI.test(uri)) return resolveFileUri(uri);
  if (SCHEME.test(uri)) {
    return { kind: 'unsupported', reason: 'has a scheme that is not read: use a path or file://' };
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
