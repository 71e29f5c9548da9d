const PITCH_CLASSES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const QUALITIES: Readonly<Record<string, readonly number[]>> = { '': [0, 4, 7], m: [0, 3, 7] };

/** A chord as it is sounded. */
export interface Chord {
  /** MIDI number of the bass note, E1 to D#2 (28 to 39). */
  readonly bass: number;
  /** MIDI numbers of the upper voices, close position between G3 and F#4 (55 to 66). */
  readonly voicing: readonly number[];
}

/** Reads a chord's name: a root, `#` or `b`, and `m` for minor. */
export function readChord(name: string): Chord {
  const match = /^([A-G])([#b]?)(m?)$/.exec(name);
  const root = PITCH_CLASSES[match?.[1] ?? ''];
  const quality = QUALITIES[match?.[3] ?? ''];
  if (match === null || root === undefined || quality === undefined) {
    throw new RangeError(`not a chord: ${name}`);
  }
  const pitchClass = root + { '': 0, '#': 1, b: -1 }[match[2] as '' | '#' | 'b'];
  return {
    bass: within(pitchClass, 28),
    voicing: quality.map((interval) => within(pitchClass + interval, 55)).toSorted((a, b) => a - b),
  };
}

/** The lowest MIDI number of `pitchClass` that is not under `floor`. */
function within(pitchClass: number, floor: number): number {
  return floor + ((((pitchClass - floor) % 12) + 12) % 12);
}
