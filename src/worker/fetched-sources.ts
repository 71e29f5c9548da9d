import type { TrackFailure } from '../failures.ts';

/** A source of a track that was fetched before its turn, or why it could not be. */
export type Fetched<T> = {
  /** Which version of an object in S3 it is; null for a local file, or where nothing was read. */
  readonly etag: string | null;
} & (
  | { readonly kind: 'usable'; readonly source: T }
  | { readonly kind: 'failed'; readonly failure: TrackFailure }
);

/** What a track is worked from. */
export interface FetchedSources {
  /** The path of its audio; undefined where none was asked for. */
  readonly audio: Fetched<string> | undefined;
  /** The bytes of its lyrics; undefined where none were asked for. */
  readonly lyrics: Fetched<Uint8Array> | undefined;
  /** What it takes of this machine until it is released: bytes in memory and in the scratch folder. */
  readonly bytes: number;
  /** Deletes what was fetched into the scratch folder. Once the track is through, whatever became of it. */
  readonly release: () => Promise<void>;
}
