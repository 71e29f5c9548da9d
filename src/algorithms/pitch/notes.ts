import type { Melody } from './melody.ts';
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
/** What starting a note costs, against a semitone off pitch for one frame. */
const CHANGE_COST = 4;
const MOST_OFF = 1.5;

/** The pitch of each frame that is sung, 0 elsewhere. */
export function sungPitches(melody: Melody): Float32Array {
  return melody.pitches.map((pitch, frame) => ((melody.evidence[frame] as number) >= 0 ? pitch : 0));
}

/** `pitches`: fractional MIDI a frame, 0 where nothing is sung. */
export function segmentNotes(pitches: Float32Array): Note[] {
  const notes: Note[] = [];
  let start = 0;
  while (start < pitches.length) {
    if (pitches[start] === 0) {
      start++;
      continue;
    }
    let end = start + 1;
    while (end < pitches.length && pitches[end] !== 0) end++;
    notes.push(...segmentPhrase(pitches.subarray(start, end), start));
    start = end;
  }
  return notes;
}

/** The cheapest sequence of steady pitches through one unbroken stretch of singing. */
function segmentPhrase(pitches: Float32Array, firstFrame: number): Note[] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const pitch of pitches) {
    lowest = Math.min(lowest, Math.round(pitch));
    highest = Math.max(highest, Math.round(pitch));
  }
  const count = highest - lowest + 1;
  const costs = new Float64Array(count);
  const changed = new Uint8Array(pitches.length * count);
  const cheapest = new Uint8Array(pitches.length);
  for (let frame = 0; frame < pitches.length; frame++) {
    let best = 0;
    for (let note = 1; note < count; note++) {
      if ((costs[note] as number) < (costs[best] as number)) best = note;
    }
    cheapest[frame] = best;
    const change = (costs[best] as number) + CHANGE_COST;
    for (let note = 0; note < count; note++) {
      if (change < (costs[note] as number)) {
        costs[note] = change;
        changed[frame * count + note] = 1;
      }
      const off = Math.abs((pitches[frame] as number) - lowest - note);
      costs[note] = (costs[note] as number) + Math.min(MOST_OFF, off);
    }
  }
  let note = 0;
  for (let other = 1; other < count; other++) {
    if ((costs[other] as number) < (costs[note] as number)) note = other;
  }
  const notes: Note[] = [];
  let end = pitches.length;
  for (let frame = pitches.length - 1; frame >= 0; frame--) {
    const starts = frame === 0 || changed[frame * count + note] === 1;
    if (!starts) continue;
    if (end - frame >= SHORTEST) notes.push(noteOf(firstFrame + frame, firstFrame + end, lowest + note));
    end = frame;
    note = cheapest[frame] as number;
  }
  return notes.reverse();
}

function noteOf(start: number, end: number, midi: number): Note {
  return { start_s: secondsOf(start), end_s: secondsOf(end), midi };
}

/** Frames in hundredths: exact to a printed double. */
function secondsOf(frame: number): number {
  return Math.round((frame * HOP * 1000) / SAMPLE_RATE) / 1000;
}
