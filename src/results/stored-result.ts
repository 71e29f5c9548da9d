import type { Row } from './columns.ts';

/** What an algorithm made of one track, as files of results hold it. */
export interface StoredResult {
  readonly trackId: string;
  readonly row: Row;
}
