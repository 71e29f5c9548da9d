/** Measures of melody extraction, after MIREX and mir_eval (Raffel et al. 2014). */

export type TruthNote = readonly [start: number, end: number, midi: number, ...rest: unknown[]];

/** Shares in percent. */
export interface ContourScore {
  /** Sung frames within half a semitone, whatever the octave and whether called sung or not. */
  readonly rca50: number;
  /** The same within a semitone. */
  readonly rca100: number;
  /** Sung frames within half a semitone, octave and all. */
  readonly rpa: number;
  /** The same once the truth is shifted by the whole octaves that suit the song best. */
  readonly rpaShifted: number;
  /** Sung frames called sung. */
  readonly recall: number;
  /** Other frames called sung. */
  readonly falseAlarms: number;
  /** Sung frames of right chroma that are called sung. */
  readonly rca50Voiced: number;
}

const FRAMES_PER_SECOND = 100;

/** The truth's pitch for each frame, 0 where nothing is sung, up to a second after the last note. */
export function truthFrames(notes: readonly TruthNote[], lag: number, frames: number): Float32Array {
  const end = Math.max(0, ...notes.map((note) => note[1])) + 1;
  const truth = new Float32Array(Math.min(frames, Math.ceil(end * FRAMES_PER_SECOND)));
  for (const [start, stop, midi] of notes) {
    const first = Math.max(0, Math.ceil((start + lag) * FRAMES_PER_SECOND));
    for (let frame = first; frame < truth.length && frame / FRAMES_PER_SECOND < stop + lag; frame++) {
      truth[frame] = midi;
    }
  }
  return truth;
}

/** `evidence`: a frame is called sung where it is at least `threshold`. */
export function scoreContour(
  truth: Float32Array,
  pitches: Float32Array,
  evidence: Float32Array,
  threshold: number,
): ContourScore {
  let sung = 0;
  let calledSung = 0;
  let falseAlarms = 0;
  let within50 = 0;
  let within100 = 0;
  let both = 0;
  const exactByOctave = new Map([-24, -12, 0, 12, 24].map((shift) => [shift, 0]));
  for (let frame = 0; frame < truth.length; frame++) {
    const called = (evidence[frame] as number) >= threshold;
    const midi = truth[frame] as number;
    if (midi === 0) {
      if (called) falseAlarms++;
      continue;
    }
    sung++;
    if (called) calledSung++;
    const off = (pitches[frame] as number) - midi;
    const folded = Math.abs(off - 12 * Math.round(off / 12));
    if (folded <= 1) within100++;
    if (folded > 0.5) continue;
    within50++;
    if (called) both++;
    const octave = Math.round(off / 12) * 12;
    exactByOctave.set(octave, (exactByOctave.get(octave) ?? 0) + 1);
  }
  const percent = (count: number): number => (100 * count) / Math.max(1, sung);
  return {
    rca50: percent(within50),
    rca100: percent(within100),
    rpa: percent(exactByOctave.get(0) ?? 0),
    rpaShifted: percent(Math.max(...exactByOctave.values())),
    recall: percent(calledSung),
    falseAlarms: (100 * falseAlarms) / Math.max(1, truth.length - sung),
    rca50Voiced: percent(both),
  };
}

/** In percent: a note is found if one of its pitch class starts within 100 ms of it. */
export function noteF1(
  truth: readonly TruthNote[],
  lag: number,
  found: readonly { readonly start_s: number; readonly midi: number }[],
): number {
  const taken = new Set<number>();
  let hits = 0;
  for (const [start, , midi] of truth) {
    let nearest = -1;
    let distance = 0.1;
    for (const [index, note] of found.entries()) {
      const off = Math.abs(note.start_s - start - lag);
      if (off > distance || taken.has(index) || (note.midi - midi) % 12 !== 0) continue;
      nearest = index;
      distance = off;
    }
    if (nearest < 0) continue;
    taken.add(nearest);
    hits++;
  }
  return (200 * hits) / Math.max(1, truth.length + found.length);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
