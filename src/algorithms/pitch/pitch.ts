import { realFft } from '../../audio/fft.ts';
import type { JsonRow, Row } from '../../results/columns.ts';
import type { SampleAlgorithm } from '../algorithm.ts';
import { CentreFrames } from './centre-frames.ts';
import { traceMelody } from './melody.ts';
import { MelodyFeatures } from './melody-features.ts';
import { type Note, segmentNotes, sungPitches } from './notes.ts';
import { HOP, SAMPLE_RATE, WINDOW } from './pitch-grid.ts';

/**
 * The sung melody of a mixed song: a contour to draw and notes to score a karaoke singer against. See
 * docs/algorithms/pitch.md for the method and its figures.
 */
export const pitch: SampleAlgorithm = {
  name: 'pitch',
  version: '2',
  summary: 'the sung melody of a mixed song: pitch contour every 10 ms, and notes',
  columns: [
    { name: 'hop_s', type: 'double', description: 'seconds from one value of the contour to the next' },
    {
      name: 'f0_cents',
      type: { list: 'int16' },
      description: 'pitch at time index * hop_s: 100 times the MIDI pitch (A4 = 6900); 0 = nothing sung',
    },
    {
      name: 'notes',
      type: {
        list: {
          struct: [
            { name: 'start_s', type: 'double', description: 'seconds from the start of the track' },
            { name: 'end_s', type: 'double', description: 'seconds from the start of the track' },
            { name: 'midi', type: 'int16', description: "MIDI pitch (A4 = 69) in the song's own tuning" },
            {
              name: 'confidence',
              type: 'int16',
              description: 'percent: how likely the note is sung and of this pitch class',
            },
          ],
        },
      },
      description: 'the notes that are sung, in order',
    },
  ],
  input: {
    kind: 'samples',
    format: { encoding: 'f32', sampleRate: SAMPLE_RATE, channels: 2 },
    minSeconds: 0.3,
    needsSound: true,
  },
  cost: { perTrackSeconds: 0.02, perAudioSecond: 0.0071 },
  async open() {
    const features = new MelodyFeatures();
    const frames = new CentreFrames(await realFft(WINDOW), (spectrum) => features.add(spectrum));
    return {
      write: (samples) => frames.write(samples),
      finish(): Row {
        frames.end();
        const melody = traceMelody(features);
        return {
          hop_s: HOP / SAMPLE_RATE,
          f0_cents: Int16Array.from(sungPitches(melody), (value) => Math.round(100 * value)),
          notes: segmentNotes(melody).map((note) => ({ ...note })),
        };
      },
    };
  },
  present(row: Row): JsonRow {
    const notes = row['notes'] as unknown as readonly Note[];
    return {
      hop_s: row['hop_s'] as number,
      f0_hz: Array.from(row['f0_cents'] as Int16Array | readonly number[], hertzOf),
      notes: notes.map((note) => ({
        start_s: rounded(note.start_s, 1000),
        end_s: rounded(note.end_s, 1000),
        midi: note.midi,
        confidence: note.confidence,
      })),
    };
  },
};

/** Hz, to a hundredth; 0 stays 0. */
function hertzOf(cents: number): number {
  return cents === 0 ? 0 : rounded(440 * 2 ** ((cents - 6900) / 1200), 100);
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
