import { type MelodyFeatures, PITCHED_SALIENCE } from './melody-features.ts';
import { quantile, runningMean } from './running-windows.ts';

/** A frame is sung if its evidence comes within so many dB of what the song's clearest frames reach. */
const RANGE = 9.7;
/** The share of frames with less evidence than a clearest frame. */
const CLEAREST = 0.9;

/** Salience is averaged over so many frames on either side before it is held against that of noise. */
const CLARITY_REACH = 15;
/** A track whose clear frames do not reach this (stored units) holds noise alone; songs reach 75 and more. */
const MELODIC_SALIENCE = 52;

/** Level and salience are averaged over so many frames on either side. */
const STEADY_REACH = 2;
/** What a clear frame's salience is worth, dB. */
const SALIENCE_WORTH = 8;

/** Frames on either side over which the pitch's deviation is taken: 110 ms. */
const DEVIATION_REACH = 5;
/** Pitches further off, semitones, belong to another note. */
const SAME_NOTE = 2;
/** Frames on either side over which liveliness is averaged: 310 ms. */
const LIVELINESS_REACH = 15;
/** Deviation, semitones, below which a pitch counts as dead steady. */
const STEADY = 0.02;
/** What a pitch that deviates e times as much is worth, dB. */
const LIVELINESS_WORTH = 2;

/**
 * How much speaks for singing in each frame, dB: sung from 0 on. Three things count: how loud the harmonics
 * of the melody are in the centre of the stereo picture (a production puts the singer in front), how
 * clearly they stand out, and how lively the pitch is: a voice slides and shakes where keys and frets
 * stand still. All are judged against the song's own clearest frames.
 *
 * `unit`: a clear frame's salience.
 */
export function singingEvidence(
  features: MelodyFeatures,
  path: Uint8Array,
  pitches: Float32Array,
  unit: number,
): Float32Array {
  const saliences = Float32Array.from(path, (step, frame) => features.saliences(frame)[step] as number);
  const clarity = runningMean(saliences, CLARITY_REACH);
  const isPitched = (_: number, frame: number): boolean =>
    unit >= MELODIC_SALIENCE && (clarity[frame] as number) >= PITCHED_SALIENCE;
  const presence = Float32Array.from(
    path,
    (step, frame) =>
      features.levelAt(frame, step) + (SALIENCE_WORTH * (saliences[frame] as number)) / Math.max(1, unit),
  );
  const steadyPresence = runningMean(presence, STEADY_REACH);
  const liveliness = runningMean(logDeviation(pitches), LIVELINESS_REACH);
  const evidence = steadyPresence.map(
    (value, frame) => value + LIVELINESS_WORTH * (liveliness[frame] as number),
  );
  const clearest = quantile(evidence.filter(isPitched), CLEAREST);
  return evidence.map((value, frame) =>
    isPitched(value, frame) ? value - clearest + RANGE : Number.NEGATIVE_INFINITY,
  );
}

/** Logarithm of the standard deviation of the pitch around each frame, within its note. */
function logDeviation(pitches: Float32Array): Float32Array {
  return pitches.map((pitch, frame) => {
    let count = 0;
    let sum = 0;
    let squares = 0;
    const last = Math.min(pitches.length - 1, frame + DEVIATION_REACH);
    for (let other = Math.max(0, frame - DEVIATION_REACH); other <= last; other++) {
      const off = (pitches[other] as number) - pitch;
      if (Math.abs(off) >= SAME_NOTE) continue;
      count++;
      sum += off;
      squares += off * off;
    }
    return Math.log(STEADY + Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)));
  });
}
