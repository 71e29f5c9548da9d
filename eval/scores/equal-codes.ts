export interface EqualCodes {
  readonly equal: number;
  /** Of the longer one: codes that only one has are not equal. */
  readonly codes: number;
  /** 0 to 1; 1 where both are empty. */
  readonly share: number;
}

/** How many codes of two fingerprints are the same at the same place. */
export function countEqualCodes(found: Uint32Array, reference: Uint32Array): EqualCodes {
  const codes = Math.max(found.length, reference.length);
  let equal = 0;
  for (const [index, code] of reference.entries()) if (found[index] === code) equal += 1;
  return { equal, codes, share: codes === 0 ? 1 : equal / codes };
}
