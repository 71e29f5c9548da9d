import { BALLAD_CHORUS, BALLAD_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

/** Eight syllables a line, over two bars. */
const VERSE_RHYTHM = '.5 .5 1 1 1  .5 .5 2 r1';
const CHORUS_RHYTHM = '1 1 .5 .5 1  1 .5 2 r.5';

const CHORUS = ['飞吧飞过那片屋顶', '替我看看明天的你'];

export const zhiFeiji: Song = {
  trackId: 'zh-zhi-feiji',
  title: '纸飞机',
  artist: '南窗',
  language: 'zh',
  tempo: 96,
  tonic: 63,
  lead: 'voice',
  parts: {
    intro: { chords: 'Eb | Bb', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'Eb | Bb | Cm | Gm',
      phrases: [
        { degrees: '5, 1 3 3 2  1 2 2', rhythm: VERSE_RHYTHM },
        { degrees: '6, 1 3 3 1  7, 1 7,', rhythm: VERSE_RHYTHM },
      ],
      groove: BALLAD_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'Ab | Bb | Gm | Cm',
      phrases: [
        { degrees: "6 6 5 6 1'  7 6 5", rhythm: CHORUS_RHYTHM },
        { degrees: '7 7 5 3 5  6 5 6', rhythm: CHORUS_RHYTHM },
      ],
      groove: BALLAD_CHORUS,
      arrangement: 'full',
    },
    bridge: {
      chords: 'Fm | Bb',
      phrases: [{ degrees: '2 2 4 6 4  5 4 5', rhythm: VERSE_RHYTHM }],
      groove: SILENT,
      arrangement: 'sparse',
    },
    outro: { chords: 'Eb', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse', lyrics: ['折一架白色纸飞机', '写满了夏天的秘密'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'verse', lyrics: ['黑板上的字擦掉了', '操场边的树还记得'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'bridge', lyrics: ['如果风也会迷了路'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'outro' },
  ],
  audio: { format: 'ogg', sampleRate: 44_100, channels: 2, kilobits: 56 },
  lyricsFile: { encoding: 'gb18030', newline: '\n', compact: false },
  declaresDuration: true,
};
