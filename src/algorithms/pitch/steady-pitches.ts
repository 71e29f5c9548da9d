/** What a change of pitch costs, against a semitone off pitch for one frame. */
const CHANGE_COST = 4;
/** A frame's largest cost for being off pitch, semitones: a glide or a wrong frame is no new note. */
const MOST_OFF = 1.5;

/** Frames on one pitch, `end` not included. */
export interface SteadyPitch {
  readonly start: number;
  readonly end: number;
  /** Whole MIDI pitch. */
  readonly midi: number;
}

/**
 * The cheapest sequence of steady whole pitches through the frames from `start` to before `end`, all of which are
 * sung (Viterbi).
 */
export function steadyPitches(pitches: Float32Array, start: number, end: number): SteadyPitch[] {
  const stretch = pitches.subarray(start, end);
  const lowest = Math.round(stretch.reduce((least, pitch) => Math.min(least, pitch)));
  const highest = Math.round(stretch.reduce((most, pitch) => Math.max(most, pitch)));
  const count = highest - lowest + 1;
  const costs = new Float64Array(count);
  const changed = new Uint8Array(stretch.length * count);
  const changedFrom = new Uint8Array(stretch.length);
  for (const [frame, pitch] of stretch.entries()) {
    const cheapest = indexOfSmallest(costs);
    changedFrom[frame] = cheapest;
    const change = (costs[cheapest] as number) + CHANGE_COST;
    for (let note = 0; note < count; note++) {
      if (change < (costs[note] as number)) {
        costs[note] = change;
        changed[frame * count + note] = 1;
      }
      costs[note] = (costs[note] as number) + Math.min(MOST_OFF, Math.abs(pitch - lowest - note));
    }
  }
  const steady: SteadyPitch[] = [];
  let note = indexOfSmallest(costs);
  let last = end;
  for (let frame = stretch.length - 1; frame >= 0; frame--) {
    if (frame > 0 && changed[frame * count + note] === 0) continue;
    steady.push({ start: start + frame, end: last, midi: lowest + note });
    last = start + frame;
    note = changedFrom[frame] as number;
  }
  return steady.toReversed();
}

function indexOfSmallest(values: Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) < (values[best] as number)) best = index;
  }
  return best;
}
