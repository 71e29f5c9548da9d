import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Algorithm,
  type EncodeAlgorithm,
  type Encoding,
  type Rendition,
  type SampleAlgorithm,
  type SourceInfo,
  type TrackContext,
  readsLyrics,
} from '../algorithms/algorithm.ts';
import { type EncodedFile, type MediaPassResult, runMediaPass } from '../audio/media-pass.ts';
import { type ProbedSource, probe } from '../audio/probe.ts';
import { type FailureCode, TrackFailure } from '../failures.ts';
import type { Track } from '../manifest/track.ts';
import { trackWeight } from '../plan/weights.ts';
import type { Row } from '../results/columns.ts';
import { exceptSystemFailures, renditionNotStored, whileReading } from './failure-cause.ts';
import { assertReadable } from './local-source.ts';
import { assertRoomForOthers, isThere, lostFolder } from './scratch-room.ts';
import { SampleFeed, recordable } from './sample-feed.ts';

/** A track gets this many times its measured cost, and never less than a minute. */
const TIMEOUT_FACTOR = 20;
const MIN_TIMEOUT_SECONDS = 60;

/** Of the renditions alone: those who only listen have nothing to do with them. */
const ENCODING_FAILURES: ReadonlySet<FailureCode> = new Set(['encode-failed', 'scratch-full']);

/** An algorithm that needs a track's audio. */
export type AudioAlgorithm = SampleAlgorithm | EncodeAlgorithm;

/** Rows and failures of one track, by algorithm. */
export type Results = Map<string, Row | TrackFailure>;

export interface AudioWorkOptions {
  readonly maxDurationSeconds: number;
  /** Where renditions are made before they are stored. */
  readonly scratchDirectory: string;
  /** Stores a rendition, and tells where. What it throws stops the shard: it is the store's trouble. */
  readonly storeRendition: (rendition: {
    readonly trackId: string;
    readonly algorithm: EncodeAlgorithm;
    readonly file: EncodedFile;
    readonly signal: AbortSignal;
  }) => Promise<string>;
  /** Told once it is known how long the track really is: the seconds after which it is given up. */
  readonly onTimeLimit?: (seconds: number) => void;
}

/**
 * Takes one audio file through all algorithms that need it, in one decoding pass.
 *
 * @throws TrackFailure when none of them can have anything of it; the signal's reason when aborted;
 * BackfillError when the machine is at fault; what `storeRendition` throws
 */
export async function workAudio(
  track: Track,
  { path, lyrics }: { readonly path: string; readonly lyrics: Uint8Array | undefined },
  algorithms: readonly AudioAlgorithm[],
  options: AudioWorkOptions,
  signal: AbortSignal,
): Promise<Results> {
  const unshared = await workUnshared(path, algorithms, options, signal);
  if (unshared !== undefined) return unshared;
  const source = await whileReading({ path, ...options }, () => probe(path, { signal }));
  const context = { trackId: track.trackId, language: track.language, source, lyrics, signal };
  try {
    return await runPass(context, path, algorithms, options);
  } catch (error) {
    if (!(error instanceof TrackFailure)) throw error;
    if (error.code === 'scratch-full') await assertRoomForOthers(options.scratchDirectory);
    const listeners = algorithms.filter((algorithm) => !encodes(algorithm));
    if (!ENCODING_FAILURES.has(error.code) || listeners.length === 0) throw error;
    // What ends the pass for an encoder ends it for those as well that only listen: they hear it again, alone.
    const results = await runPass(context, path, listeners, options);
    for (const { name } of algorithms.filter(encodes)) results.set(name, error);
    return results;
  }
}

/** What an algorithm makes of the file by itself, if it is alone with it and can. */
async function workUnshared(
  path: string,
  algorithms: readonly AudioAlgorithm[],
  options: AudioWorkOptions,
  signal: AbortSignal,
): Promise<Results | undefined> {
  const [algorithm, ...others] = algorithms;
  if (algorithm === undefined || others.length > 0 || encodes(algorithm)) return undefined;
  const file = { path, maxDurationSeconds: options.maxDurationSeconds, signal };
  const step = () => whileReading({ path, ...options }, async () => algorithm.fromFile?.(file));
  const result = await recordable(algorithm.name, step, signal);
  return result === undefined ? undefined : new Map([[algorithm.name, result]]);
}

