import type { Melody } from './melody.ts';
import { noteBreaks } from './note-breaks.ts';
import { HOP, SAMPLE_RATE } from './pitch-grid.ts';
import { type SteadyPitch, steadyPitches } from './steady-pitches.ts';
import { tuningOf } from './tuning.ts';

/** One sung note. Times in seconds. */
export interface Note {
  readonly start_s: number;
  readonly end_s: number;
  /** Whole MIDI pitch, in the song's own tuning. */
  readonly midi: number;
  /** Percent: how likely the note is sung and of this pitch class. */
  readonly confidence: number;
}

/** Shorter notes are ornaments or mistakes: frames. */
const SHORTEST = 7;
/** Frames by which a note is heard before its evidence has risen far enough. */
const ATTACK = 2;
/** A first pitch shorter than this, frames, and no further from the next than this, semitones, is a scoop into it. */
const LONGEST_SCOOP = 12;
const WIDEST_SCOOP = 3;
/** Evidence, dB, at which half of a note's frames are right, and that by which the odds of it grow e times. */
const EVEN_EVIDENCE = 3;
const EVIDENCE_SCALE = 8;

/** The pitch of each frame that is sung, 0 elsewhere. */
export function sungPitches(melody: Melody): Float32Array {
  return melody.pitches.map((pitch, frame) => ((melody.evidence[frame] as number) >= 0 ? pitch : 0));
}

/**
 * The notes of a melody, in order. A note ends where singing stops, where a syllable starts on the same
 * pitch, and where the pitch moves to stay; a vibrato or a glide does not end it, and a scoop from below or
 * above belongs to the note that it leads to. Pitches are counted from the song's own tuning.
 */
export function segmentNotes(melody: Melody): Note[] {
  const sung = sungPitches(melody);
  const tuning = tuningOf(sung);
  const pitches = sung.map((pitch) => (pitch === 0 ? 0 : pitch - tuning));
  const breaks = noteBreaks(melody.evidence);
  const steady: SteadyPitch[] = [];
  for (let start = 0; start < pitches.length; ) {
    let end = start + 1;
    if (pitches[start] !== 0) {
      while (end < pitches.length && pitches[end] !== 0 && breaks[end] === 0) end++;
      steady.push(...withoutScoop(steadyPitches(pitches, start, end)));
    }
    start = end;
  }
  const notes = steady.filter(({ start, end }) => end - start >= SHORTEST);
  return notes.map(({ start, end, midi }, index) => ({
    start_s: secondsOf(Math.max(0, start - ATTACK)),
    end_s: secondsOf(Math.min(end, (notes[index + 1]?.start ?? Number.POSITIVE_INFINITY) - ATTACK)),
    midi,
    confidence: confidenceOf(melody.evidence.subarray(start, end)),
  }));
}

/** The pitches of a stretch that begins with singing, a scoop at its beginning counted to the first note. */
function withoutScoop(steady: readonly SteadyPitch[]): readonly SteadyPitch[] {
  const [first, second, ...rest] = steady;
  if (first === undefined || second === undefined) return steady;
  const isScoop =
    first.end - first.start < Math.min(LONGEST_SCOOP, second.end - second.start) &&
    Math.abs(first.midi - second.midi) <= WIDEST_SCOOP;
  return isScoop ? [{ ...second, start: first.start }, ...rest] : steady;
}

/** How likely a frame of a note is sung at that pitch class, judged by its mean evidence (logistic). */
function confidenceOf(evidence: Float32Array): number {
  const mean = evidence.reduce((sum, value) => sum + value, 0) / evidence.length;
  return Math.round(100 / (1 + Math.exp((EVEN_EVIDENCE - mean) / EVIDENCE_SCALE)));
}

/** To the millisecond, so that the stored double is the one that is printed. */
function secondsOf(frame: number): number {
  return Math.round((frame * HOP * 1000) / SAMPLE_RATE) / 1000;
}
