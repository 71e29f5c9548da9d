/** What a song of the sample is: tables of notes and chords, its words, and the file it becomes. */

/** A part of the song's form. */
export type Label = 'intro' | 'verse' | 'chorus' | 'bridge' | 'outro';

/** One sung line: its pitches in numbered notation, its rhythm in beats (see numbered-notation.ts). */
export interface Phrase {
  /** `5, 1 2 3`: degrees of the major scale on the song's tonic. */
  readonly degrees: string;
  /** `.5 .5 1 r1`: beats, `r` before a rest; as many notes as there are degrees. */
  readonly rhythm: string;
}

/** A part as it is played each time: chords fix its length, phrases fill it from its start. */
export interface Part {
  /** Bars split by `|`, the chords of a bar share it evenly: `Am | F | C G`. */
  readonly chords: string;
  readonly phrases: readonly Phrase[];
  readonly groove: Groove;
  /** Which instruments play, and how much. */
  readonly arrangement: 'sparse' | 'light' | 'full';
}

/** Drums of a bar in sixteenths: `x` hits, anything else rests. */
export interface Groove {
  readonly kick: string;
  readonly snare: string;
  readonly hat: string;
}

/** One playing of a part, with one line of words a phrase where it is sung. */
export interface Playing {
  readonly part: Label;
  readonly lyrics?: readonly string[];
}

/** The audio file a song is encoded into. */
export interface AudioFile {
  readonly format: 'mp3' | 'ogg' | 'm4a' | 'opus' | 'flac' | 'wav';
  /** Hz; the song is rendered at this rate. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Kilobits a second, for lossy formats. */
  readonly kilobits?: number;
  /** Title, artist and a JPEG cover are written into the file. */
  readonly tagged?: boolean;
}

/** How a song's words are written as LRC. */
export interface LyricsFile {
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'shift_jis' | 'gb18030';
  readonly newline: '\n' | '\r\n';
  /** A line that comes again is written once, with all its stamps. */
  readonly compact: boolean;
  /** The `[offset:]` tag in milliseconds: a reader takes it off every stamp. */
  readonly offsetMilliseconds?: number;
}

export interface Song {
  readonly trackId: string;
  readonly title: string;
  readonly artist: string;
  /** BCP 47, as the manifest says it; undefined for an instrumental. */
  readonly language?: string;
  /** Beats a minute; a bar has four. */
  readonly tempo: number;
  /** MIDI number of degree 1. */
  readonly tonic: number;
  readonly lead: 'voice' | 'flute';
  readonly parts: Partial<Readonly<Record<Label, Part>>>;
  readonly form: readonly Playing[];
  readonly audio: AudioFile;
  readonly lyricsFile?: LyricsFile;
  /** Whether the manifest tells the duration. */
  readonly declaresDuration: boolean;
}
