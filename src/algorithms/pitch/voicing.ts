import { type MelodyFeatures, PITCHED_SALIENCE } from './melody-features.ts';
import { otsuParting } from './otsu-parting.ts';
import { quantile, runningMean } from './running-windows.ts';

/** The share of frames with less evidence than a clearest frame. */
const CLEAREST = 0.9;
/**
 * How far below the clearest frames singing ends, dB: from where a band plays all the time, to where a voice stands
 * alone and its softest notes are still heard against silence.
 */
const LEAST_RANGE = 8;
const WIDEST_RANGE = 18;
/** Frames with less evidence than this below the clearest, dB, are all alike to the choice of the range. */
const SILENCE_BELOW = 28;
/** The share of a song's frames that is sung, as charts of songs have it: what to expect where the frames do not part. */
const SUNG_SHARE = 0.42;
/** A stretch of sung frames reaches this at its best frame, dB; instruments that play on stay below it. */
const STRETCH_PEAK = 4;

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
 * stand still. All are judged against the song's own clearest frames, and what is enough by where its frames
 * part into two kinds.
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
  const belowClearest = evidence.map((value, frame) =>
    isPitched(value, frame) ? value - clearest : Number.NEGATIVE_INFINITY,
  );
  const threshold = singingThreshold(belowClearest);
  return withoutFaintStretches(belowClearest.map((value) => value - threshold));
}

/**
 * Where singing ends, dB below the clearest frame. A voice that stands alone parts clearly from its silence, whatever
 * share of the song it takes. A band that plays on blurs the parting: the less clear it is, the more the share that
 * songs are sung for decides.
 */
function singingThreshold(belowClearest: Float32Array): number {
  const parting = otsuParting(belowClearest, -SILENCE_BELOW, SILENCE_BELOW / 2);
  const usual = Math.max(-SILENCE_BELOW, quantile(belowClearest, 1 - SUNG_SHARE));
  const threshold = parting.clarity * parting.threshold + (1 - parting.clarity) * usual;
  return Math.min(-LEAST_RANGE, Math.max(-WIDEST_RANGE, threshold));
}

/**
 * Two thresholds, as edge detectors have (hysteresis, Canny 1986): a stretch of frames from 0 on counts if it
 * reaches {@link STRETCH_PEAK} somewhere. One that does not is lowered by as much.
 */
function withoutFaintStretches(evidence: Float32Array): Float32Array {
  const kept = evidence.slice();
  for (let start = 0; start < evidence.length; ) {
    let end = start;
    let peak = Number.NEGATIVE_INFINITY;
    for (; end < evidence.length && (evidence[end] as number) >= 0; end++) {
      peak = Math.max(peak, evidence[end] as number);
    }
    if (peak < STRETCH_PEAK) {
      for (let frame = start; frame < end; frame++) kept[frame] = (evidence[frame] as number) - STRETCH_PEAK;
    }
    start = end + 1;
  }
  return kept;
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
