import { usageError } from '../errors.ts';
import type { JsonRow } from '../results/columns.ts';
import { presentedRow } from '../results/export.ts';
import { failedOutcomes } from '../run/checkpoint.ts';
import { parseDoneMarker } from '../run/done-marker.ts';
import { shardSpans } from '../run/generations.ts';
import { doneMarkerPrefix } from '../run/keys.ts';
import type { OutcomeCounts } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readCheckpoint } from '../worker/shard-checkpoint.ts';
import { readGenerationShards, readTracksOfShards } from './plans.ts';
import { presentRow } from './present-row.ts';
import { readResultsOfShard, readShardFailures } from './read-results.ts';
import type { OpenRun } from './runs.ts';

/**
 * All outcomes of one track, as presented rows; a failure has `code` and `message`. A retry's outcome
 * takes the place of the failure that it worked again. Reads the plan until it has found the track, all
 * plans of retries, and of the results those files that may hold it.
 *
 * @throws BackfillError `no-such-track`
 */
export async function* getTrack(store: ObjectStore, run: OpenRun, trackId: string): AsyncGenerator<JsonRow> {
  const { record } = run;
  const outcomes = new Map<string, JsonRow>();
  for (const shard of await shardsOfTrack(store, run, trackId)) {
    const counts = await readCounts(store, record.run, shard);
    // Not finished.
    if (counts === undefined) continue;
    const failed = failedOutcomes(counts);
    for await (const failure of readShardFailures(store, { run: record.run, shard, failed })) {
      if (failure.trackId !== trackId) continue;
      const { code, transient, message } = failure;
      outcomes.set(failure.algorithm, presentedRow({ ...failure, fields: { code, transient, message } }));
    }
    for (const { name, version } of record.settings.algorithms) {
      const rows = counts[name]?.succeeded ?? 0;
      const published = { run: record.run, shard, algorithm: { name, version }, rows };
      for await (const result of readResultsOfShard(store, published)) {
        if (result.trackId !== trackId) continue;
        const fields = presentRow({ name, version }, result.row);
        outcomes.set(name, presentedRow({ ...result, algorithm: name, version, fields }));
      }
    }
  }
  for (const { name, version } of record.settings.algorithms) {
    yield outcomes.get(name) ?? { track_id: trackId, algorithm: name, version, pending: true };
  }
}

/**
 * The shards that a track is planned in, oldest first: one of the run's own plan, and any of later ones.
 * @throws BackfillError `no-such-track`
 */
async function shardsOfTrack(store: ObjectStore, run: OpenRun, trackId: string): Promise<number[]> {
  const shards: number[] = [];
  for (const span of shardSpans(run.record, run.generations)) {
    const entries = await readGenerationShards(store, run.record.run, span);
    for await (const { entry, tracks } of readTracksOfShards(store, run, entries)) {
      if (!tracks.some(({ track }) => track.trackId === trackId)) continue;
      shards.push(entry.shard);
      // A retry may hold a track twice: an algorithm failed in the run's own plan, another in a retry.
      if (span.generation === 0) break;
    }
    if (shards.length === 0)
      throw usageError('no-such-track', `run ${run.record.run} has no track '${trackId}'`);
  }
  return shards;
}

/** The outcomes of one shard, by its marker, or by its checkpoint; undefined where it is not finished. */
async function readCounts(
  store: ObjectStore,
  run: string,
  shard: number,
): Promise<Readonly<Record<string, OutcomeCounts>> | undefined> {
  for await (const { key } of store.list(doneMarkerPrefix(run, shard))) {
    const counts = parseDoneMarker(run, key)?.counts;
    if (counts !== undefined) return counts;
  }
  const found = await readCheckpoint(store, run, shard);
  return found?.checkpoint.state === 'finished' ? found.checkpoint.counts : undefined;
}
