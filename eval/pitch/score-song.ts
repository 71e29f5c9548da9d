import { pitch } from '../../src/algorithms/pitch/pitch.ts';
import { CpuMeter } from '../harness/cpu-meter.ts';
import type { EvaluationContext } from '../harness/evaluation.ts';
import { work } from '../harness/work.ts';
import { type Contour, type ContourScore, scoreContour, truthFrames } from '../scores/contour.ts';
import { noteF1, type TruthNote } from '../scores/notes.ts';
import { MelodyTap } from './melody-tap.ts';

/** A recording and the melody that is sung in it. */
export interface MelodySong {
  readonly name: string;
  readonly audio: string;
  readonly notes: readonly TruthNote[];
  /** Seconds by which the notes come too early against the audio. */
  readonly lag: number;
}

export interface FoundNote {
  readonly start_s: number;
  readonly end_s: number;
  readonly midi: number;
}

/** A song as it was found and scored. */
export interface ScoredMelody {
  readonly song: MelodySong;
  /** Seconds from one frame to the next. */
  readonly hop: number;
  readonly truth: Float32Array;
  readonly contour: Contour;
  /** What speaks for singing in each frame, dB. */
  readonly evidence: Float32Array;
  readonly notes: readonly FoundNote[];
  readonly score: ContourScore;
  readonly noteF1: number;
  readonly cpuSeconds: number | undefined;
  /** Why there is no melody: it is scored as one that is empty. */
  readonly failures: readonly string[];
}

/** The hop that a song without a melody is scored at. */
const DEFAULT_HOP = 0.01;

/** Finds the melody as the product does, and scores it. */
export async function scoreSong(song: MelodySong, context: EvaluationContext): Promise<ScoredMelody> {
  const meter = new CpuMeter();
  const tap = new MelodyTap();
  const worked = await work(song.audio, [meter.attachTo(pitch), tap.algorithm], context);
  const row = worked.row(pitch);
  const hop = (row?.['hop_s'] as number | undefined) ?? DEFAULT_HOP;
  const hertz = (row?.['f0_hz'] ?? []) as readonly number[];
  const notes = (row?.['notes'] ?? []) as unknown as readonly FoundNote[];
  const guesses = tap.melody?.pitches ?? new Float32Array(hertz.length);
  const contour = {
    pitches: guesses.map((guess, frame) => midiOf(hertz[frame] ?? 0) || guess),
    voiced: Uint8Array.from(hertz, (frequency) => (frequency > 0 ? 1 : 0)),
  };
  const truth = truthFrames(song.notes, { hop, lag: song.lag });
  return {
    song,
    hop,
    truth,
    contour,
    evidence: tap.melody?.evidence ?? new Float32Array(0),
    notes,
    score: scoreContour(truth, contour),
    noteF1: noteF1(notes, song.notes, song.lag),
    cpuSeconds: meter.secondsATrack,
    failures: worked.failures.map((failure) => `${song.name}: ${failure}`),
  };
}

/** MIDI pitch of a frequency in Hz; 0 of 0. */
function midiOf(frequency: number): number {
  return frequency === 0 ? 0 : 69 + 12 * Math.log2(frequency / 440);
}
