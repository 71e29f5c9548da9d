import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes chunks to a file, which appears whole or not at all, or to stdout, where a reader that leaves
 * early (`| head`) is no error.
 */
export async function writeAll(
  chunks: AsyncIterable<string | Uint8Array>,
  path: string | undefined,
): Promise<void> {
  const source = Readable.from(chunks, { objectMode: true });
  if (path === undefined) {
    try {
      await pipeline(source, process.stdout, { end: false });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    }
    return;
  }
  const temporary = `${path}.part`;
  try {
    await pipeline(source, createWriteStream(temporary));
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
