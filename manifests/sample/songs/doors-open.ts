import { DANCE_CHORUS, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

const HOOK_RHYTHM = '.5 .5 .5 .5 1 1  1 1 1 r1';

/** A jingle: one hook, twice. */
export const doorsOpen: Song = {
  trackId: 'inst-doors-open',
  title: 'Doors Open (jingle)',
  artist: 'The Backfill House Band',
  tempo: 128,
  tonic: 65,
  lead: 'flute',
  parts: {
    intro: { chords: 'F', phrases: [], groove: TICKING, arrangement: 'light' },
    chorus: {
      chords: 'Bb | C',
      phrases: [{ degrees: "4 4 6 6 1' 7  6 5 2", rhythm: HOOK_RHYTHM }],
      groove: DANCE_CHORUS,
      arrangement: 'full',
    },
    outro: {
      chords: 'F',
      phrases: [{ degrees: "1' 5 1'", rhythm: '.5 .5 2 r1' }],
      groove: SILENT,
      arrangement: 'light',
    },
  },
  form: [{ part: 'intro' }, { part: 'chorus' }, { part: 'chorus' }, { part: 'outro' }],
  audio: { format: 'flac', sampleRate: 22_050, channels: 1 },
  declaresDuration: true,
};
