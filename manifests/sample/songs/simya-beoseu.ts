import { DANCE_CHORUS, DANCE_VERSE, SILENT, TICKING } from '../grooves.ts';
import type { Song } from '../song.ts';

/** Eight syllables a line, over two bars. */
const VERSE_RHYTHM = '.5 .5 1 .5 .5 1 1 1.5 r1.5';
const CHORUS_RHYTHM = '.5 .5 .5 .5 1 1 1 2 r1';

const CHORUS = [
  'Hello hello 나의 밤아',
  'Goodbye는 아직 난 싫어',
  '종점까지 같이 가자',
  '별이 다 잠들 때까지',
];

/** Korean with English words; the manifest leaves the language open (`und`). */
export const simyaBeoseu: Song = {
  trackId: 'ko-simya-beoseu',
  title: '심야 버스',
  artist: 'Last Stop Club',
  language: 'und',
  tempo: 144,
  tonic: 59,
  lead: 'voice',
  parts: {
    intro: { chords: 'G#m | F#', phrases: [], groove: TICKING, arrangement: 'sparse' },
    verse: {
      chords: 'G#m | E | B | F#',
      phrases: [
        { degrees: '6, 6, 1 2 3 2 1 6,', rhythm: VERSE_RHYTHM },
        { degrees: '1 1 2 3 5 3 2 2', rhythm: VERSE_RHYTHM },
      ],
      groove: DANCE_VERSE,
      arrangement: 'light',
    },
    chorus: {
      chords: 'E | F# | D#m | G#m | E | F# | B | B',
      phrases: [
        { degrees: "6 5 6 5 6 1' 7 5", rhythm: CHORUS_RHYTHM },
        { degrees: '7 7 6 5 3 5 6 6', rhythm: CHORUS_RHYTHM },
        { degrees: "6 5 6 5 6 1' 7 2'", rhythm: CHORUS_RHYTHM },
        { degrees: "3' 2' 1' 7 5 6 7 1'", rhythm: CHORUS_RHYTHM },
      ],
      groove: DANCE_CHORUS,
      arrangement: 'full',
    },
    outro: { chords: 'B', phrases: [], groove: SILENT, arrangement: 'sparse' },
  },
  form: [
    { part: 'intro' },
    { part: 'verse', lyrics: ['심야 버스에 기대어', '불빛을 세어 보았지'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'verse', lyrics: ['라디오에서 흐르는', 'old song 하나가 좋았어'] },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'chorus', lyrics: CHORUS },
    { part: 'outro' },
  ],
  audio: { format: 'opus', sampleRate: 48_000, channels: 2, kilobits: 32 },
  lyricsFile: { encoding: 'utf-8', newline: '\n', compact: false },
  declaresDuration: true,
};
