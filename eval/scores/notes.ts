import { countMatches, fMeasure } from './matching.ts';

/** A note of a truth: seconds, MIDI pitch, and what else its source says. */
export type TruthNote = readonly [start: number, end: number, midi: number, ...rest: unknown[]];

/** Seconds by which the start of a note may be off. */
const ONSET_TOLERANCE = 0.1;

/**
 * F measure, 0 to 1, of notes: one is found if one of its pitch class starts within 100 ms of it, each counted
 * once (mir_eval.transcription without offsets, pitches folded into one octave).
 *
 * @param lag seconds by which the truth is shifted
 */
export function noteF1(
  found: readonly { readonly start_s: number; readonly midi: number }[],
  truth: readonly TruthNote[],
  lag: number,
): number {
  let matched = 0;
  for (let pitchClass = 0; pitchClass < 12; pitchClass++) {
    const isOfClass = (midi: number): boolean => (((midi - pitchClass) % 12) + 12) % 12 === 0;
    const foundStarts = found.filter(({ midi }) => isOfClass(midi)).map(({ start_s }) => start_s);
    const trueStarts = truth.filter(([, , midi]) => isOfClass(midi)).map(([start]) => start + lag);
    matched += countMatches(ascending(foundStarts), ascending(trueStarts), ONSET_TOLERANCE);
  }
  return fMeasure({ matched, found: found.length, truth: truth.length });
}

function ascending(times: readonly number[]): number[] {
  return times.toSorted((a, b) => a - b);
}