/** Seconds after which a track is given up, from what its algorithms cost. */
export function trackTimeout(
  source: Pick<SourceInfo, 'durationSeconds'>,
  algorithms: readonly Pick<Algorithm, 'cost' | 'input'>[],
): number {
  const weight = trackWeight({ durationSeconds: source.durationSeconds, algorithms });
  return MIN_TIMEOUT_SECONDS + TIMEOUT_FACTOR * weight;
}

async function runPass(
  track: TrackContext & { readonly source: ProbedSource },
  path: string,
  algorithms: readonly AudioAlgorithm[],
  options: AudioWorkOptions,
): Promise<Results> {
  const results: Results = new Map();
  let scratchDirectory: string | undefined;
  const feeds = new Map<string, SampleFeed>();
  const encoders: { readonly algorithm: EncodeAlgorithm; readonly encodings: readonly Encoding[] }[] = [];
  const { source, signal } = track;
  try {
    for (const algorithm of algorithms) {
      if (!encodes(algorithm)) {
        const lyrics = readsLyrics(algorithm) ? track.lyrics : undefined;
        feeds.set(algorithm.name, await SampleFeed.open(algorithm, { ...track, lyrics }));
        continue;
      }
      try {
        encoders.push({ algorithm, encodings: algorithm.encodings(source) });
      } catch (error) {
        results.set(algorithm.name, await recordable(algorithm.name, () => Promise.reject(error), signal));
      }
    }
    if (feeds.size + encoders.length === 0) return results;
    const timeoutSeconds = trackTimeout(source, algorithms);
    options.onTimeLimit?.(timeoutSeconds);
    const encodings = encoders.flatMap(({ encodings }) => encodings);
    if (encodings.length > 0) scratchDirectory = await mkdtemp(join(options.scratchDirectory, 'track-'));
    const pass = await runMediaPass({
      path,
      source,
      sinks: [...feeds.values()],
      encodings,
      scratchDirectory: scratchDirectory ?? options.scratchDirectory,
      maxDurationSeconds: options.maxDurationSeconds,
      timeoutSeconds,
      signal,
    });
    // Some decoders take a disk that fails for the end of the file.
    if (pass.readFailed) await assertReadable(path);
    const { durationSeconds } = pass;
    for (const [name, feed] of feeds) {
      const finish = () => exceptSystemFailures(() => feed.finish({ durationSeconds }));
      results.set(name, await recordable(name, finish, signal));
    }
    for (const { algorithm, encodings } of encoders) {
      const renditions = await storeRenditions(algorithm, encodings, pass, track, options);
      const loudness = pass.loudness ?? { integrated: null, range: null, truePeak: null };
      const finish = (): Row => algorithm.finish({ track, renditions, loudness });
      results.set(algorithm.name, await recordable(algorithm.name, finish, signal));
    }
    return results;
  } catch (error) {
    signal.throwIfAborted();
    // Before it is removed: an encoder whose folder is gone refuses just like any other.
    if (scratchDirectory !== undefined && !(await isThere(scratchDirectory))) {
      throw lostFolder(scratchDirectory, error);
    }
    throw error;
  } finally {
    await Promise.allSettled([...feeds.values()].map((feed) => feed.close()));
    if (scratchDirectory !== undefined) await rm(scratchDirectory, { recursive: true, force: true });
  }
}

async function storeRenditions(
  algorithm: EncodeAlgorithm,
  encodings: readonly Encoding[],
  pass: MediaPassResult,
  { trackId, signal }: TrackContext,
  { storeRendition }: AudioWorkOptions,
): Promise<Rendition[]> {
  const renditions: Rendition[] = [];
  for (const file of pass.encoded.filter(({ encoding }) => encodings.includes(encoding))) {
    const uri = await storeRendition({ trackId, algorithm, file, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw renditionNotStored(trackId, error);
    });
    const { encoding, bytes, sha256, durationSeconds, bitrate } = file;
    renditions.push({ encoding, uri, bytes, sha256, durationSeconds, bitrate });
  }
  return renditions;
}

function encodes(algorithm: AudioAlgorithm): algorithm is EncodeAlgorithm {
  return algorithm.input.kind === 'encodings';
}
