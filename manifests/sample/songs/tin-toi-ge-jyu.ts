import { BALLAD_CHORUS, BALLAD_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

/** Nine syllables a line, over two bars. */
const VERSE_RHYTHM = '.5 .5 .5 .5 1 1  .5 .5 2 r1';
const CHORUS_RHYTHM = '1 .5 .5 1 1  .5 .5 1 1.5 r.5';

const CHORUS = ['天台嘅雨落咗一整夜', '我哋嘅夢響心度開花'];

export const tinToiGeJyu: Song = {
  trackId: 'yue-tin-toi-ge-jyu',
  title: '天台嘅雨',
  artist: '阿晴',
  language: 'yue',
  tempo: 84,
  tonic: 65,
  lead: 'voice',
  parts: {
    intro: { chords: 'Dm', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'Dm | Bb | F | C',
      phrases: [
        { degrees: '6, 7, 1 6, 3 2  1 7, 6,', rhythm: VERSE_RHYTHM },
        { degrees: '5, 6, 1 1 3 3  2 1 2', rhythm: VERSE_RHYTHM },
      ],
      groove: BALLAD_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'Bb | C | Am | Dm',
      phrases: [
        { degrees: '4 5 6 6 5  4 3 5 5', rhythm: CHORUS_RHYTHM },
        { degrees: '3 5 6 5 3  2 1 7, 6,', rhythm: CHORUS_RHYTHM },
      ],
      groove: BALLAD_CHORUS,
      arrangement: 'full',
    },
    outro: { chords: 'Dm', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse', lyrics: ['落雨嗰晚我冇帶到遮', '你話唔緊要一齊淋啦'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'verse', lyrics: ['屋企盞燈仲未肯瞓覺', '阿媽煲咗湯等緊我返'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'outro' },
  ],
  audio: { format: 'opus', sampleRate: 48_000, channels: 2, kilobits: 32 },
  lyricsFile: { encoding: 'utf-8', newline: '\n', compact: true },
  declaresDuration: true,
};
