import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readGenerationShards, readShardTracks } from './plans.ts';
import { type StoredFailure, readShardFailures } from './read-results.ts';
import type { OpenRun } from './runs.ts';
import { shardSpans } from '../run/generations.ts';

/** The failures that stand in one shard: those that no later retry has taken up. */
export interface ShardFailures {
  readonly entry: SubmissionEntry;
  readonly failures: readonly StoredFailure[];
}

/**
 * The standing failures of a run's finished shards, shard by shard, the newest generation first. Memory
 * grows with the outcomes that were ever retried and with one shard's failures.
 */
export async function* standingFailures(
  store: ObjectStore,
  run: OpenRun,
  finished: ReadonlySet<number>,
): AsyncGenerator<ShardFailures> {
  const retried = new Set<string>();
  for (const span of shardSpans(run.record, run.generations).toReversed()) {
    const entries = await readGenerationShards(store, run.record.run, span);
    for (const entry of entries) {
      if (!finished.has(entry.shard)) continue;
      const failures: StoredFailure[] = [];
      for await (const failure of readShardFailures(store, run.record.run, entry.shard)) {
        if (!retried.has(outcomeKey(failure.trackId, failure.algorithm))) failures.push(failure);
      }
      if (failures.length > 0) yield { entry, failures };
    }
    if (span.generation === 0) return;
    for (const entry of entries) {
      for (const { track, algorithms } of await readShardTracks(store, run, entry)) {
        for (const algorithm of algorithms ?? []) retried.add(outcomeKey(track.trackId, algorithm));
      }
    }
  }
}

/** Names one outcome: a track's in an algorithm. (A track id has no control characters.) */
export function outcomeKey(trackId: string, algorithm: string): string {
  return `${algorithm}\n${trackId}`;
}
