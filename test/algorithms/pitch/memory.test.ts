import { expect, test } from 'vitest';
import { MelodyFeatures } from '../../../src/algorithms/pitch/melody-features.ts';
import { SPECTRUM_BINS } from '../../../src/algorithms/pitch/pitch-grid.ts';

const FRAMES_PER_HOUR = 360_000;

test('an hour of features takes less than 100 MB', () => {
  const frames = 20_480;
  const spectrum = new Float32Array(SPECTRUM_BINS).fill(0.01);
  const features = new MelodyFeatures();
  features.add(spectrum);
  const before = process.memoryUsage().arrayBuffers;
  for (let frame = 1; frame < frames; frame++) features.add(spectrum);
  const bytesPerFrame = (process.memoryUsage().arrayBuffers - before) / frames;
  expect(bytesPerFrame).toBeGreaterThan(0);
  expect(bytesPerFrame * FRAMES_PER_HOUR).toBeLessThan(100e6);
});
