import type { Row } from './columns.ts';

/** What an algorithm made of one track, as files of results hold it. */
export interface StoredResult {
  readonly trackId: string;
  /** Which version of its source in S3 it was made of; null for a local file. */
  readonly sourceEtag: string | null;
  readonly row: Row;
}
