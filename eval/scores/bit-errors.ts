const BITS_PER_CODE = 32;

/**
 * The share of bits, 0 to 1, that differ between two fingerprints over the codes that both have, all of them, where
 * the second lies up to `maxShift` codes earlier or later: that of the best fit, over at least half of the shorter
 * one. About 0 for one recording, about 0.5 for two. NaN where one of them is empty.
 */
export function leastBitErrorRate(a: Uint32Array, b: Uint32Array, maxShift: number): number {
  const needed = Math.max(1, Math.ceil(Math.min(a.length, b.length) / 2));
  let best = Number.NaN;
  for (let shift = -maxShift; shift <= maxShift; shift++) {
    const from = Math.max(0, shift);
    const to = Math.min(a.length, b.length + shift);
    if (to - from < needed) continue;
    let errors = 0;
    for (let index = from; index < to; index++) {
      errors += setBits((a[index] as number) ^ (b[index - shift] as number));
    }
    const rate = errors / ((to - from) * BITS_PER_CODE);
    if (!(rate >= best)) best = rate;
  }
  return best;
}

/** How many of 32 bits are set: each step takes the lowest one away (Kernighan). */
function setBits(word: number): number {
  let count = 0;
  for (let left = word; left !== 0; left &= left - 1) count += 1;
  return count;
}
