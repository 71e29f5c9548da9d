import { ALGORITHMS } from '../algorithms/registry.ts';
import { usageError } from '../errors.ts';
import type { JsonRow } from '../results/columns.ts';
import { presentedRow } from '../results/export.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readShardTracks, readShards } from './plans.ts';
import { readResultsOfShard, readShardFailures } from './read-results.ts';
import type { OpenRun } from './runs.ts';
import { readShardStates } from './shard-states.ts';

/**
 * All outcomes of one track, as presented rows; a failure has `code` and `message`. A retry's outcome
 * takes the place of the failure that it worked again. Reads the plan until it has found the track, and
 * the files of its shards alone.
 *
 * @throws BackfillError `no-such-track`
 */
export async function* getTrack(store: ObjectStore, run: OpenRun, trackId: string): AsyncGenerator<JsonRow> {
  const { record } = run;
  const { finished } = await readShardStates(store, record.run);
  const outcomes = new Map<string, JsonRow>();
  let planned = false;
  for (const entry of await readShards(store, run)) {
    if (planned && entry.generation === 0) continue;
    const tracks = await readShardTracks(store, run, entry);
    if (!tracks.some(({ track }) => track.trackId === trackId)) continue;
    planned = true;
    if (!finished.has(entry.shard)) continue;
    for await (const failure of readShardFailures(store, record.run, entry.shard)) {
      if (failure.trackId !== trackId) continue;
      const { code, transient, message } = failure;
      outcomes.set(failure.algorithm, presentedRow({ ...failure, fields: { code, transient, message } }));
    }
    for (const { name, version } of record.settings.algorithms) {
      for await (const result of readResultsOfShard(store, record.run, { name, version }, entry.shard)) {
        if (result.trackId !== trackId) continue;
        const fields = ALGORITHMS.find((algorithm) => algorithm.name === name)?.present(result.row) ?? {};
        outcomes.set(name, presentedRow({ ...result, algorithm: name, version, fields }));
      }
    }
  }
  if (!planned) throw usageError('no-such-track', `run ${record.run} has no track '${trackId}'`);
  for (const { name, version } of record.settings.algorithms) {
    yield outcomes.get(name) ?? { track_id: trackId, algorithm: name, version, pending: true };
  }
}
