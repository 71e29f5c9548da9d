/** How many bits of codes differ: the distance between fingerprints (Haitsma and Kalker, ISMIR 2002). */

export const BITS_PER_CODE = 32;

/** How many bits of two codes differ. */
export function bitErrors(one: number, other: number): number {
  // Set bits are counted side by side: in pairs, in fours, in bytes, then all together.
  const word = one ^ other;
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * The share of bits that differ between two fingerprints over the codes that both have, first beside first: about 0
 * for one recording, about 0.5 for two. NaN where one of them is empty.
 */
export function bitErrorRate(a: Uint32Array, b: Uint32Array): number {
  const length = Math.min(a.length, b.length);
  let errors = 0;
  for (let index = 0; index < length; index += 1) {
    errors += bitErrors(a[index] as number, b[index] as number);
  }
  return errors / (length * BITS_PER_CODE);
}

/**
 * The bit error rate that is to be expected where the two have nothing to do with each other, from how often each bit
 * is set in either: a half where bits are balanced, less in fingerprints of noise, 0 in those of one steady tone.
 */
export function chanceErrorRate(a: Uint32Array, b: Uint32Array): number {
  const [inA, inB] = [shareOfSetBits(a), shareOfSetBits(b)];
  let sum = 0;
  for (let bit = 0; bit < BITS_PER_CODE; bit += 1) {
    const [p, q] = [inA[bit] as number, inB[bit] as number];
    sum += p * (1 - q) + q * (1 - p);
  }
  return sum / BITS_PER_CODE;
}

/** For each bit, lowest first, in which share of the codes it is set. */
function shareOfSetBits(codes: Uint32Array): Float64Array {
  const counts = new Float64Array(BITS_PER_CODE);
  for (const code of codes) {
    for (let bit = 0; bit < BITS_PER_CODE; bit += 1)
      counts[bit] = (counts[bit] as number) + ((code >>> bit) & 1);
  }
  return counts.map((count) => count / codes.length);
}
