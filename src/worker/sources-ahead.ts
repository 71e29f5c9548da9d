import { untilAborted } from '../audio/deadline.ts';
import type { FetchedSources } from './fetched-sources.ts';

/**
 * Rows ahead: an S3 that answers after 80 ms brings 1,600 a second so, which is more than any algorithm over lyrics
 * works.
 */
const MOST_ROWS = 128;
/** Of these, rows whose audio is downloaded: their work takes longer than their download, as a rule. */
const MOST_DOWNLOADS = 2;
/** What rows ahead may hold in memory and on the scratch disk before more than the next one is fetched. */
const MOST_BYTES: number = 64 * 1024 * 1024;

export interface SourcesAheadOptions {
  readonly rows: number;
  /** Fetches the sources of a row; rejects with the signal's reason when that is aborted. */
  readonly fetch: (row: number, signal: AbortSignal) => Promise<FetchedSources>;
  /** Whether a row's sources are put on the scratch disk, where they may take any room. */
  readonly downloads: (row: number) => boolean;
}

/** A row that nobody has taken yet. */
interface RowAhead {
  readonly sources: Promise<FetchedSources>;
  readonly downloads: boolean;
  /** What it holds; undefined while that is not known. */
  bytes: number | undefined;
}

/**
 * Fetches the sources of rows ahead of their work, so that the network is waited for while there is other work.
 *
 * The row after the one that is taken is always fetched. Beyond it rows are fetched in their order, up to 128, two of
 * them downloads, as long as all hold at most 64 MiB; a row that is still on its way is reckoned as large as those
 * before it were. So the scratch disk holds three downloads at most, with the one in work.
 */
export class SourcesAhead {
  readonly #options: SourcesAheadOptions;
  readonly #closing = new AbortController();
  readonly #ahead = new Map<number, RowAhead>();
  /** The first row that is not started. */
  #next = 0;
  /** Bytes of the largest row of late: it is halved with every row. */
  #large = 0;

  constructor(options: SourcesAheadOptions) {
    this.#options = options;
  }

  /**
   * Waits for the sources of `row`, and starts on those of the next. Rows are taken one after the other, from any
   * row on. From here on it is the caller who releases them.
   *
   * @param leave ends the wait at once; the sources stay with this object then, and `undefined` is returned
   * @throws what `fetch` throws
   */
  async take(row: number, leave: AbortSignal): Promise<FetchedSources | undefined> {
    const { sources } = this.#startFrom(row);
    try {
      const taken = await untilAborted(sources, leave);
      this.#ahead.delete(row);
      return taken;
    } catch (error) {
      if (leave.aborted) return undefined;
      throw error;
    }
  }

  /** Ends what is being fetched, and releases what nobody has taken. */
  async close(): Promise<void> {
    this.#closing.abort();
    const sources = Array.from(this.#ahead.values(), (ahead) => ahead.sources);
    for (const fetched of await Promise.allSettled(sources)) {
      if (fetched.status === 'fulfilled') await fetched.value.release();
    }
    this.#ahead.clear();
  }

  #startFrom(row: number): RowAhead {
    this.#next = Math.max(this.#next, row);
    const end = Math.min(row + 1 + MOST_ROWS, this.#options.rows);
    for (; this.#next < end; this.#next++) {
      if (this.#next > row + 1 && !this.#hasRoomBehind(row)) break;
      this.#ahead.set(this.#next, this.#start(this.#next));
    }
    return this.#ahead.get(row) as RowAhead;
  }

  /** Whether one more may be fetched beside those that come after `row`. */
  #hasRoomBehind(row: number): boolean {
    let downloads = this.#options.downloads(this.#next) ? 1 : 0;
    let bytes = this.#large;
    for (const [number, ahead] of this.#ahead) {
      if (number === row) continue;
      if (ahead.downloads) downloads += 1;
      bytes += ahead.bytes ?? this.#large;
    }
    return downloads <= MOST_DOWNLOADS && bytes <= MOST_BYTES;
  }

  #start(row: number): RowAhead {
    const sources = this.#options.fetch(row, this.#closing.signal);
    const started: RowAhead = { sources, downloads: this.#options.downloads(row), bytes: undefined };
    void this.#learnSizeOf(started);
    return started;
  }

  async #learnSizeOf(row: RowAhead): Promise<void> {
    try {
      const { bytes } = await row.sources;
      row.bytes = bytes;
      this.#large = Math.max(bytes, this.#large / 2);
    } catch {
      // Until it is taken its failure is nobody's.
    }
  }
}
