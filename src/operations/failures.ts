import { FAILURE_MEANINGS } from '../failures.ts';
import { shardSpans } from '../run/generations.ts';
import { failedOutcomes } from '../run/checkpoint.ts';
import type { OutcomeCounts } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { finishedShards } from './finished-shards.ts';
import { readGenerationShards, readTracksOfShards } from './plans.ts';
import { readAhead } from './read-ahead.ts';
import {
  type FailedOutcome,
  type FailuresFile,
  type StoredFailure,
  decodeFailedOutcomes,
  decodeFailures,
  readFailuresFile,
} from './read-results.ts';
import type { OpenRun } from './runs.ts';

/**
 * Files of failures that are read ahead, undecoded: some kilobytes each, as a rule. As many as the S3 client asks for
 * at a time.
 */
const FILES_AHEAD = 64;

/** What decides whether a failure is wanted: all of it is known from the marker of its shard. */
export type FailureKind = Pick<StoredFailure, 'algorithm' | 'code' | 'transient'>;

/** The failures that stand in one shard: those that no later retry has taken up. */
export interface ShardFailures<Failure = StoredFailure> {
  readonly entry: SubmissionEntry;
  readonly failures: readonly Failure[];
}

/**
 * The standing failures of a run's finished shards, shard by shard, the newest generation first. Shards
 * whose markers tell that nothing wanted failed are not read. Memory grows with the outcomes that were ever
 * retried and with one shard's failures.
 *
 * @param wanted all where undefined
 */
export function standingFailures(
  store: ObjectStore,
  run: OpenRun,
  wanted: (kind: FailureKind) => boolean = () => true,
): AsyncGenerator<ShardFailures> {
  return standing(store, run, wanted, decodeFailures);
}

/** The same, without what only people read of a failure: half of the work. */
export function standingOutcomes(
  store: ObjectStore,
  run: OpenRun,
  wanted: (kind: FailureKind) => boolean,
): AsyncGenerator<ShardFailures<FailedOutcome>> {
  return standing(store, run, wanted, decodeFailedOutcomes);
}

async function* standing<Failure extends FailedOutcome>(
  store: ObjectStore,
  run: OpenRun,
  wanted: (kind: FailureKind) => boolean,
  decode: (file: FailuresFile | undefined) => AsyncIterable<Failure>,
): AsyncGenerator<ShardFailures<Failure>> {
  const holding = await shardsHolding(store, run, wanted);
  const retried = new Set<string>();
  for (const span of shardSpans(run.record, run.generations).toReversed()) {
    const entries = await readGenerationShards(store, run.record.run, span);
    // What is left of the set lies in earlier generations.
    const files = readAhead(
      entries.filter(({ shard }) => holding.has(shard)),
      async (entry, signal) => {
        const failed = holding.get(entry.shard) ?? 0;
        holding.delete(entry.shard);
        const shard = { run: run.record.run, shard: entry.shard, failed };
        return { entry, file: await readFailuresFile(store, shard, signal) };
      },
      FILES_AHEAD,
    );
    for await (const { entry, file } of files) {
      const failures: Failure[] = [];
      for await (const failure of decode(file)) {
        if (wanted(failure) && !retried.has(outcomeKey(failure.trackId, failure.algorithm))) {
          failures.push(failure);
        }
      }
      if (failures.length > 0) yield { entry, failures };
    }
    if (span.generation === 0 || holding.size === 0) return;
    for await (const { tracks } of readTracksOfShards(store, run, entries)) {
      for (const { track, algorithms } of tracks) {
        for (const algorithm of algorithms ?? []) retried.add(outcomeKey(track.trackId, algorithm));
      }
    }
  }
}

/** Names one outcome: a track's in an algorithm. (A track id has no control characters.) */
export function outcomeKey(trackId: string, algorithm: string): string {
  return `${algorithm}\n${trackId}`;
}

/** The finished shards that hold a wanted failure, with the number of all their failures. */
async function shardsHolding(
  store: ObjectStore,
  run: OpenRun,
  wanted: (kind: FailureKind) => boolean,
): Promise<Map<number, number>> {
  const shards = new Map<number, number>();
  for await (const { shard, counts } of finishedShards(store, run)) {
    if (holdsAny(counts, wanted)) shards.set(shard, failedOutcomes(counts));
  }
  return shards;
}

function holdsAny(
  counts: Readonly<Record<string, OutcomeCounts>>,
  wanted: (kind: FailureKind) => boolean,
): boolean {
  return Object.entries(counts).some(([algorithm, { failed }]) =>
    Object.keys(failed).some((code) =>
      transienceOf(code).some((transient) => wanted({ algorithm, code, transient })),
    ),
  );
}

/** Whether failures of a code are transient; either may be for a code that only a newer backfill knows. */
function transienceOf(code: string): readonly boolean[] {
  const meanings: Readonly<Record<string, { readonly transient: boolean }>> = FAILURE_MEANINGS;
  const transient = meanings[code]?.transient;
  return transient === undefined ? [false, true] : [transient];
}
