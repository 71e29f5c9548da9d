/** From what a user names to a stream of CSV bytes: a file or stdin, plain, gzip or zstd. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, usageError } from '../errors.ts';
import type { ManifestSource } from './manifest-bytes.ts';
import { startsZstd } from './zstd-frames.ts';
import { decompressZstd } from './zstd-stream.ts';

/** Bytes a read: large enough that csv-parse's start-up does not count. */
const CHUNK_BYTES = 256 * 1024;

/** As many as a magic number has. */
const HEAD_BYTES = 4;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

export interface OpenedSource extends ManifestSource {
  /** Absolute folder that the manifest's relative paths start from. */
  readonly base: string;
}

/**
 * Opens a manifest: a path, or `-` for `stdin`. Compression is told by the first bytes, so that it is found
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
  if (path === '-') return { name: 'stdin', base: workingDirectory, ...(await decompressed(stdin, 'stdin')) };
  const absolute = resolve(workingDirectory, path);
  const sizeBytes = await sizeOf(absolute, path);
  const file = createReadStream(absolute, { highWaterMark: CHUNK_BYTES });
  return { name: path, base: dirname(absolute), ...(await decompressed(file, path, sizeBytes)) };
}

async function sizeOf(absolute: string, path: string): Promise<number> {
  try {
    const found = await stat(absolute);
    if (!found.isDirectory()) return found.size;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing ? 'does not exist' : `can not be read: ${messageOf(error)}`;
    throw usageError(isMissing ? 'manifest-missing' : 'manifest-unreadable', `${path} ${problem}`, {
      cause: error,
    });
  }
  throw usageError('manifest-unreadable', `${path} is a folder: name a CSV file`);
}

/** Looks at the first bytes and puts a decompressor behind them where they ask for one. */
async function decompressed(
  source: Readable,
  name: string,
  sizeBytes?: number,
): Promise<Pick<ManifestSource, 'stream' | 'sizeBytes'>> {
  const chunks = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const head = await firstBytes(chunks, name);
  const bytes = continued(head, chunks);
  if (startsZstd(head)) {
    return { stream: Readable.from(decompressZstd(bytes), { objectMode: true }) };
  }
  if (head.subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC)) {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    // An error of either side reaches whoever reads the decompressed bytes.
    pipeline(Readable.from(bytes), gunzip, () => {});
    return { stream: gunzip };
  }
  // A fifo or a device has the size 0.
  return { stream: Readable.from(bytes), ...(sizeBytes ? { sizeBytes } : {}) };
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
    throw usageError('manifest-unreadable', `${name} can not be read: ${messageOf(error)}`, { cause: error });
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
