import { POP_CHORUS, POP_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

/** Seven morae a line, over two bars. */
const VERSE_RHYTHM = '1 .5 .5 1 1 1 1.5 r1.5';
const CHORUS_RHYTHM = '.5 .5 1 1 1 1 2 r1';

const CHORUS = ['消えないように', '両手でつつむ', '夏の終わりの', '小さな星を'];

export const hotaruNoTegami: Song = {
  trackId: 'ja-hotaru-no-tegami',
  title: '蛍の手紙',
  artist: '川べりの三人',
  language: 'ja',
  tempo: 138,
  tonic: 57,
  lead: 'voice',
  parts: {
    intro: { chords: 'A | E', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'A | C#m | D | E',
      phrases: [
        { degrees: '1 1 2 3 5 3 2', rhythm: VERSE_RHYTHM },
        { degrees: '4 4 3 4 6 5 2', rhythm: VERSE_RHYTHM },
      ],
      groove: POP_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'F#m | D | A | E | F#m | D | E | A',
      phrases: [
        { degrees: "6 7 1' 7 6 5 6", rhythm: CHORUS_RHYTHM },
        { degrees: "5 6 1' 3' 2' 1' 7", rhythm: CHORUS_RHYTHM },
        { degrees: "6 7 1' 7 6 5 6", rhythm: CHORUS_RHYTHM },
        { degrees: "7 7 2' 7 6 7 1'", rhythm: CHORUS_RHYTHM },
      ],
      groove: POP_CHORUS,
      arrangement: 'full',
    },
    bridge: { chords: 'Bm | E', phrases: [], groove: TICKING, arrangement: 'sparse' },
    outro: { chords: 'A', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse', lyrics: ['蛍が書いた', '光の手紙'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'verse', lyrics: ['川のほとりで', '君を待ってる'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'bridge' },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'outro' },
  ],
  audio: { format: 'm4a', sampleRate: 44_100, channels: 2, kilobits: 48 },
  lyricsFile: { encoding: 'shift_jis', newline: '\r\n', compact: false },
  declaresDuration: false,
};
