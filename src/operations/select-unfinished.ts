import { usageError } from '../errors.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readShards } from './plans.ts';
import { findLiveSubmission } from './read-status.ts';
import type { OpenRun } from './runs.ts';
import { readShardStates } from './shard-states.ts';

/** The shards of a run that are not finished; none where it is. @throws BackfillError `run-active` */
export async function selectUnfinished(store: ObjectStore, run: OpenRun): Promise<SubmissionEntry[]> {
  await refuseWhileActive(store, run.record.run);
  const { finished } = await readShardStates(store, run.record.run);
  return (await readShards(store, run)).filter(({ shard }) => !finished.has(shard));
}

/**
 * Two who work one run at the same time lose nothing, but each undoes the other's work in flight.
 * @throws BackfillError `run-active`
 */
export async function refuseWhileActive(store: ObjectStore, run: string): Promise<void> {
  const live = await findLiveSubmission(store, run);
  if (live === undefined) return;
  throw usageError('run-active', `run ${run} is being worked by process ${live.executor.process}`, {
    hint: `backfill status ${run} --watch shows it; backfill cancel ${run} stops it`,
  });
}
