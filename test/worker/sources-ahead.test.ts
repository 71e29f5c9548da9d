import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FetchedSources } from '../../src/worker/fetched-sources.ts';
import { SourcesAhead } from '../../src/worker/sources-ahead.ts';

const MEBIBYTE = 1024 * 1024;
const MOST_ROWS = 128;
const MOST_DOWNLOADS = 2;
const MOST_BYTES = 64 * MEBIBYTE;
const NEVER = new AbortController().signal;

/** What a row is in these tests, and what becomes of its fetch. */
interface Source {
  readonly bytes: number;
  readonly downloads: boolean;
  readonly fails: boolean;
}

/** Sources that are there when a test says so. */
class HeldSources {
  readonly started: number[] = [];
  /** Rows whose sources have come. */
  readonly arrived: number[] = [];
  readonly released: number[] = [];
  readonly #sources: readonly Source[];
  readonly #answers = new Map<number, PromiseWithResolvers<FetchedSources>>();

  constructor(sources: readonly Source[]) {
    this.#sources = sources;
  }

  /** Rows that were asked for and not answered, in order. */
  get waiting(): readonly number[] {
    return Array.from(this.#answers.keys());
  }

  readonly downloads = (row: number): boolean => this.source(row).downloads;

  readonly fetch = (row: number, signal: AbortSignal): Promise<FetchedSources> => {
    this.started.push(row);
    const answer = Promise.withResolvers<FetchedSources>();
    this.#answers.set(row, answer);
    signal.addEventListener('abort', () => answer.reject(signal.reason));
    return answer.promise;
  };

  source(row: number): Source {
    return this.#sources[row] as Source;
  }

  /** Answers a fetch. */
  answer(row: number): void {
    const { bytes, fails } = this.source(row);
    const answer = this.#answers.get(row);
    this.#answers.delete(row);
    if (fails) {
      answer?.reject(failureOf(row));
      return;
    }
    this.arrived.push(row);
    const release = async (): Promise<void> => void this.released.push(row);
    answer?.resolve({ audio: undefined, lyrics: undefined, bytes, release });
  }
}

const ascending = (a: number, b: number): number => a - b;

const failures = new Map<number, Error>();
function failureOf(row: number): Error {
  const failure = failures.get(row) ?? new Error(`row ${row}`);
  failures.set(row, failure);
  return failure;
}

const anySource = fc.record({
  bytes: fc.oneof(fc.nat(10_000), fc.nat(4 * MEBIBYTE), fc.nat(1024 * MEBIBYTE)),
  downloads: fc.boolean(),
  fails: fc.constant(false),
});
const anyCatalogue = fc.array(anySource, { minLength: 1, maxLength: 150 });
/** Which of the waiting fetches is answered, again and again. */
const anyOrder = fc.infiniteStream(fc.nat());

/** Takes rows from `first` on, answering fetches in any order until the row has come; ends with the row that fails. */
async function takeAll(
  held: HeldSources,
  options: {
    readonly ahead: SourcesAhead;
    readonly first: number;
    readonly end: number;
    readonly order: Iterator<number>;
    readonly onAnswer?: (row: number) => void;
  },
): Promise<number[]> {
  const { ahead, first, end, order, onAnswer = () => {} } = options;
  const taken: number[] = [];
  for (let row = first; row < end; row++) {
    let settled = false;
    const taking = ahead.take(row, NEVER).finally(() => (settled = true));
    taking.catch(() => {});
    onAnswer(row);
    while (held.waiting.includes(row)) {
      held.answer(held.waiting[order.next().value % held.waiting.length] as number);
      await Promise.resolve();
    }
    const sources = await taking;
    expect(settled).toBe(true);
    expect(sources?.bytes).toBe(held.source(row).bytes);
    taken.push(row);
    await sources?.release();
  }
  return taken;
}

describe('sources that are fetched ahead', () => {
  it('come in order, each is fetched once, and all are released by whoever has them', async () => {
    await fc.assert(
      fc.asyncProperty(anyCatalogue, fc.nat(), fc.nat(), anyOrder, async (sources, from, to, order) => {
        const held = new HeldSources(sources);
        const first = from % sources.length;
        const end = first + (to % (sources.length - first + 1));
        const ahead = new SourcesAhead({ rows: sources.length, ...held });
        const taken = await takeAll(held, { ahead, first, end, order });
        for (const row of held.waiting) if (row % 2 === 0) held.answer(row);
        await ahead.close();
        expect(taken).toEqual(Array.from({ length: end - first }, (_, index) => first + index));
        expect(held.started).toEqual(Array.from(held.started, (_, index) => first + index));
        expect(held.released.toSorted(ascending)).toEqual(held.arrived.toSorted(ascending));
      }),
    );
  });

  it('are at most 128 rows, two downloads, and beyond the next row what is known to fit', async () => {
    await fc.assert(
      fc.asyncProperty(anyCatalogue, anyOrder, async (sources, order) => {
        const held = new HeldSources(sources);
        const ahead = new SourcesAhead({ rows: sources.length, ...held });
        let startedBefore = 0;
        const check = (row: number): void => {
          const behind = held.started.filter((started) => started > row);
          expect(behind.length).toBeLessThanOrEqual(MOST_ROWS);
          expect(behind.filter(held.downloads).length).toBeLessThanOrEqual(MOST_DOWNLOADS);
          const arrived = behind.filter((started) => held.arrived.includes(started));
          const bytes = arrived.reduce((sum, started) => sum + held.source(started).bytes, 0);
          // None but the next row is started once there is too much.
          const startedNow = held.started.slice(startedBefore).filter((started) => started > row + 1);
          if (bytes > MOST_BYTES) expect(startedNow).toEqual([]);
          startedBefore = held.started.length;
        };
        await takeAll(held, { ahead, first: 0, end: sources.length, order, onAnswer: check });
        await ahead.close();
        expect(held.started).toHaveLength(sources.length);
      }),
    );
  });

  it('of lyrics there are 128 under way, so that none is waited for', async () => {
    const held = new HeldSources(
      Array.from({ length: 400 }, () => ({ bytes: 4000, downloads: false, fails: false })),
    );
    const ahead = new SourcesAhead({ rows: 400, ...held });
    void ahead.take(0, NEVER);
    expect(held.waiting).toHaveLength(1 + MOST_ROWS);
    const order = (function* zeros(): Generator<number, never> {
      for (;;) yield 0;
    })();
    held.answer(0);
    await takeAll(held, { ahead, first: 1, end: 100, order });
    expect(held.started).toHaveLength(100 + MOST_ROWS);
    await ahead.close();
  });

  it('are fewer as long as those before were large', async () => {
    const bytes = 20 * MEBIBYTE;
    const held = new HeldSources(
      Array.from({ length: 9 }, () => ({ bytes, downloads: false, fails: false })),
    );
    const ahead = new SourcesAhead({ rows: 9, ...held });
    const taking = ahead.take(0, NEVER);
    for (const row of held.waiting) held.answer(row);
    await taking;
    held.started.length = 0;
    for (const row of [1, 2, 3, 4, 5]) await ahead.take(row, NEVER);
    expect(held.started).toEqual([]);
    await ahead.close();
    expect(held.released).toEqual([6, 7, 8]);
  });

  it('fail in their turn, and not before', async () => {
    await fc.assert(
      fc.asyncProperty(anyCatalogue, fc.nat(), anyOrder, async (sources, at, order) => {
        const bad = at % sources.length;
        const held = new HeldSources(
          sources.map((source, row) => (row === bad ? { ...source, fails: true } : source)),
        );
        const ahead = new SourcesAhead({ rows: sources.length, ...held });
        const taking = takeAll(held, { ahead, first: 0, end: sources.length, order });
        await expect(taking).rejects.toBe(failureOf(bad));
        expect(held.released).toEqual(Array.from({ length: bad }, (_, row) => row));
        for (const row of held.waiting) held.answer(row);
        await ahead.close();
        expect(held.released.toSorted(ascending)).toEqual(held.started.filter((row) => row !== bad));
      }),
    );
  });

  it('are left at once, and released, by whoever is told to leave', async () => {
    const held = new HeldSources(
      Array.from({ length: 10 }, () => ({ bytes: 1, downloads: false, fails: false })),
    );
    const ahead = new SourcesAhead({ rows: 10, ...held });
    const leave = new AbortController();
    const taking = ahead.take(0, leave.signal);
    held.answer(3);
    leave.abort();
    expect(await taking).toBeUndefined();
    await ahead.close();
    expect(held.released).toEqual([3]);
  });
});
