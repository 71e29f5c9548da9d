/** Numbers in [0, 1) that a seed repeats: Marsaglia's xorshift128 over four words stirred from the seed. */
export function seededRandom(seed: number): () => number {
  let state = (seed | 0) ^ 0x9e3779b9;
  const word = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state ^ (state >>> 15);
  };
  let [x, y, z, w] = [word(), word(), word(), word() | 1];
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return (w >>> 0) / 2 ** 32;
  };
  // The first numbers still show the seed: two seeds that are neighbours would begin alike.
  for (let drop = 0; drop < 16; drop += 1) next();
  return next;
}
