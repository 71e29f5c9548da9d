/**
 * The contract of an algorithm: what it takes, what it gives, what it costs.
 *
 * The worker fetches and decodes a track once and hands the same decoded samples to every algorithm of
 * the run. An algorithm is pure in what it is given: the same input gives the same row, byte for byte,
 * whatever else runs beside it; it reads no clock, no environment and no random numbers. Nothing here
 * needs an algorithm to be TypeScript: samples arrive in chunks and every step may be awaited, so the
 * other side of `write` may be another process.
 *
 * One contract suite (test/contracts/algorithm.suite.ts) runs over every algorithm.
 */
import type { Column, JsonRow, Row } from '../results/columns.ts';

/** How samples are laid out when they reach an algorithm. Channels are interleaved. */
export interface SampleFormat {
  /** `f32`: Float32Array, full scale at +-1. `s16`: Int16Array. */
  readonly encoding: 'f32' | 's16';
  /** In Hz, or `source`: as the source has it. */
  readonly sampleRate: number | 'source';
  /** A count (ffmpeg mixes down or up), or `source`: as the source has them. */
  readonly channels: number | 'source';
  /** Default: ffmpeg's resampler as it is. `chromaprint`: set as fpcalc sets it, so that codes come out alike. */
  readonly resampler?: 'chromaprint';
}

/** What probing tells about a source before it is decoded. */
export interface SourceInfo {
  /** Container, as ffprobe names its demuxer: `mp3`, `ogg`, `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly container: string;
  /** Codec of the audio stream: `mp3`, `vorbis`, `pcm_s16le`. */
  readonly codec: string;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Bits a second of the audio stream where the container tells. */
  readonly bitrate: number | undefined;
  /** Bits a sample of a lossless source (16, 24, 32), where known. */
  readonly bitsPerSample: number | undefined;
  /** Seconds, as the container declares or its frames add up to; undefined where it does not, and they are not counted. */
  readonly durationSeconds: number | undefined;
}

/** What an algorithm may know of the track it works on. */
export interface TrackContext {
  readonly trackId: string;
  /** BCP 47 tag of the manifest's `language` column, if any. */
  readonly language: string | undefined;
  readonly source: SourceInfo;
  /**
   * The bytes of the track's lyrics, as they stand in the file: for an algorithm that `lyrics` may help. Undefined
   * where the manifest names none, or none that can be read.
   */
  readonly lyrics?: Uint8Array | undefined;
  /** Aborted on time-out and shutdown. */
  readonly signal: AbortSignal;
}

/** What is known about the decoded audio once all of it has passed. */
export interface DecodedAudio {
  /**
   * Seconds of the whole track: as decoded; for an algorithm with `maxSeconds` as the container declares, where it
   * does.
   */
  readonly durationSeconds: number;
}

/** A track's audio as it was fetched, before anyone has looked into it: what it holds may be anything. */
export interface SourceFile {
  readonly path: string;
  /** A longer track fails as `too-long`. */
  readonly maxDurationSeconds: number;
  /** Aborted on shutdown. */
  readonly signal: AbortSignal;
}

interface AlgorithmBase {
  /** Lower case, digits and dashes. Part of every key that holds its results. */
  readonly name: string;
  /**
   * Changes whenever the same input may give another row. Part of every key that holds its results: a
   * new version is new work. Lower case letters, digits, dots and dashes.
   */
  readonly version: string;
  /** One line for `backfill algorithms`. */
  readonly summary: string;
  /** The result's columns, in order; `track_id` is added by whoever stores the row. */
  readonly columns: readonly Column[];
  /** Programs that it starts, beside the ffmpeg that decodes for all. */
  readonly programs?: readonly string[];
  /** CPU seconds on one core of this machine's kind, beside the shared decode: measured, see docs/performance.md. */
  readonly cost: { readonly perTrackSeconds: number; readonly perAudioSecond: number };
  /** The row as people read it (jsonl, csv, `try`): bytes as text, compact codes as the quantities they stand for. */
  present(row: Row): JsonRow;
}

