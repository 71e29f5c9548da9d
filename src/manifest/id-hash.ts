/**
 * A 64-bit hash of an id's bytes, as two 32-bit halves: JavaScript has no fast 64-bit integers.
 *
 * Each half takes the bytes four at a time (xor, multiply, xor with itself shifted), with constants of its own, so
 * that the halves fail independently; at the end each is stirred with the other and goes through the finaliser
 * `fmix32` of MurmurHash3 (A. Appleby, public domain). Not for adversaries: someone who knows the constants can make
 * ids that collide.
 */

const HIGH_FACTOR = 0xcc9e2d51;
const LOW_FACTOR = 0x85ebca6b;

/**
 * Hashes the bytes from `start` to `end` into two words of `into`, the high half at `at`, so that millions of
 * calls allocate nothing.
 */
export function hashId(bytes: Uint8Array, start: number, end: number, into: Uint32Array, at: number): void {
  // The length tells "a" from "a\0".
  let high = 0x9747b28c ^ (end - start);
  let low = 0x3c6ef372 ^ (end - start);
  const wholeBlocks = end - 3;
  let position = start;
  for (; position < wholeBlocks; position += 4) {
    const block =
      (bytes[position] as number) |
      ((bytes[position + 1] as number) << 8) |
      ((bytes[position + 2] as number) << 16) |
      ((bytes[position + 3] as number) << 24);
    high = Math.imul(high ^ block, HIGH_FACTOR);
    low = Math.imul(low ^ block, LOW_FACTOR);
    high ^= high >>> 15;
    low ^= low >>> 13;
  }
  let tail = 0;
  for (; position < end; position += 1) tail = (tail << 8) | (bytes[position] as number);
  high = Math.imul(high ^ tail, HIGH_FACTOR);
  low = Math.imul(low ^ tail, LOW_FACTOR);
  high ^= high >>> 15;
  low ^= low >>> 13;
  high = (high + low) | 0;
  low = (low + high) | 0;
  high = finalised(high);
  low = finalised(low);
  into[at] = high + low;
  into[at + 1] = low + high + low;
}

function finalised(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
