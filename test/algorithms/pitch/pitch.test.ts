import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realFft } from '../../../src/audio/fft.ts';
import { analyse, rowOf, share } from './analyse.ts';
import { chords, drums, noise, SAMPLE_RATE, type SungNote, stereo, voice } from './synthetic-song.ts';
import { numRuns } from '../../property-settings.ts';

const TUNE: readonly SungNote[] = [60, 62, 64, 65, 67, 64, 60, 69, 67, 62].map((midi, index) => ({
  start: 1 + index * 0.5,
  end: 1.4 + index * 0.5,
  midi,
}));
const CHORDS = [
  [48, 55, 64, 67],
  [53, 57, 60, 69],
  [55, 59, 62, 67],
];

function semitones(hertz: number): number {
  return 69 + 12 * Math.log2(hertz / 440);
}

describe('a melody over chords', async () => {
  const seconds = 7;
  const song = stereo(voice(TUNE, seconds), chords(CHORDS, 1, seconds));
  const { hop_s, f0_hz, notes } = await analyse(song);

  test('has a value every 10 ms of the whole track', () => {
    expect(hop_s).toBe(0.01);
    expect(f0_hz).toHaveLength(700);
  });

  test('is drawn at its pitch, in its octave', () => {
    const sung = TUNE.flatMap(({ start, end, midi }) =>
      f0_hz.slice(Math.ceil(start * 100), Math.floor(end * 100)).map((hertz) => ({ hertz, midi })),
    );
    expect(share(sung, ({ hertz, midi }) => Math.abs(semitones(hertz) - midi) <= 0.5)).toBeGreaterThan(0.9);
  });

  test('is not heard where only the chords play', () => {
    const before = f0_hz.slice(0, 90);
    const after = f0_hz.slice(600);
    expect(share([...before, ...after], (hertz) => hertz === 0)).toBeGreaterThan(0.95);
  });

  test('comes as its notes', () => {
    expect(notes.map(({ midi }) => midi)).toEqual(TUNE.map(({ midi }) => midi));
    for (const [index, { start, end }] of TUNE.entries()) {
      expect(Math.abs((notes[index]?.start_s ?? 0) - start)).toBeLessThan(0.1);
      expect(Math.abs((notes[index]?.end_s ?? 0) - end)).toBeLessThan(0.15);
    }
  });
});

describe('one voice', () => {
  test('singing with vibrato sings one note', async () => {
    const { notes } = await analyse(
      stereo(voice([{ start: 0.5, end: 2.5, midi: 64, vibrato: 0.7 }], 3), chords(CHORDS, 1, 3)),
    );
    expect(notes.map(({ midi }) => midi)).toEqual([64]);
    expect(notes[0]?.start_s).toBeCloseTo(0.5, 0);
    expect(notes[0]?.end_s).toBeCloseTo(2.5, 0);
  });

  test('that moves without a pause starts a new note at each pitch', async () => {
    const { notes } = await analyse(
      stereo(
        voice(
          [
            { start: 0.5, end: 1, midi: 60 },
            { start: 1, end: 1.5, midi: 63 },
            { start: 1.5, end: 2, midi: 61 },
          ],
          2.5,
        ),
      ),
    );
    expect(notes.map(({ midi }) => midi)).toEqual([60, 63, 61]);
    expect(notes.map(({ start_s }) => Math.round(start_s * 10) / 10)).toEqual([0.5, 1, 1.5]);
  });

  test('that sings syllables on one pitch starts a new note at each', async () => {
    const syllables = [0, 1, 2, 3].map((index) => ({
      start: 0.5 + index * 0.4,
      end: 0.83 + index * 0.4,
      midi: 62,
    }));
    const { notes } = await analyse(stereo(voice(syllables, 2.5), chords(CHORDS, 1, 2.5)));
    expect(notes.map(({ midi }) => midi)).toEqual([62, 62, 62, 62]);
    for (const [index, { start }] of syllables.entries()) {
      expect(Math.abs((notes[index]?.start_s ?? 0) - start)).toBeLessThan(0.1);
    }
  });

  test.each([45, 57, 69, 81])('is followed at MIDI pitch %i', async (midi) => {
    const { f0_hz } = await analyse(stereo(voice([{ start: 0.2, end: 1.8, midi }], 2)));
    const middle = f0_hz.slice(40, 160);
    expect(share(middle, (hertz) => Math.abs(semitones(hertz) - midi) < 0.15)).toBeGreaterThan(0.98);
  });

  test('is found in time: a note at the first sample starts the first frame', async () => {
    const { f0_hz, notes } = await analyse(stereo(voice([{ start: 0, end: 0.5, midi: 60 }], 1.5)));
    expect(f0_hz[3]).toBeGreaterThan(0);
    expect(notes[0]?.start_s).toBeLessThan(0.05);
    expect(Math.abs((notes[0]?.end_s ?? 0) - 0.5)).toBeLessThan(0.06);
  });

  test.each([2, 16])(
    'alone is heard to its soft notes, whatever the share it sings: %i s of 20',
    async (sung) => {
      const beats = Array.from({ length: sung * 2 }, (_, beat) => beat);
      const notesOf = (parity: number): SungNote[] =>
        beats
          .filter((beat) => beat % 2 === parity)
          .map((beat) => ({ start: 1 + beat / 2, end: 1.45 + beat / 2, midi: 60 + (beat % 5) }));
      const soft = voice(notesOf(1), 20);
      const song = voice(notesOf(0), 20).map((sample, index) => sample + 0.35 * (soft[index] as number));
      const { notes } = await analyse(stereo(song));
      expect(notes.map(({ midi }) => midi)).toEqual(beats.map((beat) => 60 + (beat % 5)));
    },
  );

  test('is the same melody at a tenth of the level', async () => {
    const loud = stereo(voice(TUNE, 7), chords(CHORDS, 1, 7));
    const { notes } = await analyse(loud);
    const quiet = await analyse(loud.map((sample) => sample / 10));
    expect(quiet.notes.map(({ midi }) => midi)).toEqual(notes.map(({ midi }) => midi));
  });
});

