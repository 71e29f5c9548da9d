import { pitchesAlong } from './contour.ts';
import type { MelodyFeatures } from './melody-features.ts';
import { clearSalience, tracePath } from './melody-path.ts';
import { runningMedian } from './running-windows.ts';
import { singingEvidence } from './voicing.ts';

/** Frames on either side over which the contour is smoothed: 170 ms, about one swing of a vibrato. */
const SMOOTHING_REACH = 8;

/** What was found in each frame, before it is decided which frames are sung. */
export interface Melody {
  /** Fractional MIDI pitch of the most likely melody, sung or not. */
  readonly pitches: Float32Array;
  /** How much speaks for singing, dB: sung from 0 on. */
  readonly evidence: Float32Array;
}

/** Traces the melody through the features of a whole track. */
export function traceMelody(features: MelodyFeatures): Melody {
  const unit = clearSalience(features);
  const path = tracePath(features, unit);
  const pitches = pitchesAlong(features, path);
  return {
    // A median irons out single wrong frames and leaves the edges of notes where they are.
    pitches: runningMedian(pitches, SMOOTHING_REACH),
    evidence: singingEvidence(features, path, pitches, unit),
  };
}
