/**
 * A 64-bit hash of an id's bytes, as two 32-bit halves: JavaScript has no fast 64-bit integers.
 *
 * Each half takes the bytes four at a time through the block step of MurmurHash3 (A. Appleby, public domain:
 * multiply, rotate, multiply, xor, rotate, multiply-add), with constants of its own, so that the halves fail
 * independently; at the end each is stirred with the other and goes through the finaliser `fmix32`. Not for
 * adversaries: someone who knows the constants can make ids that collide.
 */

/**
 * Hashes the bytes from `start` to `end` into two words of `into`, the high half at `at`, so that millions of
 * calls allocate nothing.
 */
export function hashId(bytes: Uint8Array, start: number, end: number, into: Uint32Array, at: number): void {
  let high = 0x9747b28c;
  let low = 0x3c6ef372;
  const length = end - start;
  const wholeBlocks = end - (length & 3);
  let position = start;
  for (; position < wholeBlocks; position += 4) {
    const block =
      (bytes[position] as number) |
      ((bytes[position + 1] as number) << 8) |
      ((bytes[position + 2] as number) << 16) |
      ((bytes[position + 3] as number) << 24);
    high = mixedIn(high, block, 0xcc9e2d51, 0x1b873593, 0xe6546b64);
    low = mixedIn(low, block, 0x85ebca6b, 0xc2b2ae35, 0x38b34ae5);
  }
  // The last one to three bytes; the length below tells "a" from "a\0".
  let tail = 0;
  for (let shift = 0; position < end; position += 1, shift += 8) tail |= (bytes[position] as number) << shift;
  if ((length & 3) !== 0) {
    high = mixedIn(high, tail, 0xcc9e2d51, 0x1b873593, 0xe6546b64);
    low = mixedIn(low, tail, 0x85ebca6b, 0xc2b2ae35, 0x38b34ae5);
  }
  high ^= length;
  low ^= length;
  high = (high + low) | 0;
  low = (low + high) | 0;
  high = finalised(high);
  low = finalised(low);
  into[at] = high + low;
  into[at + 1] = low + high + low;
}

function mixedIn(hash: number, block: number, first: number, second: number, added: number): number {
  const scrambled = Math.imul(rotateLeft(Math.imul(block, first), 15), second);
  return (Math.imul(rotateLeft(hash ^ scrambled, 13), 5) + added) | 0;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finalised(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
