import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastBitErrorRate } from '../../eval/scores/bit-errors.ts';
import { countEqualCodes } from '../../eval/scores/equal-codes.ts';

const CODES = fc.uint32Array({ minLength: 20, maxLength: 40 });

test('codes are equal at their own places; what only one has is not', () => {
  expect(countEqualCodes(Uint32Array.of(1, 2, 9), Uint32Array.of(1, 2, 3, 4))).toEqual({
    equal: 2,
    codes: 4,
    share: 0.5,
  });
});

test('bit errors are the share of bits that differ', () => {
  const a = Uint32Array.of(0, 0, 0, 0);
  const b = Uint32Array.of(0, 0xffffffff, 0b1011, 0);
  expect(leastBitErrorRate(a, b, 0)).toBe(35 / 128);
  expect(leastBitErrorRate(a, new Uint32Array(0), 0)).toBeNaN();
});

test('a fingerprint that was cut at its beginning is the same', () => {
  fc.assert(
    fc.property(CODES, fc.integer({ min: 0, max: 8 }), (codes, cut) => {
      expect(leastBitErrorRate(codes, codes.subarray(cut), 8)).toBe(0);
      expect(leastBitErrorRate(codes.subarray(cut), codes, 8)).toBe(0);
    }),
  );
});
