import { expect, test } from 'vitest';
import { DECODE_COST, trackWeight, type WeighedAlgorithm } from '../../src/plan/weights.ts';

const format = { encoding: 's16', sampleRate: 11_025, channels: 1 } as const;
const whole: WeighedAlgorithm = {
  input: { kind: 'samples', format, minSeconds: 0, needsSound: false },
  cost: { perTrackSeconds: 1, perAudioSecond: 0.01 },
};
const firstMinute: WeighedAlgorithm = {
  input: { kind: 'samples', format, minSeconds: 0, needsSound: false, maxSeconds: 60 },
  cost: { perTrackSeconds: 0, perAudioSecond: 0.1 },
};
const lyrics: WeighedAlgorithm = {
  input: { kind: 'lyrics' },
  cost: { perTrackSeconds: 0.004, perAudioSecond: 0 },
};

test('one decode is shared, and each algorithm adds its own cost', () => {
  const durationSeconds = 100;
  const decode = DECODE_COST.perTrackSeconds + 100 * DECODE_COST.perAudioSecond;
  expect(trackWeight({ durationSeconds, algorithms: [whole] })).toBeCloseTo(decode + 1 + 1);
  expect(trackWeight({ durationSeconds, algorithms: [whole, whole] })).toBeCloseTo(decode + 2 + 2);
});

test('an algorithm that hears the first minute costs no more for an hour', () => {
  const more = trackWeight({ durationSeconds: 3600, algorithms: [whole, firstMinute] });
  expect(more - trackWeight({ durationSeconds: 3600, algorithms: [whole] })).toBeCloseTo(6);
});

test('lyrics are not decoded', () => {
  expect(trackWeight({ durationSeconds: 3600, algorithms: [lyrics] })).toBeCloseTo(0.004);
});

test('an unknown duration is taken for 240 seconds', () => {
  const algorithms = [whole];
  expect(trackWeight({ durationSeconds: undefined, algorithms })).toBe(
    trackWeight({ durationSeconds: 240, algorithms }),
  );
});

test('no more is decoded than somebody hears', () => {
  const ofAnHour = trackWeight({ durationSeconds: 3600, algorithms: [firstMinute] });
  expect(ofAnHour).toBeCloseTo(trackWeight({ durationSeconds: 60, algorithms: [firstMinute] }));
  const both = trackWeight({ durationSeconds: 3600, algorithms: [firstMinute, whole] });
  expect(both).toBeCloseTo(ofAnHour + 1 + 36 + DECODE_COST.perAudioSecond * (3600 - 60));
});

test('who is alone with a file that it can read by itself needs no decode', () => {
  const reading: WeighedAlgorithm = { ...firstMinute, fromFile: async () => undefined };
  expect(trackWeight({ durationSeconds: 3600, algorithms: [reading] })).toBeCloseTo(6);
  expect(trackWeight({ durationSeconds: 3600, algorithms: [reading, lyrics] })).toBeCloseTo(6.004);
  expect(trackWeight({ durationSeconds: 3600, algorithms: [reading, whole] })).toBeCloseTo(
    trackWeight({ durationSeconds: 3600, algorithms: [firstMinute, whole] }),
  );
});
