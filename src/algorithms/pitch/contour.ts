import type { MelodyFeatures } from './melody-features.ts';
import { CANDIDATES, pitchOfStep } from './pitch-grid.ts';

/** Frames on either side over which the median is taken: together 170 ms, about one swing of a vibrato. */
const MEDIAN_REACH = 8;

/**
 * The pitch of each frame along a path, as fractional MIDI: the peak of the salience between grid steps,
 * then a running median, which irons out single wrong frames and leaves the edges of notes where they are.
 */
export function contourOf(features: MelodyFeatures, path: Uint8Array): Float32Array {
  const pitches = Float32Array.from(path, (step, frame) =>
    pitchOfStep(peakNear(features.saliences(frame), step)),
  );
  return runningMedian(pitches, MEDIAN_REACH);
}

/** The top of the parabola through a step's salience and its neighbours', at most half a step away. */
function peakNear(saliences: Uint8Array, step: number): number {
  if (step === 0 || step === CANDIDATES - 1) return step;
  const below = saliences[step - 1] as number;
  const above = saliences[step + 1] as number;
  const bend = below - 2 * (saliences[step] as number) + above;
  if (bend >= 0) return step;
  return step + Math.max(-0.5, Math.min(0.5, (below - above) / (2 * bend)));
}

/** The median of each value and up to `reach` values on either side. */
function runningMedian(values: Float32Array, reach: number): Float32Array {
  return values.map((_, index) => {
    const around = values.slice(Math.max(0, index - reach), index + reach + 1).sort();
    return around[around.length >> 1] as number;
  });
}
