import { randomBytes } from 'node:crypto';

/**
 * How a conditional write recognises itself.
 *
 * Where the answer to a conditional write is lost, the SDK sends it again, and S3 answers the second with 412:
 * the version named is stored no longer, since the first went through. Whether it was the first or another
 * writer is told by what the object carries: each conditional write brings a random token along in the object's
 * metadata, and behind it the tokens of the writes that it came after. A writer that is in doubt reads them: its
 * token in front means that its version is stored, its token further behind that it won and was overtaken since,
 * no token that it lost.
 */

/** Name of the metadata entry: `x-amz-meta-backfill-writes` in HTTP. */
export const WRITES_ENTRY = 'backfill-writes';

/**
 * Tokens that an object carries. By so many other writes can one be overtaken between its lost answer and its
 * question (under a minute), and still know itself. 832 bytes of the 2 KB that S3 allows for metadata.
 */
const MOST_TOKENS = 64;

/** One version's token, then those of the versions before it, newest first; joined by dots. */
export type WriteHistory = string;

/** 72 random bits. */
export function newWriteToken(): string {
  return randomBytes(9).toString('base64url');
}

/** The history of the version that `token` writes over the one with `before`. */
export function extendHistory(token: string, before: WriteHistory | undefined): WriteHistory {
  const earlier = before === undefined ? [] : before.split('.');
  return [token, ...earlier].slice(0, MOST_TOKENS).join('.');
}

/** What became of the write with `token`, by the history of the version that is stored now. */
export function fateOf(token: string, stored: WriteHistory | undefined): 'stored' | 'overtaken' | 'refused' {
  const place = stored?.split('.').indexOf(token) ?? -1;
  return place === 0 ? 'stored' : place > 0 ? 'overtaken' : 'refused';
}

/** The histories of the versions that this process has seen lately, for the writes that will follow them. */
export class SeenHistories {
  readonly #most: number;
  readonly #histories = new Map<string, WriteHistory>();

  constructor(most = 1000) {
    this.#most = most;
  }

  remember(key: string, etag: string, history: WriteHistory): void {
    const version = `${key}\n${etag}`;
    this.#histories.delete(version);
    this.#histories.set(version, history);
    const oldest = this.#histories.keys().next();
    if (this.#histories.size > this.#most && oldest.value !== undefined) this.#histories.delete(oldest.value);
  }

  of(key: string, etag: string): WriteHistory | undefined {
    return this.#histories.get(`${key}\n${etag}`);
  }
}
