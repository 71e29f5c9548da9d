import { contourOf } from './contour.ts';
import type { MelodyFeatures } from './melody-features.ts';
import { tracePath } from './melody-path.ts';
import { singingEvidence } from './voicing.ts';

/** What was found in each frame, before it is decided which frames are sung. */
export interface Melody {
  /** Fractional MIDI pitch of the most likely melody, sung or not. */
  readonly pitches: Float32Array;
  /** dB above the level where singing starts: sung from 0 on. */
  readonly evidence: Float32Array;
}

/** Traces the melody through the features of a whole track. */
export function traceMelody(features: MelodyFeatures): Melody {
  const path = tracePath(features);
  return { pitches: contourOf(features, path), evidence: singingEvidence(features, path) };
}
