import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withDeadline } from '../audio/deadline.ts';
import { TrackFailure } from '../failures.ts';
import { hasS3Scheme, resolveSource } from '../manifest/resolve-uri.ts';
import type { Track } from '../manifest/track.ts';
import type { SourceAddress, SourceObjects, SourceVersion } from '../store/source-objects.ts';
import { DOWNLOAD_LIMITS, type DownloadLimits, whileWritten } from './download-limits.ts';
import type { Fetched, FetchedSources } from './fetched-sources.ts';
import { assertRoomForOthers, isThere, lostFolder } from './scratch-room.ts';
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
    const { audio, bytes, release } = wanted.audio ? await this.#audio(track.audioUri, signal) : NO_AUDIO;
    const read = lyrics?.kind === 'usable' ? lyrics.source.length : 0;
    return { audio, lyrics, bytes: bytes + read, release };
  }

  /** Whether fetching the audio puts it into the scratch folder. */
  downloads({ audioUri }: Pick<Track, 'audioUri'>): boolean {
    return hasS3Scheme(audioUri);
  }

  async #audio(uri: string, signal: AbortSignal): Promise<FetchedAudio> {
    const location = this.#locate(uri);
    if (location.kind === 's3') return this.#download(uri, location, signal);
    const { path } = location;
    const audio = await fromFile(async () => {
      await checkLocalAudio(path, this.#options.maxSourceBytes);
      return path;
    });
    return { ...NO_AUDIO, audio };
  }

  async #download(uri: string, address: SourceAddress, signal: AbortSignal): Promise<FetchedAudio> {
    const { maxSourceBytes: maxBytes, scratchDirectory, limits = DOWNLOAD_LIMITS } = this.#options;
    const path = join(scratchDirectory, `source-${this.#files++}${EXTENSION.exec(address.key)?.[0] ?? ''}`);
    const release = () => rm(path, { force: true });
    let audio: Fetched<string> | undefined;
    let bytes = 0;
    try {
      audio = await this.#read({ uri, role: 'audio', maxBytes, signal }, async (objects) => {
        const version = await whileWritten({ path, uri, limits, signal }, (limited) =>
          objects.download(address, path, { maxBytes, signal: limited }),
        );
        bytes = version.bytes;
        return { ...version, source: path };
      });
    } finally {
      if (audio?.kind !== 'usable') await release();
    }
    if (audio.kind === 'failed') await assertOwnFailure(audio.failure, scratchDirectory);
    return { audio, bytes, release };
  }

  async #lyrics(uri: string | undefined, signal: AbortSignal): Promise<Fetched<Uint8Array>> {
    if (uri === undefined) {
      return failed(new TrackFailure('no-lyrics', 'the manifest names no lyrics_uri for this track'));
    }
    const maxBytes = MAX_LYRICS_BYTES;
    const location = this.#locate(uri);
    if (location.kind === 'file') return fromFile(() => readLocalLyrics(location.path, maxBytes));
    const { stallSeconds: seconds } = this.#options.limits ?? DOWNLOAD_LIMITS;
    return this.#read({ uri, role: 'lyrics', maxBytes, signal }, async (objects) => {
      const { content, ...version } = await withDeadline(
        { signal, seconds, what: `reading ${uri}` },
        (limited) => objects.read(location, { maxBytes, signal: limited }),
      );
      return { ...version, source: content };
    });
  }

  /** Reads an object, and makes the track's failure of whatever is wrong with it. */
  async #read<T>(
    object: {
      readonly uri: string;
      readonly role: SourceRole;
      readonly maxBytes: number;
      readonly signal: AbortSignal;
    },
    read: (objects: SourceObjects) => Promise<SourceVersion & { readonly source: T }>,
  ): Promise<Fetched<T>> {
    const { uri, role, signal } = object;
    signal.throwIfAborted();
    this.#objects ??= this.#options.openSources();
    const objects = await this.#objects;
    try {
      const { source, etag, bytes } = await read(objects);
      if (bytes > 0) return { kind: 'usable', source, etag };
      const code = role === 'audio' ? 'source-empty' : 'lyrics-unreadable';
      return failed(new TrackFailure(code, `${uri} has no bytes`), etag);
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof TrackFailure ? error : sourceFailure(error, object);
      if (failure === undefined) throw error;
      return failed(failure);
    }
  }

  #locate(uri: string): { kind: 'file'; path: string } | ({ kind: 's3' } & SourceAddress) {
    const location = resolveSource(uri, this.#options.base);
    if (location.kind !== 'unsupported') return location;
    // Planning has rejected such rows.
    throw new Error(`the planned URI '${uri}' ${location.reason}`);
  }
}

/** @throws BackfillError where a download failed for what all of them would fail for */
async function assertOwnFailure({ code }: TrackFailure, scratchDirectory: string): Promise<void> {
  if (!(await isThere(scratchDirectory))) throw lostFolder(scratchDirectory);
  if (code === 'scratch-full') await assertRoomForOthers(scratchDirectory);
}

type FetchedAudio = Pick<FetchedSources, 'audio' | 'bytes' | 'release'>;

const NO_AUDIO: FetchedAudio = { audio: undefined, bytes: 0, release: async () => {} };

async function fromFile<T>(read: () => Promise<T>): Promise<Fetched<T>> {
  try {
    return { kind: 'usable', source: await read(), etag: null };
  } catch (error) {
    if (error instanceof TrackFailure) return failed(error);
    throw error;
  }
}

function failed(
  failure: TrackFailure,
  etag: string | null = null,
): { readonly kind: 'failed'; readonly failure: TrackFailure; readonly etag: string | null } {
  return { kind: 'failed', failure, etag };
}