describe('the lead', () => {
  test('is followed where it stands outside the centre, with opposite phase in the channels', async () => {
    const wide = stereo(voice(TUNE, 7)).map((sample, index) => (index % 2 === 0 ? sample : -sample));
    expect((await analyse(wide)).notes.map(({ midi }) => midi)).toEqual(TUNE.map(({ midi }) => midi));
  });

  test.each([
    ['low', 45],
    ['high', 76],
  ])('keeps its octave in a mix: a %s voice', async (_, lowest) => {
    const tune = [0, 2, 3, 5, 7, 5, 3, 2].map((above, index) => ({
      start: 0.5 + index * 0.5,
      end: 0.9 + index * 0.5,
      midi: lowest + above,
    }));
    const { notes } = await analyse(stereo(voice(tune, 5), chords(CHORDS, 1, 5)));
    expect(notes.map(({ midi }) => midi)).toEqual(tune.map(({ midi }) => midi));
  });

  test('scooped up to its pitch is one note, from where the scoop begins', async () => {
    const scoop = [
      { start: 0.5, end: 0.58, midi: 62 },
      { start: 0.58, end: 1.4, midi: 64 },
    ];
    const { notes } = await analyse(stereo(voice(scoop, 2)));
    expect(notes.map(({ midi }) => midi)).toEqual([64]);
    expect(Math.abs((notes[0]?.start_s ?? 0) - 0.5)).toBeLessThan(0.06);
  });

  test.each([-0.45, 0.4])('is noted in the song own tuning, %f semitones off A440', async (off) => {
    const tuned = TUNE.map((note) => ({ ...note, midi: note.midi + off }));
    const { notes, f0_hz } = await analyse(stereo(voice(tuned, 7)));
    expect(notes.map(({ midi }) => midi)).toEqual(TUNE.map(({ midi }) => midi));
    expect(semitones(f0_hz[120] ?? 0)).toBeCloseTo(60 + off, 1);
  });

  test('is surer of a clear voice than of a buried one', async () => {
    const faint = voice(TUNE.slice(5), 7).map((sample) => sample / 4);
    const both = voice(TUNE.slice(0, 5), 7).map((sample, index) => sample + (faint[index] as number));
    const { notes } = await analyse(stereo(both, chords(CHORDS, 1, 7)));
    const lowest = Math.min(...notes.slice(0, 5).map(({ confidence }) => confidence));
    expect(lowest).toBeGreaterThan(Math.max(0, ...notes.slice(5).map(({ confidence }) => confidence)));
    expect(lowest).toBeLessThanOrEqual(100);
  });
});

describe('without a melody', () => {
  test('digital silence holds no note', async () => {
    const { f0_hz, notes } = await analyse(new Float32Array(2 * 2 * SAMPLE_RATE));
    expect(f0_hz).toHaveLength(200);
    expect(share(f0_hz, (hertz) => hertz === 0)).toBe(1);
    expect(notes).toEqual([]);
  });

  test('noise holds next to none', async () => {
    const { f0_hz } = await analyse(stereo(noise(5 * SAMPLE_RATE, 0.3)));
    expect(share(f0_hz, (hertz) => hertz === 0)).toBeGreaterThan(0.9);
  });

  test('drums alone hold next to none', async () => {
    const { f0_hz } = await analyse(stereo(drums(6)));
    expect(share(f0_hz, (hertz) => hertz === 0)).toBeGreaterThan(0.9);
  });
});

describe('the row', () => {
  test('does not depend on how samples are cut into chunks', async () => {
    const song = stereo(voice(TUNE.slice(0, 2), 2), chords(CHORDS, 1, 2));
    const expected = await rowOf(song);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 20 }),
        async (chunkFrames) => {
          expect(await rowOf(song, chunkFrames)).toEqual(expected);
        },
      ),
      { numRuns: numRuns(10) },
    );
  });

  test('does not depend on other tracks analysed at the same time', async () => {
    const song = stereo(voice(TUNE.slice(0, 2), 2));
    const other = stereo(voice(TUNE.slice(5), 2), chords(CHORDS, 1, 2));
    const alone = await rowOf(song);
    const [first, , again] = await Promise.all([rowOf(song, [700]), rowOf(other, [300]), rowOf(song, [999])]);
    (await realFft(2048)).input.fill(1);
    expect(first).toEqual(alone);
    expect(again).toEqual(alone);
  });

  test('is made of the shortest track there may be', async () => {
    const { f0_hz, notes } = await analyse(stereo(voice([{ start: 0, end: 0.3, midi: 62 }], 0.3)));
    expect(f0_hz).toHaveLength(30);
    expect(notes.map(({ midi }) => midi)).toEqual([62]);
  });

  test.each([0, 1, 159, 160, 161])('is made of %i sample frames as well', async (frames) => {
    const { f0_hz } = await analyse(new Float32Array(2 * frames).fill(0.1));
    expect(f0_hz).toHaveLength(Math.ceil(frames / 160));
  });
});
