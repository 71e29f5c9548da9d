import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { otsuParting } from '../../../src/algorithms/pitch/otsu-parting.ts';

describe('the parting of values', () => {
  test('lies between two kinds, whatever their shares, and is clear', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 95 }), (low) => {
        const values = Float32Array.from({ length: 100 }, (_, i) => (i < low ? -20 : 5) + Math.sin(i));
        const { threshold, clarity } = otsuParting(values, -30, 10);
        expect(threshold).toBeGreaterThan(-19.1);
        expect(threshold).toBeLessThanOrEqual(4.1);
        expect(clarity).toBeGreaterThan(0.9);
      }),
    );
  });

  test('of values spread evenly is their middle, and leaves a quarter of the variance', () => {
    const values = Float32Array.from({ length: 4096 }, (_, i) => (i / 4096) * 64 - 32);
    const { threshold, clarity } = otsuParting(values, -32, 32);
    expect(threshold).toBeCloseTo(0, 6);
    expect(clarity).toBeCloseTo(0.75, 3);
  });

  test('of values that are all alike is not clear at all', () => {
    expect(otsuParting(new Float32Array(50).fill(3), -10, 10).clarity).toBe(0);
    expect(otsuParting(new Float32Array(50).fill(Number.NEGATIVE_INFINITY), -10, 10).clarity).toBe(0);
    expect(otsuParting(new Float32Array(0), -10, 10).clarity).toBe(0);
  });
});
