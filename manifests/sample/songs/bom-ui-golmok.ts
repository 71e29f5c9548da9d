import { POP_CHORUS, POP_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

/** Ten syllables a line, over two bars. */
const VERSE_RHYTHM = '.5 .5 .5 .5 1 1  .5 .5 1 1 r1';
const CHORUS_RHYTHM = '1 .5 .5 1 1  .5 .5 .5 .5 1.5 r.5';

const CHORUS = ['바람아 불어 천천히 불어', '우리의 노래 멀리 가도록'];

export const bomUiGolmok: Song = {
  trackId: 'ko-bom-ui-golmok',
  title: '봄의 골목',
  artist: '늦은 오후',
  language: 'ko',
  tempo: 100,
  tonic: 55,
  lead: 'voice',
  parts: {
    intro: { chords: 'G | D', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'G | Em | C | D',
      phrases: [
        { degrees: '3 3 2 3 5 3  2 1 6, 1', rhythm: VERSE_RHYTHM },
        { degrees: '1 1 2 4 6 5  4 3 2 2', rhythm: VERSE_RHYTHM },
      ],
      groove: POP_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'C | D | Bm | Em',
      phrases: [
        { degrees: "1' 7 6 5 1'  2' 2' 1' 7 6", rhythm: CHORUS_RHYTHM },
        { degrees: "7 6 5 3 7  1' 7 6 5 6", rhythm: CHORUS_RHYTHM },
      ],
      groove: POP_CHORUS,
      arrangement: 'full',
    },
    bridge: {
      chords: 'Am | D',
      phrases: [{ degrees: '2 3 4 4 6 6  5 4 4 5', rhythm: VERSE_RHYTHM }],
      groove: SILENT,
      arrangement: 'sparse',
    },
    outro: { chords: 'G', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse', lyrics: ['골목 끝에 핀 작은 꽃 하나', '네가 두고 간 봄의 편지야'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'verse', lyrics: ['낡은 자전거 종을 울리며', '너의 집 앞을 지나가던 날'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'bridge', lyrics: ['잊지 말아 줘 그날의 우리'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'outro' },
  ],
  audio: { format: 'mp3', sampleRate: 48_000, channels: 2, kilobits: 48 },
  lyricsFile: { encoding: 'utf-8', newline: '\n', compact: false, offsetMilliseconds: 500 },
  declaresDuration: false,
};
