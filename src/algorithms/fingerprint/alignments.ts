/**
 * How two fingerprints may lie beside each other, found as Chromaprint and AcoustID do it (`fingerprint_matcher.cpp`,
 * `acoustid_compare.c`): every pair of codes whose leading bits agree votes for the offset between them.
 */

/** Leading bits that have to agree: six of a code's sixteen classifiers, as many as Chromaprint asks for. */
const KEY_BITS = 12;
const KEY_SHIFT = 32 - KEY_BITS;
const NONE = -1;

/**
 * The offsets with the most votes, best first: a code of `b` lies beside the code of `a` whose index is greater by the
 * offset.
 * @param limit how many are given at most; among equals those come first that shift less
 */
export function likelyOffsets(a: Uint32Array, b: Uint32Array, limit: number): number[] {
  const votes = countVotes(a, b);
  const last = b.length - 1;
  const shift = (index: number): number => Math.abs(index - last);
  const best: number[] = [];
  for (const [index, count] of votes.entries()) {
    const weakest = best.at(-1);
    if (count === 0) continue;
    if (best.length === limit && weakest !== undefined && !isBefore(index, weakest)) continue;
    let place = best.length;
    while (place > 0 && isBefore(index, best[place - 1] as number)) place -= 1;
    best.splice(place, 0, index);
    if (best.length > limit) best.pop();
  }
  return best.map((index) => index - last);

  function isBefore(one: number, other: number): boolean {
    const more = (votes[one] as number) - (votes[other] as number);
    return more === 0 ? shift(one) < shift(other) : more > 0;
  }
}

/** Votes by offset, of which the least, `1 - b.length`, comes first. */
function countVotes(a: Uint32Array, b: Uint32Array): Uint32Array {
  const votes = new Uint32Array(a.length + b.length);
  // The codes of b by their keys: the first of each, and for each code the next one of its key.
  const first = new Int32Array(1 << KEY_BITS).fill(NONE);
  const next = new Int32Array(b.length);
  for (let index = b.length - 1; index >= 0; index -= 1) {
    const key = (b[index] as number) >>> KEY_SHIFT;
    next[index] = first[key] as number;
    first[key] = index;
  }
  for (let index = 0; index < a.length; index += 1) {
    const key = (a[index] as number) >>> KEY_SHIFT;
    for (let other = first[key] as number; other !== NONE; other = next[other] as number) {
      const offset = index - other + b.length - 1;
      votes[offset] = (votes[offset] as number) + 1;
    }
  }
  return votes;
}
