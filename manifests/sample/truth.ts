import type { Song } from './song.ts';
import type { Span, Timeline } from './timeline.ts';

interface TruthSpan {
  readonly start_s: number;
  readonly end_s: number;
}

/** What is known about a track of the sample because it was made so: an entry of truth.json. */
export interface TrackTruth {
  readonly title: string;
  readonly duration_s: number;
  /** Beats a minute; the first beat is at 0. */
  readonly tempo_bpm: number;
  /** The whole song, part by part, without gaps; the last part ends where the tail begins. */
  readonly sections: readonly ({ readonly label: string } & TruthSpan)[];
  readonly choruses: readonly TruthSpan[];
  /** Notes of the lead; a consonant may sound up to 50 ms before one. */
  readonly notes: readonly (TruthSpan & { readonly midi: number })[];
  /** Lines of words, each at the start of its first note. */
  readonly lines: readonly { readonly start_s: number; readonly text: string }[];
}

/** The truth of a song, in seconds to a tenth of a millisecond. */
export function truthOf(song: Song, timeline: Timeline): TrackTruth {
  const sections = timeline.sections.map((section) => ({ label: section.label, ...span(section) }));
  return {
    title: song.title,
    duration_s: rounded(timeline.durationSeconds),
    tempo_bpm: song.tempo,
    sections,
    choruses: timeline.sections.filter(({ label }) => label === 'chorus').map(span),
    notes: timeline.melody.map((note) => ({ ...span(note), midi: note.midi })),
    lines: timeline.lines.map(({ seconds, text }) => ({ start_s: rounded(seconds), text })),
  };
}

function span({ startSeconds, endSeconds }: Span): TruthSpan {
  return { start_s: rounded(startSeconds), end_s: rounded(endSeconds) };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1e4) / 1e4;
}
