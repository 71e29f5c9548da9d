import type { MelodyFeatures } from './melody-features.ts';
import { CANDIDATES, pitchOfStep } from './pitch-grid.ts';

/** The pitch of each frame along a path, as fractional MIDI: the peak of the salience between grid steps. */
export function pitchesAlong(features: MelodyFeatures, path: Uint8Array): Float32Array {
  return Float32Array.from(path, (step, frame) => pitchOfStep(peakNear(features.saliences(frame), step)));
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
