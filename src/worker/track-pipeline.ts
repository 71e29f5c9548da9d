import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type {
  Algorithm,
  EncodeAlgorithm,
  Encoding,
  LyricsAlgorithm,
  Rendition,
  SampleAlgorithm,
  SourceInfo,
  TrackContext,
} from '../algorithms/algorithm.ts';
import { type EncodedFile, type MediaPassResult, runMediaPass } from '../audio/media-pass.ts';
import { probe } from '../audio/probe.ts';
import { BackfillError } from '../errors.ts';
import { TrackFailure } from '../failures.ts';
import type { Track } from '../manifest/track.ts';
import { resolveSource } from '../manifest/resolve-uri.ts';
import { trackWeight } from '../plan/weights.ts';
import type { Row } from '../results/columns.ts';
import { checkLocalAudio, readLocalLyrics } from './local-source.ts';
import type { Outcome } from './outcome.ts';
import { SampleFeed, asTrackFailure } from './sample-feed.ts';

/** Lyrics are text: more than this is something else. */
const MAX_LYRICS_BYTES = 4 * 1024 * 1024;

/** A track gets this many times its measured cost, and never less than a minute. */
const TIMEOUT_FACTOR = 20;
const MIN_TIMEOUT_SECONDS = 60;

export interface TrackPipelineOptions {
  /** The folder that relative paths of the manifest start from. */
  readonly base: string;
  readonly maxSourceBytes: number;
  readonly maxDurationSeconds: number;
  /** Where renditions and other files are made before they are stored. */
  readonly scratchDirectory: string;
  /** Stores a rendition, and tells where. What it throws stops the shard: it is the store's trouble. */
  readonly storeRendition: (rendition: {
    readonly trackId: string;
    readonly algorithm: EncodeAlgorithm;
    readonly file: EncodedFile;
    readonly signal: AbortSignal;
  }) => Promise<string>;
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
    const results = new Map<string, Row | TrackFailure>();
    for (const algorithm of algorithms.filter(takesLyrics)) {
      results.set(algorithm.name, await this.#workLyrics(track, algorithm, signal));
    }
    const listeners = algorithms.filter(takesAudio);
    if (listeners.length > 0) {
      const heard = await this.#workAudio(track, listeners, audio, signal);
      for (const [name, result] of heard) results.set(name, result);
    }
    signal.throwIfAborted();
    return algorithms.map(({ name }) => outcomeOf(name, results.get(name)));
  }

