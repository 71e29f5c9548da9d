import type { MelodyFeatures } from './melody-features.ts';

/** A frame is sung if it comes within so many dB of the melody's loud frames. */
const RANGE = 10;
/** Which frames are loud: so large a share is louder still. */
const LOUD_SHARE = 0.1;

/** How far each frame's level along the path lies above where singing starts, dB: sung from 0 on. */
export function singingEvidence(features: MelodyFeatures, path: Uint8Array): Float32Array {
  const levels = Float32Array.from(path, (step, frame) => features.levelAt(frame, step));
  const loud = levels.slice().sort()[Math.floor(levels.length * (1 - LOUD_SHARE))] ?? 0;
  return levels.map((level) => level - loud + RANGE);
}
