/** Digests of objects that cannot check themselves, for the record that names them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { storeDamaged } from './damage.ts';
import type { ObjectDigest } from './records.ts';

/** Of bytes in memory. */
export function digestBytes(bytes: Uint8Array): ObjectDigest {
  return { bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Of a file of this machine. Memory does not grow with it. */
export async function digestFile(path: string): Promise<ObjectDigest> {
  return digestChunks(createReadStream(path, { highWaterMark: 1024 * 1024 }));
}

/** Of bytes that come in pieces. */
export async function digestChunks(chunks: AsyncIterable<Uint8Array>): Promise<ObjectDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * Makes sure that an object is the one that a record names.
 * @param expected undefined where the record is one of backfill 0.1.0, which named no digests
 * @throws BackfillError `store-damaged`
 */
export function assertDigest(key: string, found: ObjectDigest, expected: ObjectDigest | undefined): void {
  if (expected === undefined) return;
  if (found.bytes !== expected.bytes) {
    throw storeDamaged(key, `it has ${found.bytes} bytes, and was written with ${expected.bytes}`);
  }
  if (found.sha256 !== expected.sha256) {
    throw storeDamaged(key, 'it does not have the digest that it was written with');
  }
}