  async #workLyrics(
    track: Track,
    algorithm: LyricsAlgorithm,
    signal: AbortSignal,
  ): Promise<Row | TrackFailure> {
    try {
      if (track.lyricsUri === undefined) {
        throw new TrackFailure('no-lyrics', 'the manifest names no lyrics_uri for this track');
      }
      const bytes = await readLocalLyrics(this.#pathOf(track.lyricsUri), MAX_LYRICS_BYTES);
      return await algorithm.run({ bytes, language: track.language, signal });
    } catch (error) {
      return this.#recordable(algorithm.name, error, signal);
    }
  }

  async #workAudio(
    track: Track,
    algorithms: readonly (SampleAlgorithm | EncodeAlgorithm)[],
    audio: CheckedAudio,
    signal: AbortSignal,
  ): Promise<Map<string, Row | TrackFailure>> {
    const results = new Map<string, Row | TrackFailure>();
    const failAll = (failure: TrackFailure) => {
      for (const { name } of algorithms) results.set(name, failure);
      return results;
    };
    if (audio.kind === 'failed') return failAll(audio.failure);
    const scratchDirectory = await mkdtemp(join(this.#options.scratchDirectory, 'track-'));
    const feeds = new Map<string, SampleFeed>();
    try {
      const source = await probe(audio.path, { signal });
      const context: TrackContext = { trackId: track.trackId, language: track.language, source, signal };
      for (const algorithm of algorithms) {
        if (algorithm.input.kind === 'samples') {
          feeds.set(algorithm.name, await SampleFeed.open(algorithm as SampleAlgorithm, context));
        }
      }
      const encoders = algorithms
        .filter(encodes)
        .map((algorithm) => ({ algorithm, encodings: algorithm.encodings(source) }));
      const pass = await runMediaPass({
        path: audio.path,
        source,
        sinks: [...feeds.values()],
        encodings: encoders.flatMap(({ encodings }) => encodings),
        scratchDirectory,
        maxDurationSeconds: this.#options.maxDurationSeconds,
        timeoutSeconds: trackTimeout(source, algorithms),
        signal,
      });
      for (const [name, feed] of feeds) {
        try {
          results.set(name, await feed.finish({ durationSeconds: pass.durationSeconds }));
        } catch (error) {
          results.set(name, this.#recordable(name, error, signal));
        }
      }
      for (const { algorithm, encodings } of encoders) {
        results.set(algorithm.name, await this.#finishEncoding(algorithm, encodings, pass, context));
      }
      return results;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TrackFailure) return failAll(error);
      throw error;
    } finally {
      await Promise.all([...feeds.values()].map((feed) => feed.close()));
      await rm(scratchDirectory, { recursive: true, force: true });
    }
  }

  async #finishEncoding(
    algorithm: EncodeAlgorithm,
    encodings: readonly Encoding[],
    pass: MediaPassResult,
    track: TrackContext,
  ): Promise<Row> {
    const { trackId, signal } = track;
    const renditions: Rendition[] = [];
    for (const file of pass.encoded.filter(({ encoding }) => encodings.includes(encoding))) {
      const uri = await this.#options.storeRendition({ trackId, algorithm, file, signal });
      const { encoding, bytes, sha256, durationSeconds, bitrate } = file;
      renditions.push({ encoding, uri, bytes, sha256, durationSeconds, bitrate });
    }
    const loudness = pass.loudness ?? { integrated: null, range: null, truePeak: null };
    return algorithm.finish({ track, renditions, loudness });
  }

  #pathOf(uri: string): string {
    const location = resolveSource(uri, this.#options.base);
    if (location.kind === 'file') return location.path;
    // Planning has rejected such rows.
    throw new Error(`the planned URI '${uri}' ${location.reason}`);
  }

  #recordable(algorithm: string, thrown: unknown, signal: AbortSignal): TrackFailure {
    signal.throwIfAborted();
    if (thrown instanceof BackfillError) throw thrown;
    return asTrackFailure(algorithm, thrown);
  }
}

/** The file name of a rendition, in its folder of the store. */
export function renditionFileName({ encoding, path }: EncodedFile): string {
  const extension = basename(path).split('.').at(-1) ?? encoding.container;
  return `${encoding.name}.${extension}`;
}

/** Seconds after which a track is given up, from what its algorithms cost. */
export function trackTimeout(
  source: Pick<SourceInfo, 'durationSeconds'>,
  algorithms: readonly Pick<Algorithm, 'cost' | 'input'>[],
): number {
  const weight = trackWeight({ durationSeconds: source.durationSeconds, algorithms });
  return MIN_TIMEOUT_SECONDS + TIMEOUT_FACTOR * weight;
}

function takesLyrics(algorithm: Algorithm): algorithm is LyricsAlgorithm {
  return algorithm.input.kind === 'lyrics';
}

function takesAudio(algorithm: Algorithm): algorithm is SampleAlgorithm | EncodeAlgorithm {
  return !takesLyrics(algorithm);
}

function encodes(algorithm: Algorithm): algorithm is EncodeAlgorithm {
  return algorithm.input.kind === 'encodings';
}

function outcomeOf(algorithm: string, result: Row | TrackFailure | undefined): Outcome {
  if (result instanceof TrackFailure) {
    return { algorithm, kind: 'failed', code: result.code, message: result.message };
  }
  if (result === undefined) throw new Error(`${algorithm} has neither a row nor a failure`);
  return { algorithm, kind: 'succeeded', row: result };
}
