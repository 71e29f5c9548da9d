/**
 * Measures of melody extraction as MIREX has them (Poliner et al. 2007, "Melody transcription from music audio:
 * approaches and evaluation") and mir_eval computes them (Raffel et al. 2014).
 */
import type { TruthNote } from './notes.ts';

/** Octaves up and down that a chart is shifted by to find the best. */
const MOST_OCTAVES = 4;
/** Seconds after the last note that are still scored. */
const AFTER_LAST_NOTE = 1;

/** A contour, one value a frame. */
export interface Contour {
  /** Fractional MIDI pitch, whether called sung or not; 0 where there is no guess. */
  readonly pitches: Float32Array;
  /** 1 where the frame is called sung. */
  readonly voiced: Uint8Array;
}

/** Shares in per cent; NaN where there is no frame to take a share of. */
export interface ContourScore {
  /** Raw chroma accuracy: sung frames within 50 cents in any octave, called sung or not. */
  readonly rca50: number;
  /** The same within 100 cents. */
  readonly rca100: number;
  /** Raw pitch accuracy: sung frames within 50 cents, octave and all. */
  readonly rpa: number;
  /** The same once the truth is shifted by the whole octaves, {@link octaves}, that suit the song best. */
  readonly rpaShifted: number;
  /** Octaves by which the truth has to go up. */
  readonly octaves: number;
  /** Voicing recall: sung frames called sung. */
  readonly voicingRecall: number;
  /** Voicing false alarms: other frames called sung. */
  readonly voicingFalseAlarms: number;
  /** Sung frames within 50 cents in any octave that are called sung. */
  readonly rca50Voiced: number;
}

/**
 * The truth's MIDI pitch for each frame, 0 where nothing is sung: frame `i` is centred on `i * hop` seconds, and
 * belongs to a note from its start to before its end. There is none after the last note's end + 1 s: what comes
 * then is not scored.
 *
 * @param lag seconds by which notes are shifted against the frames' centres
 */
export function truthFrames(
  notes: readonly TruthNote[],
  { hop, lag }: { readonly hop: number; readonly lag: number },
): Float32Array {
  const lastEnd = notes.reduce((last, [, end]) => Math.max(last, end), 0);
  const truth = new Float32Array(Math.ceil((lastEnd + AFTER_LAST_NOTE) / hop));
  for (const [start, end, midi] of notes) {
    const first = Math.max(0, Math.ceil((start + lag) / hop));
    for (let frame = first; frame < truth.length && frame * hop < end + lag; frame++) truth[frame] = midi;
  }
  return truth;
}

/** Scores a contour. Where it ends before the truth, nothing is found and nothing is called sung. */
export function scoreContour(truth: Float32Array, contour: Contour): ContourScore {
  const counts = { sung: 0, voiced: 0, falseAlarms: 0, within50: 0, within100: 0, voiced50: 0 };
  const byOctave = new Uint32Array(2 * MOST_OCTAVES + 1);
  for (const [frame, midi] of truth.entries()) {
    const voiced = contour.voiced[frame] === 1;
    if (midi === 0) {
      if (voiced) counts.falseAlarms++;
      continue;
    }
    counts.sung++;
    if (voiced) counts.voiced++;
    const pitch = contour.pitches[frame] ?? 0;
    if (pitch <= 0) continue;
    const octaves = Math.round((pitch - midi) / 12);
    const off = Math.abs(pitch - midi - 12 * octaves);
    if (off < 1) counts.within100++;
    if (off >= 0.5) continue;
    counts.within50++;
    if (voiced) counts.voiced50++;
    const bin = octaves + MOST_OCTAVES;
    if (bin >= 0 && bin < byOctave.length) byOctave[bin] = (byOctave[bin] as number) + 1;
  }
  const best = byOctave.reduce((a, b) => Math.max(a, b));
  const ofSung = (count: number): number => (100 * count) / counts.sung;
  return {
    rca50: ofSung(counts.within50),
    rca100: ofSung(counts.within100),
    rpa: ofSung(byOctave[MOST_OCTAVES] as number),
    rpaShifted: ofSung(best),
    octaves: byOctave.indexOf(best) - MOST_OCTAVES,
    voicingRecall: ofSung(counts.voiced),
    voicingFalseAlarms: (100 * counts.falseAlarms) / (truth.length - counts.sung),
    rca50Voiced: ofSung(counts.voiced50),
  };
}
