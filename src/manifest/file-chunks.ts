import { open } from 'node:fs/promises';

/** Bytes a read: large enough that what a chunk costs beside its bytes does not count. */
const CHUNK_BYTES = 512 * 1024;

/**
 * The bytes of a file in chunks, the next one read while one is used. Each chunk holds until the next is asked
 * for: two buffers serve for all, where a stream makes a new one for every chunk and keeps the garbage
 * collector at work.
 */
export async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  let reading: Promise<{ bytesRead: number; buffer: Buffer }> | undefined;
  try {
    let spare: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    reading = file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES));
    for (;;) {
      const { bytesRead, buffer } = await reading;
      if (bytesRead === 0) return;
      reading = file.read(spare);
      yield buffer.subarray(0, bytesRead);
      spare = buffer;
    }
  } finally {
    // The descriptor must not be closed under a read, nor may what it comes to be left unhandled.
    await reading?.catch(() => {});
    await file.close();
  }
}
