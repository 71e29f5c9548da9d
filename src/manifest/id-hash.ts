/**
 * A 64-bit hash of an id, as two 32-bit halves: JavaScript has no fast 64-bit integers.
 *
 * Each half takes the UTF-16 code units two at a time through the block step of MurmurHash3 (A. Appleby,
 * public domain: multiply, rotate, multiply, xor, rotate, multiply-add), with constants of its own, so that
 * the halves fail independently; at the end each is stirred with the other and goes through the finaliser
 * `fmix32`. Not for adversaries: someone who knows the constants can make ids that collide.
 */
export interface IdHash {
  /** Unsigned 32 bits. */
  high: number;
  /** Unsigned 32 bits. */
  low: number;
}

/** Hashes `id` into `into`, so that millions of calls allocate nothing. */
export function hashId(id: string, into: IdHash): void {
  let high = 0x9747b28c;
  let low = 0x3c6ef372;
  const length = id.length;
  for (let index = 0; index < length; index += 2) {
    // Past the end charCodeAt is NaN, and NaN << 16 is 0; the length below tells "a" from "a\0".
    const block = id.charCodeAt(index) | (id.charCodeAt(index + 1) << 16);
    high ^= Math.imul(rotateLeft(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
    high = (Math.imul(rotateLeft(high, 13), 5) + 0xe6546b64) | 0;
    low ^= Math.imul(rotateLeft(Math.imul(block, 0x85ebca6b), 16), 0xc2b2ae35);
    low = (Math.imul(rotateLeft(low, 17), 9) + 0x38b34ae5) | 0;
  }
  high ^= length;
  low ^= length;
  high = (high + low) | 0;
  low = (low + high) | 0;
  high = mixed(high);
  low = mixed(low);
  high = (high + low) | 0;
  low = (low + high) | 0;
  into.high = high >>> 0;
  into.low = low >>> 0;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
