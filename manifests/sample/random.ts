/** A stream of numbers in [-1, 1) that is the same for the same seed. */
export type Noise = () => number;

/** Xorshift with shifts 13, 17 and 5 (Marsaglia, Xorshift RNGs, 2003), seeded by a text. */
export function noiseFrom(seed: string): Noise {
  let state = 0x811c9dc5; // FNV-1a
  for (const byte of new TextEncoder().encode(seed)) state = Math.imul(state ^ byte, 0x01000193);
  state ||= 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 0x8000_0000;
  };
}
