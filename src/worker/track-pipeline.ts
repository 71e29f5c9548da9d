import { basename } from 'node:path';
import type { Algorithm, LyricsAlgorithm } from '../algorithms/algorithm.ts';
import type { EncodedFile } from '../audio/media-pass.ts';
import { TrackFailure } from '../failures.ts';
import { resolveSource } from '../manifest/resolve-uri.ts';
import type { Track } from '../manifest/track.ts';
import type { Row } from '../results/columns.ts';
import { type AudioAlgorithm, type AudioWorkOptions, type Results, workAudio } from './audio-work.ts';
import { checkLocalAudio, readLocalLyrics } from './local-source.ts';
import type { Outcome } from './outcome.ts';
import { recordable } from './sample-feed.ts';

/** Lyrics are text: more than this is something else. */
const MAX_LYRICS_BYTES = 4 * 1024 * 1024;

export interface TrackPipelineOptions extends AudioWorkOptions {
  /** The folder that relative paths of the manifest start from. */
  readonly base: string;
  readonly maxSourceBytes: number;
}

/** What was found out about a track's audio file before its turn came. */
export type CheckedAudio =
  | { readonly kind: 'usable'; readonly path: string }
  | { readonly kind: 'failed'; readonly failure: TrackFailure };

/**
 * Takes one track through all algorithms that want it: its audio is opened, decoded and encoded in one
 * pass, its lyrics are read once.
 */
export class TrackPipeline {
  readonly #options: TrackPipelineOptions;

  constructor(options: TrackPipelineOptions) {
    this.#options = options;
  }

  /** Looks at a track's audio file ahead of its turn. Never rejects for the track's own fault. */
  async checkAudio(track: Track): Promise<CheckedAudio> {
    try {
      const path = this.#pathOf(track.audioUri);
      await checkLocalAudio(path, this.#options.maxSourceBytes);
      return { kind: 'usable', path };
    } catch (error) {
      if (error instanceof TrackFailure) return { kind: 'failed', failure: error };
      throw error;
    }
  }

  /**
   * Works a track: one outcome for each algorithm, in their order.
   *
   * @param audio what `checkAudio` found
   * @throws the signal's reason when aborted; BackfillError when the machine or the store is at fault
   */
  async work(
    track: Track,
    algorithms: readonly Algorithm[],
    audio: CheckedAudio,
    signal: AbortSignal,
  ): Promise<Outcome[]> {
    signal.throwIfAborted();
    const results: Results = new Map();
    for (const algorithm of algorithms.filter(takesLyrics)) {
      const run = () => this.#workLyrics(track, algorithm, signal);
      results.set(algorithm.name, await recordable(algorithm.name, run, signal));
    }
    const listeners = algorithms.filter(takesAudio);
    if (listeners.length > 0) {
      const heard = await this.#workAudio(track, listeners, audio, signal);
      for (const [name, result] of heard) results.set(name, result);
    }
    return algorithms.map(({ name }) => outcomeOf(name, results.get(name)));
  }

  async #workLyrics(track: Track, algorithm: LyricsAlgorithm, signal: AbortSignal): Promise<Row> {
    if (track.lyricsUri === undefined) {
      throw new TrackFailure('no-lyrics', 'the manifest names no lyrics_uri for this track');
    }
    const bytes = await readLocalLyrics(this.#pathOf(track.lyricsUri), MAX_LYRICS_BYTES);
    return algorithm.run({ bytes, language: track.language, signal });
  }

  async #workAudio(
    track: Track,
    algorithms: readonly AudioAlgorithm[],
    audio: CheckedAudio,
    signal: AbortSignal,
  ): Promise<Results> {
    try {
      if (audio.kind === 'failed') throw audio.failure;
      return await workAudio(track, audio.path, algorithms, this.#options, signal);
    } catch (error) {
      if (!(error instanceof TrackFailure)) throw error;
      return new Map(algorithms.map(({ name }) => [name, error]));
    }
  }

  #pathOf(uri: string): string {
    const location = resolveSource(uri, this.#options.base);
    if (location.kind === 'file') return location.path;
    // Planning has rejected such rows.
    throw new Error(`the planned URI '${uri}' ${location.reason}`);
  }
}

/** The file name of a rendition, in its folder of the store. */
export function renditionFileName({ encoding, path }: EncodedFile): string {
  const extension = basename(path).split('.').at(-1) ?? encoding.container;
  return `${encoding.name}.${extension}`;
}

function takesLyrics(algorithm: Algorithm): algorithm is LyricsAlgorithm {
  return algorithm.input.kind === 'lyrics';
}

function takesAudio(algorithm: Algorithm): algorithm is AudioAlgorithm {
  return !takesLyrics(algorithm);
}

function outcomeOf(algorithm: string, result: Row | TrackFailure | undefined): Outcome {
  if (result instanceof TrackFailure) {
    return { algorithm, kind: 'failed', code: result.code, message: result.message };
  }
  if (result === undefined) throw new Error(`${algorithm} has neither a row nor a failure`);
  return { algorithm, kind: 'succeeded', row: result };
}
