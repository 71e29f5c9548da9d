import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALGORITHMS } from '../../src/algorithms/registry.ts';
import { estimateCompute } from '../../src/plan/compute-estimate.ts';
import { trackWeight } from '../../src/plan/weights.ts';

const durations = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 50 });

/** Totals as planning sums them up. */
function totalsOf(seconds: readonly number[], algorithms: typeof ALGORITHMS) {
  return {
    accepted: seconds.length,
    audioSeconds: seconds.reduce((sum, value) => sum + value, 0),
    weightSeconds: seconds.reduce(
      (sum, durationSeconds) => sum + trackWeight({ durationSeconds, algorithms }),
      0,
    ),
  };
}

test('the shares add up to the weight of the plan, whatever is run', () => {
  fc.assert(
    fc.property(durations, fc.subarray([...ALGORITHMS], { minLength: 1 }), (seconds, algorithms) => {
      const totals = totalsOf(seconds, algorithms);
      const shares = estimateCompute(totals, algorithms);
      const sum = shares.reduce((before, { cpuSeconds }) => before + cpuSeconds, 0);
      expect(sum).toBeCloseTo(totals.weightSeconds, 6);
    }),
  );
});

test('each share is what its algorithm takes by itself', () => {
  fc.assert(
    fc.property(durations, fc.subarray([...ALGORITHMS], { minLength: 1 }), (seconds, algorithms) => {
      const shares = estimateCompute(totalsOf(seconds, algorithms), algorithms);
      for (const { name, input, cost } of algorithms) {
        const most = input.kind === 'samples' ? (input.maxSeconds ?? Infinity) : Infinity;
        const own = seconds.reduce(
          (sum, value) => sum + cost.perTrackSeconds + cost.perAudioSecond * Math.min(value, most),
          0,
        );
        expect(shares.find((share) => share.name === name)?.cpuSeconds).toBeCloseTo(own, 6);
      }
    }),
  );
});

test('decoding is one share for all that hear, and none for lyrics', () => {
  const names = (...wanted: string[]): string[] => {
    const algorithms = ALGORITHMS.filter(({ name }) => wanted.includes(name));
    return estimateCompute(totalsOf([240], algorithms), algorithms).map(({ name }) => name);
  };
  expect(names('chorus', 'pitch')).toEqual(['decode', 'chorus', 'pitch']);
  expect(names('romanisation')).toEqual(['romanisation']);
});

test('what reads the file by itself where it is alone is not charged for a decode', () => {
  const algorithms = ALGORITHMS.filter(({ name }) => name === 'fingerprint');
  const shares = estimateCompute(totalsOf([4000], algorithms), algorithms);
  expect(shares.map(({ name, maxSeconds }) => [name, maxSeconds])).toEqual([['fingerprint', 120]]);
});
