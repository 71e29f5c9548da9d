import { BALLAD_CHORUS, BALLAD_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

/** Lines of seven and five morae, one note each. */
const VERSE_RHYTHM = '.5 .5 .5 .5 .5 .5 1  .5 .5 .5 .5 1 r1';
const CHORUS_RHYTHM = '1 .5 .5 .5 .5 .5 .5  1 .5 .5 .5 1 r.5';

const CHORUS = ['夜明けの駅で 君を呼ぶ', '遠い海まで 届くまで'];

export const yoakeNoEki: Song = {
  trackId: 'ja-yoake-no-eki',
  title: '夜明けの駅',
  artist: '白灯',
  language: 'ja',
  tempo: 92,
  tonic: 60,
  lead: 'voice',
  parts: {
    intro: { chords: 'Am | G', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'Am | F | C | G',
      phrases: [
        { degrees: '6, 1 2 3 3 2 1  2 1 6, 5, 6,', rhythm: VERSE_RHYTHM },
        { degrees: '1 1 2 3 5 3 2  3 2 1 7, 2', rhythm: VERSE_RHYTHM },
      ],
      groove: BALLAD_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'F G | C Am | F G | C',
      phrases: [
        { degrees: "6 5 6 1' 7 6 5  5 3 5 6 3", rhythm: CHORUS_RHYTHM },
        { degrees: "6 5 6 1' 7 6 7  1' 5 3 2 1", rhythm: CHORUS_RHYTHM },
      ],
      groove: BALLAD_CHORUS,
      arrangement: 'full',
    },
    bridge: {
      chords: 'Dm | E',
      phrases: [{ degrees: '2 2 3 4 4 3 2  3 3 4 #5 7', rhythm: VERSE_RHYTHM }],
      groove: SILENT,
      arrangement: 'sparse',
    },
    outro: { chords: 'Am', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse', lyrics: ['始発を待てば 白い息', '手紙ひとつを ポケットに'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'verse', lyrics: ['窓の向こうに 町光る', '知らない歌を 口ずさむ'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'bridge', lyrics: ['泣いてもいいよ また会える'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'outro' },
  ],
  audio: { format: 'mp3', sampleRate: 44_100, channels: 2, kilobits: 56, tagged: true },
  lyricsFile: { encoding: 'utf-8', newline: '\n', compact: true },
  declaresDuration: true,
};
