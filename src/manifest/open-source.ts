/** From what a user names to a stream of CSV bytes: a file or stdin, plain, gzip or zstd. */
import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type BackfillError, reasonOf, usageError } from '../errors.ts';
import { fileChunks } from './file-chunks.ts';
import { manifestPath } from './manifest-location.ts';
import type { ManifestSource } from './manifest-bytes.ts';
import { startsZstd } from './zstd-frames.ts';
import { decompressZstd } from './zstd-stream.ts';

/** Bytes a read, and of what is decompressed at a time. */
const CHUNK_BYTES = 256 * 1024;

/** As many as a magic number has. */
const HEAD_BYTES = 4;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

export interface OpenedSource extends ManifestSource {
  /** Absolute folder that the manifest's relative paths start from. */
  readonly base: string;
}

/**
 * Opens a manifest: a path or a `file://` URI, or `-` for `stdin`. Compression is told by the first bytes, so that it is found
 * in stdin as well and a wrong extension does no harm; gzip members and zstd frames are read to the last.
 *
 * @param workingDirectory Absolute: where a relative `path` and the rows of stdin start from.
 * @throws BackfillError with fault `usage` where there is no such file
 */
export async function openManifestSource(
  path: string,
  workingDirectory: string,
  stdin: Readable,
): Promise<OpenedSource> {
  if (path === '-')
    return { name: 'stdin', base: workingDirectory, chunks: await decompressed(stdin, 'stdin') };
  const absolute = manifestPath(path, workingDirectory);
  const file = await statFile(absolute, path);
  const source = { name: path, base: dirname(absolute) };
  if (file.isFile() && !isCompressed(await firstBytesOf(absolute, path))) {
    return { ...source, chunks: fileChunks(absolute), sizeBytes: file.size };
  }
  const stream = createReadStream(absolute, { highWaterMark: CHUNK_BYTES });
  return { ...source, chunks: await decompressed(stream, path) };
}

async function statFile(absolute: string, path: string): Promise<Stats> {
  try {
    const found = await stat(absolute);
    if (!found.isDirectory()) return found;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing) throw unreadable(path, error);
    throw usageError('manifest-missing', `${path} does not exist`, { cause: error });
  }
  throw usageError('manifest-unreadable', `${path} is a folder: name a CSV file`);
}

async function firstBytesOf(absolute: string, path: string): Promise<Buffer> {
  try {
    const file = await open(absolute);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isCompressed(head: Buffer): boolean {
  return startsZstd(head) || startsGzip(head);
}

function startsGzip(head: Buffer): boolean {
  return head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC);
}

/** Looks at the first bytes and puts a decompressor behind them where they ask for one. */
async function decompressed(source: Readable, name: string): Promise<AsyncIterable<Buffer>> {
  const chunks = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const head = await firstBytes(chunks, name);
  const bytes = continued(head, chunks);
  if (startsZstd(head)) return decompressZstd(bytes);
  if (!startsGzip(head)) return bytes;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error of either side reaches whoever reads the decompressed bytes.
  pipeline(Readable.from(bytes), gunzip, () => {});
  return gunzip;
}

async function firstBytes(chunks: AsyncIterator<Buffer>, name: string): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  try {
    while (head.length < HEAD_BYTES) {
      const { done, value } = await chunks.next();
      if (done) break;
      head = Buffer.concat([head, value]);
    }
  } catch (error) {
    throw unreadable(name, error);
  }
  return head;
}

async function* continued(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

function unreadable(name: string, cause: unknown): BackfillError {
  return usageError('manifest-unreadable', `${name} can not be read: ${reasonOf(cause)}`, { cause });
}
