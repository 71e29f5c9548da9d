/** The thread of a ThreadedDigest: digests chunks in the order in which they come, and answers each. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** The first `length` bytes of an array; none: what is the digest? */
export type DigestRequest = { readonly bytes: Uint8Array<ArrayBuffer>; readonly length: number } | undefined;
/** The array, for other bytes; or the digest, in hex. */
export type DigestAnswer = Uint8Array<ArrayBuffer> | string;

const hash = createHash('sha256');

parentPort?.on('message', (request: DigestRequest) => {
  if (request === undefined) {
    parentPort?.postMessage(hash.digest('hex') satisfies DigestAnswer, []);
  } else {
    hash.update(request.bytes.subarray(0, request.length));
    parentPort?.postMessage(request.bytes satisfies DigestAnswer, [request.bytes.buffer]);
  }
});
