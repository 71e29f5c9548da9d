import { untilAborted } from '../audio/deadline.ts';
import type { FetchedSources } from './fetched-sources.ts';

export interface SourcesAheadOptions {
  readonly rows: number;
  /** Fetches the sources of a row; rejects with the signal's reason when that is aborted. */
  readonly fetch: (row: number, signal: AbortSignal) => Promise<FetchedSources>;
}

/**
 * Fetches the sources of rows one row ahead of their work, so that the network is waited for while there is
 * other work. With one row in work, at most two rows' sources are on the scratch disk.
 */
export class SourcesAhead {
  readonly #options: SourcesAheadOptions;
  readonly #closing = new AbortController();
  /** Not yet handed over. */
  readonly #fetching = new Map<number, Promise<FetchedSources>>();

  constructor(options: SourcesAheadOptions) {
    this.#options = options;
  }

  /**
   * Waits for the sources of `row`, and starts on those of the next. From here on it is the caller who
   * releases them.
   *
   * @param leave ends the wait at once; the sources stay with this object then, and `undefined` is returned
   * @throws what `fetch` throws
   */
  async take(row: number, leave: AbortSignal): Promise<FetchedSources | undefined> {
    const fetching = this.#start(row);
    if (row + 1 < this.#options.rows) void this.#start(row + 1);
    try {
      const sources = await untilAborted(fetching, leave);
      this.#fetching.delete(row);
      return sources;
    } catch (error) {
      if (leave.aborted) return undefined;
      throw error;
    }
  }

  /** Ends what is being fetched, and releases what nobody has taken. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const fetched of await Promise.allSettled(this.#fetching.values())) {
      if (fetched.status === 'fulfilled') await fetched.value.release();
    }
    this.#fetching.clear();
  }

  #start(row: number): Promise<FetchedSources> {
    const started = this.#fetching.get(row);
    if (started !== undefined) return started;
    const fetching = this.#options.fetch(row, this.#closing.signal);
    // Until it is taken its failure is nobody's.
    fetching.catch(() => {});
    this.#fetching.set(row, fetching);
    return fetching;
  }
}
