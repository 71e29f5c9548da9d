import { POP_CHORUS, POP_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

const VERSE_RHYTHM = '1 .5 .5 1 1  .5 .5 1 1 r1';
const CHORUS_RHYTHM = '.5 .5 1 .5 .5 1  1 1 1.5 r.5';

/** An instrumental: a flute leads where the others sing. */
export const paperLanterns: Song = {
  trackId: 'inst-paper-lanterns',
  title: 'Paper Lanterns',
  artist: 'The Backfill House Band',
  tempo: 116,
  tonic: 60,
  lead: 'flute',
  parts: {
    intro: { chords: 'C', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'C | Am | F | G',
      phrases: [
        { degrees: '3 2 1 3 5  6 5 3 1', rhythm: VERSE_RHYTHM },
        { degrees: '4 3 4 6 4  5 4 2 5', rhythm: VERSE_RHYTHM },
      ],
      groove: POP_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'F | G | Em Am | Dm G',
      phrases: [
        { degrees: "6 1' 2' 1' 6 4'  3' 2' 5", rhythm: CHORUS_RHYTHM },
        { degrees: "6 1' 2' 1' 6 4  2' 7 1'", rhythm: CHORUS_RHYTHM },
      ],
      groove: POP_CHORUS,
      arrangement: 'full',
    },
    outro: { chords: 'C', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse' },
    { part: 'chorus' },
    { part: 'verse' },
    { part: 'chorus' },
    { part: 'chorus' },
    { part: 'outro' },
  ],
  audio: { format: 'ogg', sampleRate: 44_100, channels: 1, kilobits: 48 },
  declaresDuration: true,
};
