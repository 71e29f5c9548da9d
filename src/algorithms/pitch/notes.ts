import type { Melody } from './melody.ts';
import { noteBreaks } from './note-breaks.ts';
import { HOP, SAMPLE_RATE } from './pitch-grid.ts';

/** One sung note. Times in seconds. */
export interface Note {
  readonly start_s: number;
  readonly end_s: number;
  /** Whole MIDI pitch. */
  readonly midi: number;
}

/** Shorter notes are ornaments or mistakes: frames. */
const SHORTEST = 8;
/** Frames by which a note is heard before its evidence has risen far enough. */
const ATTACK = 2;
/** What a change of pitch costs, against a semitone off pitch for one frame. */
const CHANGE_COST = 4;
/** A frame's largest cost for being off pitch, semitones: a glide or a wrong frame is no new note. */
const MOST_OFF = 1.5;

/** A note in frames, `end` not included. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly midi: number;
}

/** The pitch of each frame that is sung, 0 elsewhere. */
export function sungPitches(melody: Melody): Float32Array {
  return melody.pitches.map((pitch, frame) => ((melody.evidence[frame] as number) >= 0 ? pitch : 0));
}

/**
 * The notes of a melody, in order. A note ends where singing stops, where a syllable starts on the same
 * pitch, and where the pitch moves to stay; a vibrato or a glide does not end it.
 */
export function segmentNotes(melody: Melody): Note[] {
  const pitches = sungPitches(melody);
  const breaks = noteBreaks(melody.evidence);
  const segments: Segment[] = [];
  for (let start = 0; start < pitches.length; ) {
    let end = start + 1;
    if (pitches[start] !== 0) {
      while (end < pitches.length && pitches[end] !== 0 && breaks[end] === 0) end++;
      segments.push(...steadyPitches(pitches, start, end));
    }
    start = end;
  }
  const notes = segments.filter((segment) => segment.end - segment.start >= SHORTEST);
  return notes.map(({ start, end, midi }, index) => ({
    start_s: secondsOf(Math.max(0, start - ATTACK)),
    end_s: secondsOf(Math.min(end, (notes[index + 1]?.start ?? Number.POSITIVE_INFINITY) - ATTACK)),
    midi,
  }));
}

/** The cheapest sequence of steady pitches through frames that are all sung (Viterbi). */
function steadyPitches(pitches: Float32Array, start: number, end: number): Segment[] {
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
  const segments: Segment[] = [];
  let note = indexOfSmallest(costs);
  let last = end;
  for (let frame = stretch.length - 1; frame >= 0; frame--) {
    if (frame > 0 && changed[frame * count + note] === 0) continue;
    segments.push({ start: start + frame, end: last, midi: lowest + note });
    last = start + frame;
    note = changedFrom[frame] as number;
  }
  return segments.toReversed();
}

function indexOfSmallest(values: Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) < (values[best] as number)) best = index;
  }
  return best;
}

/** To the millisecond, so that the stored double is the one that is printed. */
function secondsOf(frame: number): number {
  return Math.round((frame * HOP * 1000) / SAMPLE_RATE) / 1000;
}
