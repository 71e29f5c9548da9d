import { pathToFileURL } from 'node:url';
import { basename } from 'node:path';
import { TrackFailure } from '../../src/failures.ts';
import type { JsonRow } from '../../src/results/columns.ts';
import { type AudioAlgorithm, type AudioWorkOptions, workAudio } from '../../src/worker/audio-work.ts';

/** Longer than any song: what is scored here is never refused for its length. */
const MAX_DURATION_SECONDS = 6 * 3600;

/** What algorithms made of one file: the rows as people read them, and why there is none. */
export interface Worked {
  /** Undefined where the algorithm failed. */
  row(algorithm: AudioAlgorithm): JsonRow | undefined;
  /** One line for each algorithm that failed. */
  readonly failures: readonly string[];
}

/**
 * Takes a file through algorithms exactly as a worker does, in one decoding pass: what is scored is the product.
 * @param lyrics the bytes of the track's lyrics, where it shall have any
 * @param storeRendition what becomes of encoded files; by default there must be none
 */
export async function work(
  path: string,
  algorithms: readonly AudioAlgorithm[],
  options: {
    readonly scratch: string;
    readonly signal: AbortSignal;
    readonly lyrics?: Uint8Array | undefined;
    readonly storeRendition?: AudioWorkOptions['storeRendition'];
  },
): Promise<Worked> {
  const { scratch, signal, lyrics, storeRendition = refuseRendition } = options;
  const track = {
    trackId: basename(path),
    audioUri: pathToFileURL(path).href,
    durationSeconds: undefined,
    lyricsUri: undefined,
    language: undefined,
    extra: {},
  };
  const workOptions = { maxDurationSeconds: MAX_DURATION_SECONDS, scratchDirectory: scratch, storeRendition };
  const results = await workAudio(track, { path, lyrics }, algorithms, workOptions, signal).catch(
    (error: unknown) => {
      if (!(error instanceof TrackFailure)) throw error;
      return new Map(algorithms.map(({ name }) => [name, error]));
    },
  );
  return {
    row: (algorithm) => {
      const result = results.get(algorithm.name);
      return result === undefined || result instanceof TrackFailure ? undefined : algorithm.present(result);
    },
    failures: algorithms.flatMap(({ name }) => {
      const result = results.get(name);
      return result instanceof TrackFailure ? [`${name}: ${result.code}, ${result.message}`] : [];
    }),
  };
}

async function refuseRendition(): Promise<string> {
  throw new Error('nothing was to be encoded');
}
