import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportResults } from '../../src/operations/export-results.ts';
import { type FailureKind, standingFailures } from '../../src/operations/failures.ts';
import { getTrack } from '../../src/operations/get-track.ts';
import { planRetry } from '../../src/operations/plan-retry.ts';
import { readShardTracks } from '../../src/operations/plans.ts';
import { openRun } from '../../src/operations/runs.ts';
import type { JsonRow } from '../../src/results/columns.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { ALGORITHMS, type WorkedShard, storeRun, workNewestGeneration } from './worked-run.ts';
import { numRuns } from '../property-settings.ts';

/** A code of today that is transient, two that are not, one that only a newer backfill knows, and successes. */
const CODES = ['timeout', 'too-short', 'no-lyrics', 'sent-to-mars', undefined, undefined] as const;

type Filter = (kind: FailureKind) => boolean;

const FILTERS: Readonly<Record<string, Filter>> = {
  all: () => true,
  transient: ({ transient }) => transient,
  'one code': ({ code }) => code === 'too-short',
  'one algorithm': ({ algorithm }) => algorithm === 'romanisation',
};

const runs = fc.record({
  shards: fc.integer({ min: 1, max: 4 }),
  rows: fc.integer({ min: 1, max: 3 }),
  codes: fc.array(fc.constantFrom(...CODES), { minLength: 1, maxLength: 40 }),
  fates: fc.array(fc.record({ finished: fc.boolean(), shortMarker: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  }),
  retries: fc.array(fc.constantFrom(...Object.values(FILTERS)), { maxLength: 3 }),
});

/** Failures of finished shards that no later plan holds, the newest generation first: by the whole history. */
function standing(history: readonly WorkedShard[]): WorkedShard[] {
  return history
    .toSorted((a, b) => b.generation - a.generation || a.shard - b.shard)
    .filter(({ finished }) => finished)
    .map((shard) => ({
      ...shard,
      outcomes: shard.outcomes.filter(
        ({ trackId, algorithm, code }) =>
          code !== undefined &&
          !history.some(
            (later) =>
              later.generation > shard.generation &&
              later.outcomes.some((other) => other.trackId === trackId && other.algorithm === algorithm),
          ),
      ),
    }));
}

/** What is known of one track, the newest word last. */
function outcomesOf(history: readonly WorkedShard[], trackId: string): (string | undefined)[] {
  const words = new Map<string, string>();
  for (const { finished, outcomes } of history) {
    for (const { trackId: track, algorithm, code } of finished ? outcomes : []) {
      if (track === trackId) words.set(algorithm, code ?? 'succeeded');
    }
  }
  return ALGORITHMS.map(({ name }) => words.get(name));
}

function wordOf(row: JsonRow): string | undefined {
  if ('pending' in row) return undefined;
  return 'code' in row ? (row['code'] as string) : 'succeeded';
}

describe('failures of a run, whatever its shards came to and was retried', () => {
  it('are those that the whole history has, in its order', () =>
    fc.assert(
      fc.asyncProperty(runs, async ({ shards, rows, codes, fates, retries }) => {
        const store = new MemoryStore();
        let run = await storeRun(store, { shards, rows });
        let [code, fate] = [0, 0];
        const work = () =>
          workNewestGeneration(
            store,
            run,
            () => codes[code++ % codes.length],
            () => fates[fate++ % fates.length] ?? { finished: true },
          );
        const history = await work();
        for (const wanted of retries) {
          const expected = standing(history).flatMap(({ outcomes }) =>
            outcomes.filter(({ algorithm, code: why }) => wanted(kindOf(algorithm, why))),
          );
          const entries = await planRetry(store, run, {
            wanted,
            algorithms: ALGORITHMS,
            parallelism: undefined,
            now: '2026-11-21T04:00:00.000Z',
          });
          run = await openRun(store, run.record.run);
          const planned = [];
          for (const entry of entries) {
            for (const { track, algorithms } of await readShardTracks(store, run, entry)) {
              for (const algorithm of algorithms ?? []) planned.push(`${track.trackId} ${algorithm}`);
            }
          }
          expect(planned).toEqual(expected.map(({ trackId, algorithm }) => `${trackId} ${algorithm}`));
          if (entries.length > 0) history.push(...(await work()));
        }

        const expected = standing(history);
        for (const wanted of Object.values(FILTERS)) {
          const found = [];
          for await (const { entry, failures } of standingFailures(store, run, wanted)) {
            for (const failure of failures) found.push([entry.shard, failure.trackId, failure.code]);
          }
          expect(found).toEqual(
            expected.flatMap(({ shard, outcomes }) =>
              outcomes
                .filter((outcome) => wanted(kindOf(outcome.algorithm, outcome.code)))
                .map((outcome) => [shard, outcome.trackId, outcome.code]),
            ),
          );
        }
        const exported = Buffer.concat(await Array.fromAsync(exportResults(store, run, 'failures', 'jsonl')));
        const lines = exported.toString().split('\n').slice(0, -1);
        expect(lines).toHaveLength(expected.flatMap(({ outcomes }) => outcomes).length);
        for (const trackId of ['track-0', `track-${shards * rows - 1}`]) {
          const words = (await Array.fromAsync(getTrack(store, run, trackId))).map(wordOf);
          expect(words).toEqual(outcomesOf(history, trackId));
        }
      }),
      {
        numRuns: numRuns(60),
        examples: [
          // A track whose two failures come from two generations: the second retry holds it in two rows.
          [
            {
              shards: 1,
              rows: 1,
              codes: ['too-short', 'timeout'],
              fates: [{ finished: true, shortMarker: false }],
              retries: [FILTERS['transient'] as Filter, FILTERS['all'] as Filter, FILTERS['all'] as Filter],
            },
          ],
        ],
      },
    ));

  it('of a track that is in no plan are a mistake of who asks', async () => {
    const store = new MemoryStore();
    const run = await storeRun(store, { shards: 2, rows: 2 });
    await expect(Array.fromAsync(getTrack(store, run, 'track-4'))).rejects.toMatchObject({
      code: 'no-such-track',
    });
  });
});

function kindOf(algorithm: string, code: string | undefined): FailureKind {
  return { algorithm, code: code ?? '', transient: code === 'timeout' || code === 'sent-to-mars' };
}
