import type { Phrase } from './song.ts';

/** Semitones of the major scale's degrees above its tonic. */
const MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11];

/** One note of a phrase, in beats from the phrase's start. */
export interface WrittenNote {
  readonly startBeat: number;
  readonly beats: number;
  readonly midi: number;
}

/**
 * Reads a phrase in numbered musical notation (jianpu): `1` to `7` are the degrees of the major scale on
 * `tonic`, `'` and `,` after one raise and lower it an octave, `#` before one a semitone.
 */
export function readPhrase(phrase: Phrase, tonic: number): WrittenNote[] {
  const pitches = words(phrase.degrees).map((degree) => pitchOf(degree, tonic));
  const notes: WrittenNote[] = [];
  let beat = 0;
  for (const value of words(phrase.rhythm)) {
    const isRest = value.startsWith('r');
    const beats = Number(isRest ? value.slice(1) : value);
    if (!(beats > 0)) throw new RangeError(`not a length in beats: ${value}`);
    if (!isRest) {
      const midi = pitches[notes.length];
      if (midi === undefined) throw new RangeError(`more notes than degrees: ${phrase.degrees}`);
      notes.push({ startBeat: beat, beats, midi });
    }
    beat += beats;
  }
  if (notes.length !== pitches.length) throw new RangeError(`more degrees than notes: ${phrase.degrees}`);
  return notes;
}

/** How many beats a phrase lasts, rests counted. */
export function beatsOf(phrase: Phrase): number {
  return words(phrase.rhythm).reduce((sum, value) => sum + Number(value.replace('r', '')), 0);
}

function pitchOf(degree: string, tonic: number): number {
  const match = /^(#?)([1-7])([',]*)$/.exec(degree);
  const semitones = MAJOR_SCALE[Number(match?.[2]) - 1];
  if (match === null || semitones === undefined) throw new RangeError(`not a degree: ${degree}`);
  const octaves = [...(match[3] ?? '')].reduce((sum, mark) => sum + (mark === "'" ? 1 : -1), 0);
  return tonic + semitones + (match[1] === '#' ? 1 : 0) + 12 * octaves;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
