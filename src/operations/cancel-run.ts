import type { RunState } from '../run/status.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readStatus } from './read-status.ts';
import { type OpenRun, listSubmissions } from './runs.ts';
import { cancelSubmission } from './submit.ts';

/**
 * Marks the newest submission of an unfinished run as cancelled. The process that works it sees the mark
 * within seconds, and drains; where it is gone already, the mark tells that the run was meant to stop.
 */
export async function cancelRun(
  store: ObjectStore,
  run: OpenRun,
): Promise<{ readonly cancelled: boolean; readonly state: RunState }> {
  const { state } = await readStatus(store, run);
  const submission = (await listSubmissions(store, run.record.run)).at(-1);
  if (state === 'finished' || state === 'cancelled' || submission === undefined)
    return { cancelled: false, state };
  await cancelSubmission(store, run.record.run, submission);
  return { cancelled: true, state: 'cancelled' };
}
