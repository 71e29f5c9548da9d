import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withDeadline } from '../audio/deadline.ts';
import { TrackFailure } from '../failures.ts';
import { resolveSource } from '../manifest/resolve-uri.ts';
import type { Track } from '../manifest/track.ts';
import type { SourceAddress, SourceObjects } from '../store/source-objects.ts';
import { DOWNLOAD_LIMITS, type DownloadLimits, whileGrowing } from './download-limits.ts';
import type { Fetched, FetchedSources } from './fetched-sources.ts';
import { type SourceRole, checkLocalAudio, readLocalLyrics } from './local-source.ts';
import { sourceFailure } from './source-failure.ts';

/** Lyrics are text: more than this is something else. */
const MAX_LYRICS_BYTES = 4 * 1024 * 1024;
/** What an extension may look like to be kept: it is all that a key brings to the name of a file. */
const EXTENSION = /\.[a-z0-9]{1,8}$/i;

export interface SourceFetcherOptions {
  /** The folder that relative paths of the manifest start from. */
  readonly base: string;
  readonly maxSourceBytes: number;
  /** Where objects are put; the fetcher's names in it start with `source-`. */
  readonly scratchDirectory: string;
  /** Called once, when the first source in S3 is met: it loads the AWS SDK. What it throws stops the shard. */
  readonly openSources: () => Promise<SourceObjects>;
  readonly limits?: DownloadLimits;
}

/**
 * Brings a track's sources to this machine: files are checked where they are, objects in S3 are read into the
 * scratch folder (audio) or into memory (lyrics), each by one request, of one version. Nothing that decodes
 * ever sees a URL.
 */
export class SourceFetcher {
  readonly #options: SourceFetcherOptions;
  #objects: Promise<SourceObjects> | undefined;
  #files = 0;

  constructor(options: SourceFetcherOptions) {
    this.#options = options;
  }

  /**
   * Fetches what is asked for. What is wrong with a source is in what is returned.
   *
   * @throws the signal's reason when aborted, and BackfillError when the machine is at fault; then nothing is
   * left behind
   */
  async fetch(
    track: Pick<Track, 'audioUri' | 'lyricsUri'>,
    wanted: { readonly audio: boolean; readonly lyrics: boolean },
    signal: AbortSignal,
  ): Promise<FetchedSources> {
    const lyrics = wanted.lyrics ? await this.#lyrics(track.lyricsUri, signal) : undefined;
    const { audio, release } = wanted.audio ? await this.#audio(track.audioUri, signal) : NO_AUDIO;
    return { audio, lyrics, release };
  }

  async #audio(uri: string, signal: AbortSignal): Promise<FetchedAudio> {
    const { maxSourceBytes: maxBytes, scratchDirectory, limits = DOWNLOAD_LIMITS } = this.#options;
    const location = this.#locate(uri);
    if (location.kind === 'file') {
      const { path } = location;
      const audio = await attempted(async () => {
        await checkLocalAudio(path, maxBytes);
        return { source: path, etag: null };
      });
      return { ...NO_AUDIO, audio };
    }

    const path = join(scratchDirectory, `source-${this.#files++}${EXTENSION.exec(location.key)?.[0] ?? ''}`);
    const release = () => rm(path, { force: true });
    const audio = await this.#read({ uri, role: 'audio', maxBytes, signal }, async (objects) => {
      const { etag, bytes } = await whileGrowing({ path, uri, limits, signal }, (limited) =>
        objects.download(location, path, { maxBytes, signal: limited }),
      );
      return { source: path, etag, bytes };
    }).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    if (audio.kind === 'failed') await release();
    return { audio, release };
  }

  async #lyrics(uri: string | undefined, signal: AbortSignal): Promise<Fetched<Uint8Array>> {
    if (uri === undefined) {
      const failure = new TrackFailure('no-lyrics', 'the manifest names no lyrics_uri for this track');
      return { kind: 'failed', failure, etag: null };
    }
    const maxBytes = MAX_LYRICS_BYTES;
    const location = this.#locate(uri);
    if (location.kind === 'file') {
      return attempted(async () => ({ source: await readLocalLyrics(location.path, maxBytes), etag: null }));
    }
    const { stallSeconds: seconds } = this.#options.limits ?? DOWNLOAD_LIMITS;
    return this.#read({ uri, role: 'lyrics', maxBytes, signal }, async (objects) => {
      const { content, etag, bytes } = await withDeadline(
        { signal, seconds, what: `reading ${uri}` },
        (limited) => objects.read(location, { maxBytes, signal: limited }),
      );
      return { source: content, etag, bytes };
    });
  }

  /** Reads an object, and makes the track's failure of whatever is wrong with it. */
  async #read<T>(
    source: {
      readonly uri: string;
      readonly role: SourceRole;
      readonly maxBytes: number;
      readonly signal: AbortSignal;
    },
    read: (
      objects: SourceObjects,
    ) => Promise<{ readonly source: T; readonly etag: string; readonly bytes: number }>,
  ): Promise<Fetched<T>> {
    const { uri, role, signal } = source;
    signal.throwIfAborted();
    this.#objects ??= this.#options.openSources();
    const objects = await this.#objects;
    return attempted(async () => {
      try {
        const { bytes, ...fetched } = await read(objects);
        if (bytes > 0) return fetched;
        const code = role === 'audio' ? 'source-empty' : 'lyrics-unreadable';
        return { failure: new TrackFailure(code, `${uri} has no bytes`), etag: fetched.etag };
      } catch (error) {
        signal.throwIfAborted();
        throw sourceFailure(error, source) ?? error;
      }
    });
  }

  #locate(uri: string): { kind: 'file'; path: string } | ({ kind: 's3' } & SourceAddress) {
    const location = resolveSource(uri, this.#options.base);
    if (location.kind !== 'unsupported') return location;
    // Planning has rejected such rows.
    throw new Error(`the planned URI '${uri}' ${location.reason}`);
  }
}

type FetchedAudio = Pick<FetchedSources, 'audio' | 'release'>;

const NO_AUDIO: FetchedAudio = { audio: undefined, release: async () => {} };

type Attempt<T> = { readonly etag: string | null } & (
  | { readonly source: T }
  | { readonly failure: TrackFailure }
);

/** What `fetch` gives, or the track's failure that it throws. */
async function attempted<T>(fetch: () => Promise<Attempt<T>>): Promise<Fetched<T>> {
  try {
    const fetched = await fetch();
    return 'source' in fetched ? { kind: 'usable', ...fetched } : { kind: 'failed', ...fetched };
  } catch (error) {
    if (error instanceof TrackFailure) return { kind: 'failed', failure: error, etag: null };
    throw error;
  }
}