/** An algorithm over decoded samples. */
export interface SampleAlgorithm extends AlgorithmBase {
  readonly input: {
    readonly kind: 'samples';
    readonly format: SampleFormat;
    /** Only the first so many seconds are wanted. */
    readonly maxSeconds?: number;
    /** With less audio than this the track fails as `too-short`. */
    readonly minSeconds: number;
    /** Whether a track with nothing above -70 dBFS fails as `silent`. */
    readonly needsSound: boolean;
    /**
     * Lyrics make the row better where the track has them; it comes without them too. They are part of the input:
     * while they can not be read for a passing reason, the track fails with that.
     */
    readonly lyrics?: 'helpful';
  };
  /**
   * Makes the row of a local file without the shared decode: asked where nobody else hears the track. Offered where
   * that is cheaper, and gives the row that samples give, byte for byte. Undefined: not this file, or something
   * about it was unusual; it is then decoded as ever, and any failure told is of that.
   *
   * @throws TrackFailure for what samples would fail for as well
   */
  fromFile?(file: SourceFile): Promise<Row | undefined>;
  /** Starts on one track. */
  open(track: TrackContext): SampleAnalysis | Promise<SampleAnalysis>;
}

/** One track under analysis. Calls come one after another; none comes after `finish` or `close`. */
export interface SampleAnalysis {
  /**
   * Takes the next samples: whole frames, any number of them. The array is the caller's again once the
   * call has returned and its promise has settled. What is awaited here slows the decoder down.
   * Memory must stay bounded by features, not by samples: a track may last hours.
   */
  write(samples: Float32Array | Int16Array): void | Promise<void>;
  /** All samples have come: makes the row. */
  finish(audio: DecodedAudio): Row | Promise<Row>;
  /** Releases what `open` took. Called once whatever happened. */
  close?(): void | Promise<void>;
}

/** One file to encode a track into. */
export interface Encoding {
  /** Names the rendition: `aac-96`. Lower case, digits, dashes. */
  readonly name: string;
  readonly codec: 'aac' | 'mp3' | 'opus' | 'flac';
  readonly container: 'm4a' | 'mp3' | 'ogg' | 'flac';
  /** Target bits a second; absent for lossless codecs. */
  readonly bitrate?: number | undefined;
}

/** A file that was encoded, and where it was put. */
export interface Rendition {
  readonly encoding: Encoding;
  readonly uri: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Seconds, as a player would show. */
  readonly durationSeconds: number;
  /** Bits a second over the whole file. */
  readonly bitrate: number;
}

/** Loudness after EBU R128 / ITU-R BS.1770-4; null where there is nothing above the absolute gate. */
export interface Loudness {
  /** LUFS. */
  readonly integrated: number | null;
  /** LU (EBU Tech 3342). */
  readonly range: number | null;
  /** dBTP; null for digital silence. */
  readonly truePeak: number | null;
}

/** An algorithm that encodes: files come of it beside the row. */
export interface EncodeAlgorithm extends AlgorithmBase {
  readonly input: { readonly kind: 'encodings' };
  /** What to encode a source into; the same pass that decodes for the others encodes these. */
  encodings(source: SourceInfo): readonly Encoding[];
  /** Makes the row of the encoded files. */
  finish(encoded: {
    readonly track: TrackContext;
    readonly renditions: readonly Rendition[];
    readonly loudness: Loudness;
  }): Row;
}

/** An algorithm over lyrics; it hears nothing. */
export interface LyricsAlgorithm extends AlgorithmBase {
  readonly input: { readonly kind: 'lyrics' };
  /** `bytes` as they stand in the file: encoding and format are the algorithm's to find out. */
  run(lyrics: {
    readonly bytes: Uint8Array;
    readonly language: string | undefined;
    readonly signal: AbortSignal;
  }): Row | Promise<Row>;
}

export type Algorithm = SampleAlgorithm | EncodeAlgorithm | LyricsAlgorithm;

/** Whether an algorithm has any use for a track's lyrics. */
export function readsLyrics({ input }: Pick<Algorithm, 'input'>): boolean {
  return input.kind === 'lyrics' || (input.kind === 'samples' && input.lyrics === 'helpful');
}
