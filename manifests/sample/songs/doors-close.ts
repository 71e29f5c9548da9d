import { POP_CHORUS, SILENT } from '../grooves.ts';
import type { Song } from '../song.ts';

/** A shorter jingle: the other one's hook turned round, without an intro. */
export const doorsClose: Song = {
  trackId: 'inst-doors-close',
  title: 'Doors Close (jingle)',
  artist: 'The Backfill House Band',
  tempo: 126,
  tonic: 65,
  lead: 'flute',
  parts: {
    chorus: {
      chords: 'Bb C | F',
      phrases: [{ degrees: "6 4 5 7 1' 5  3 2 1", rhythm: '.5 .5 .5 .5 1 1  1 .5 1 r1.5' }],
      groove: POP_CHORUS,
      arrangement: 'full',
    },
    outro: {
      chords: 'F',
      phrases: [{ degrees: '5 3 1', rhythm: '.5 .5 2 r1' }],
      groove: SILENT,
      arrangement: 'light',
    },
  },
  form: [{ part: 'chorus' }, { part: 'chorus' }, { part: 'outro' }],
  audio: { format: 'wav', sampleRate: 22_050, channels: 1 },
  declaresDuration: false,
};
