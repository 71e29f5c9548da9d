import { basename } from 'node:path';
import { type Algorithm, type LyricsAlgorithm, readsLyrics } from '../algorithms/algorithm.ts';
import type { EncodedFile } from '../audio/media-pass.ts';
import { messageOf } from '../errors.ts';
import { FAILURE_MEANINGS, type FailureCode, TrackFailure } from '../failures.ts';
import type { Track } from '../manifest/track.ts';
import { checkRow } from '../results/check-row.ts';
import type { Row } from '../results/columns.ts';
import { type AudioAlgorithm, type AudioWorkOptions, type Results, workAudio } from './audio-work.ts';
import { exceptSystemFailures, restoreScratch, trackFailureOf } from './failure-cause.ts';
import type { Fetched, FetchedSources } from './fetched-sources.ts';
import type { Outcome } from './outcome.ts';
import { recordable } from './sample-feed.ts';
import { SourceFetcher, type SourceFetcherOptions } from './source-fetcher.ts';

/** A track whose scratch folder is deleted under it is worked again, so many times in all. */
const MAX_TRIES = 4;

export interface TrackPipelineOptions extends AudioWorkOptions, SourceFetcherOptions {}

/**
 * Takes one track through all algorithms that want it: its audio is fetched, decoded and encoded in one
 * pass, its lyrics are read once.
 */
export class TrackPipeline {
  readonly #options: TrackPipelineOptions;
  readonly #fetcher: SourceFetcher;

  constructor(options: TrackPipelineOptions) {
    this.#options = options;
    this.#fetcher = new SourceFetcher(options);
  }

  /**
   * Fetches what algorithms need of a track, ahead of its turn. Never rejects for the track's own fault.
   * @throws as {@link SourceFetcher.fetch}
   */
  fetch(track: Track, algorithms: readonly Algorithm[], signal: AbortSignal): Promise<FetchedSources> {
    const wanted = { audio: algorithms.some(takesAudio), lyrics: algorithms.some(readsLyrics) };
    return this.#fetcher.fetch(track, wanted, signal);
  }

  /** Whether fetching puts a track's audio into the scratch folder. */
  downloads(track: Track, algorithms: readonly Algorithm[]): boolean {
    return algorithms.some(takesAudio) && this.#fetcher.downloads(track);
  }

  /**
   * Works a track: one outcome for each algorithm, in their order.
   *
   * @param sources what `fetch` brought for these algorithms; the caller releases it
   * @throws the signal's reason when aborted; BackfillError when the machine or the store is at fault
   */
  async work(
    track: Track,
    algorithms: readonly Algorithm[],
    sources: FetchedSources,
    signal: AbortSignal,
    onTimeLimit: (seconds: number) => void = () => {},
  ): Promise<Outcome[]> {
    signal.throwIfAborted();
    const results: Results = new Map();
    for (const algorithm of algorithms.filter(takesLyrics)) {
      const run = () => exceptSystemFailures(() => workLyrics(track, algorithm, sources.lyrics, signal));
      results.set(algorithm.name, await recordable(algorithm.name, run, signal));
    }
    const lyrics = sources.lyrics && helpfulLyrics(sources.lyrics);
    const listeners: AudioAlgorithm[] = [];
    for (const algorithm of algorithms.filter(takesAudio)) {
      if (lyrics instanceof TrackFailure && readsLyrics(algorithm)) results.set(algorithm.name, lyrics);
      else listeners.push(algorithm);
    }
    if (listeners.length > 0) {
      const text = lyrics instanceof TrackFailure ? undefined : lyrics;
      const options = { ...this.#options, onTimeLimit };
      const heard = await hear(track, listeners, { audio: sources.audio, lyrics: text }, options, signal);
      for (const [name, result] of heard) results.set(name, result);
    }
    return algorithms.map((algorithm) => {
      const source = takesLyrics(algorithm) ? sources.lyrics : sources.audio;
      return outcomeOf(algorithm, source?.etag ?? null, results.get(algorithm.name));
    });
  }
}

/**
 * What audio comes to, where a failure of the source is one of every algorithm.
 *
 * @throws the signal's reason when aborted; BackfillError, and nothing else
 */
async function hear(
  track: Track,
  algorithms: readonly AudioAlgorithm[],
  { audio, lyrics }: { readonly audio: FetchedSources['audio']; readonly lyrics: Uint8Array | undefined },
  options: AudioWorkOptions,
  signal: AbortSignal,
): Promise<Results> {
  const { scratchDirectory } = options;
  const path = audio?.kind === 'usable' ? audio.source : undefined;
  for (let tries = 1; ; tries++) {
    try {
      return await workAudio(track, { path: usable(audio), lyrics }, algorithms, options, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (tries < MAX_TRIES && (await restoreScratch(error, { path, scratchDirectory }))) continue;
      const failure = await trackFailureOf(error, { path, scratchDirectory });
      return new Map(algorithms.map(({ name }) => [name, failure]));
    }
  }
}

async function workLyrics(
  { language }: Track,
  algorithm: LyricsAlgorithm,
  lyrics: FetchedSources['lyrics'],
  signal: AbortSignal,
): Promise<Row> {
  return algorithm.run({ bytes: usable(lyrics), language, signal });
}

/**
 * Lyrics for those who only hear better with them: what is wrong with them for good counts as having none. What may
 * be mended by trying again is a failure: the row must not hang on whether the network was well.
 */
function helpfulLyrics(fetched: Fetched<Uint8Array>): Uint8Array | undefined | TrackFailure {
  if (fetched.kind === 'usable') return fetched.source;
  return FAILURE_MEANINGS[fetched.failure.code].transient ? fetched.failure : undefined;
}

/** @throws the TrackFailure for which the source could not be fetched */
function usable<T>(fetched: Fetched<T> | undefined): T {
  if (fetched === undefined) throw new Error('a source is needed that was not fetched');
  if (fetched.kind === 'failed') throw fetched.failure;
  return fetched.source;
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

/** What a failure says is for people: an algorithm may have put a whole file into it. */
const MAX_MESSAGE_LENGTH = 2000;

/** A row that cannot be stored is a failure of its track: later it would be one of the whole shard. */
function outcomeOf(
  { name: algorithm, columns }: Pick<Algorithm, 'name' | 'columns'>,
  sourceEtag: string | null,
  result: Row | TrackFailure | undefined,
): Outcome {
  const failed = (code: FailureCode, text: string): Outcome => {
    const message = text.toWellFormed().slice(0, MAX_MESSAGE_LENGTH).toWellFormed();
    return { algorithm, sourceEtag, kind: 'failed', code, message };
  };
  if (result instanceof TrackFailure) return failed(result.code, result.message);
  try {
    checkRow(columns, result);
  } catch (error) {
    return failed('algorithm-error', `${algorithm} made a row that cannot be stored: ${messageOf(error)}`);
  }
  return { algorithm, sourceEtag, kind: 'succeeded', row: result };
}
