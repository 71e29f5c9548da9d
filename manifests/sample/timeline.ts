import { type Chord, readChord } from './chord-names.ts';
import { beatsOf, readPhrase } from './numbered-notation.ts';
import type { Groove, Label, Part, Song } from './song.ts';

/** Beats of a bar. */
const BAR = 4;
/** Silence is left between notes for the next consonant: a share of the note, this much at most. */
const LONGEST_GAP_SECONDS = 0.06;
/** What rings on after the last bar. */
const TAIL_SECONDS = 1;

export interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

export interface Section extends Span {
  readonly label: Label;
  readonly arrangement: Part['arrangement'];
}

export interface MelodyNote extends Span {
  readonly midi: number;
  /** Whether a breath was taken before it: the first note of a phrase. */
  readonly opensPhrase: boolean;
}

export interface ChordSpan extends Span {
  readonly chord: Chord;
  readonly arrangement: Part['arrangement'];
}

export interface Hit {
  readonly seconds: number;
  readonly drum: 'kick' | 'snare' | 'hat' | 'crash';
}

/** A line of words at the start of its first note. */
export interface SungLine {
  readonly seconds: number;
  readonly text: string;
}

/** Everything that sounds in a song, in seconds from its start. */
export interface Timeline {
  /** The whole file, its tail included. */
  readonly durationSeconds: number;
  readonly secondsPerBeat: number;
  readonly sections: readonly Section[];
  readonly melody: readonly MelodyNote[];
  readonly chords: readonly ChordSpan[];
  readonly hits: readonly Hit[];
  readonly lines: readonly SungLine[];
}

/** Lays a song's tables out in time. Throws a RangeError where they do not fit together. */
export function layOut(song: Song): Timeline {
  const secondsPerBeat = 60 / song.tempo;
  const sections: Section[] = [];
  const melody: MelodyNote[] = [];
  const chords: ChordSpan[] = [];
  const hits: Hit[] = [];
  const lines: SungLine[] = [];
  let start = 0;

  for (const { part: label, lyrics } of song.form) {
    const part = song.parts[label];
    if (part === undefined) throw new RangeError(`${song.trackId} has no part ${label}`);
    const bars = part.chords.split('|').map((bar) => bar.trim().split(/\s+/));
    const end = start + bars.length * BAR * secondsPerBeat;
    if (lyrics !== undefined && lyrics.length !== part.phrases.length) {
      throw new RangeError(
        `${song.trackId}: ${label} has ${part.phrases.length} phrases, not ${lyrics.length}`,
      );
    }
    sections.push({ label, arrangement: part.arrangement, startSeconds: start, endSeconds: end });
    chords.push(...chordSpans(bars, part.arrangement, start, secondsPerBeat));
    hits.push(...drumHits(part.groove, bars.length, start, secondsPerBeat));
    if (label === 'chorus') hits.push({ seconds: start, drum: 'crash' });

    let phraseStart = start;
    for (const [index, phrase] of part.phrases.entries()) {
      const notes = phraseNotes(readPhrase(phrase, song.tonic), phraseStart, secondsPerBeat);
      melody.push(...notes);
      const text = lyrics?.[index];
      const first = notes[0];
      if (text !== undefined && first !== undefined) lines.push({ seconds: first.startSeconds, text });
      phraseStart += beatsOf(phrase) * secondsPerBeat;
    }
    if (phraseStart > end + 1e-9) throw new RangeError(`${song.trackId}: phrases overrun ${label}`);
    start = end;
  }
  return { durationSeconds: start + TAIL_SECONDS, secondsPerBeat, sections, melody, chords, hits, lines };
}

function phraseNotes(
  written: ReturnType<typeof readPhrase>,
  phraseStart: number,
  secondsPerBeat: number,
): MelodyNote[] {
  return written.map(({ startBeat, beats, midi }, index) => {
    const startSeconds = phraseStart + startBeat * secondsPerBeat;
    const length = beats * secondsPerBeat;
    const gap = Math.min(LONGEST_GAP_SECONDS, 0.15 * length);
    return { startSeconds, endSeconds: startSeconds + length - gap, midi, opensPhrase: index === 0 };
  });
}

function chordSpans(
  bars: readonly (readonly string[])[],
  arrangement: Part['arrangement'],
  start: number,
  secondsPerBeat: number,
): ChordSpan[] {
  return bars.flatMap((names, bar) => {
    const length = (BAR / names.length) * secondsPerBeat;
    const barStart = start + bar * BAR * secondsPerBeat;
    return names.map((name, index) => ({
      chord: readChord(name),
      arrangement,
      startSeconds: barStart + index * length,
      endSeconds: barStart + (index + 1) * length,
    }));
  });
}

function drumHits(groove: Groove, bars: number, start: number, secondsPerBeat: number): Hit[] {
  const sixteenth = secondsPerBeat / 4;
  return Array.from({ length: bars }, (_, bar) => start + bar * BAR * secondsPerBeat).flatMap((barStart) =>
    (['kick', 'snare', 'hat'] as const).flatMap((drum) =>
      [...groove[drum]].flatMap((mark, step) =>
        mark === 'x' ? [{ drum, seconds: barStart + step * sixteenth }] : [],
      ),
    ),
  );
}
