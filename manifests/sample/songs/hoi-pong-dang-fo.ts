import { DANCE_CHORUS, DANCE_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

/** Seven syllables a line, over two bars. */
const VERSE_RHYTHM = '.5 .5 .5 .5 1 1 2 r2';
const CHORUS_RHYTHM = '1 1 .5 .5 1 1 2 r1';

const CHORUS = ['今晚啲燈唔會熄', '陪你行到天光先', '就算聽日要分開', '呢首歌仔仲喺度'];

export const hoiPongDangFo: Song = {
  trackId: 'yue-hoi-pong-dang-fo',
  title: '海旁燈火',
  artist: '渡輪上嘅貓',
  language: 'yue',
  tempo: 132,
  tonic: 62,
  lead: 'voice',
  parts: {
    intro: { chords: 'D | A', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'D | Bm | G | A',
      phrases: [
        { degrees: '3 3 2 1 2 3 1', rhythm: VERSE_RHYTHM },
        { degrees: '1 1 6, 1 2 3 2', rhythm: VERSE_RHYTHM },
      ],
      groove: DANCE_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'G | A | F#m | Bm | G | A | D | D',
      phrases: [
        { degrees: '4 6 6 5 4 5 5', rhythm: CHORUS_RHYTHM },
        { degrees: '3 5 5 3 2 1 6,', rhythm: CHORUS_RHYTHM },
        { degrees: '4 6 6 5 4 5 2', rhythm: CHORUS_RHYTHM },
        { degrees: '3 5 3 2 1 2 1', rhythm: CHORUS_RHYTHM },
      ],
      groove: DANCE_CHORUS,
      arrangement: 'full',
    },
    outro: { chords: 'D', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse', lyrics: ['我哋坐喺海旁邊', '睇住渡輪慢慢去'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'verse', lyrics: ['風吹嚟咗鹹鹹味', '你笑得好似細路'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'outro' },
  ],
  audio: { format: 'ogg', sampleRate: 44_100, channels: 2, kilobits: 56 },
  lyricsFile: { encoding: 'utf-8-bom', newline: '\r\n', compact: false },
  declaresDuration: true,
};
