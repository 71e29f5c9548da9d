import type { InspectSubmission } from '../executor/submission-state.ts';
import type { SubmissionRecord } from '../run/records.ts';
import type { RunState } from '../run/status.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { findOpenSubmission, readStatus } from './read-status.ts';
import { type OpenRun, listSubmissions, readSubmission } from './runs.ts';
import { cancelSubmission, endSubmission } from './submit.ts';

/** What a cancelling came to. */
export interface Cancellation {
  /** False where nothing was to be cancelled. */
  readonly cancelled: boolean;
  readonly state: RunState;
  /** Whether workers are still at it, which leave after the tracks in flight or their grace time. */
  readonly draining: boolean;
  /** Who worked it last, where it can not be seen from here whether that has ended: if not, it drains. */
  readonly unseen?: string;
}

/**
 * Marks the newest submission of an unfinished run as cancelled, and stops what works it. A process that
 * works it sees the mark within seconds, and drains; where it is gone already, the mark tells that the run
 * was meant to stop. Jobs that need no such process are ended here.
 *
 * @param stopJobs ends the jobs of a submission to AWS Batch, and resolves when none of them runs
 */
export async function cancelRun(
  store: ObjectStore,
  run: OpenRun,
  inspect: InspectSubmission,
  stopJobs: (record: SubmissionRecord) => Promise<void>,
): Promise<Cancellation> {
  const id = run.record.run;
  const { state } = await readStatus(store, run, inspect);
  const submission = (await listSubmissions(store, id)).at(-1);
  if (state === 'finished' || submission === undefined) return { cancelled: false, state, draining: false };
  const record = await readSubmission(store, id, submission);
  if (state === 'cancelled') return { cancelled: false, state, draining: false };
  const open = await findOpenSubmission(store, id, inspect);
  await cancelSubmission(store, id, submission);
  if (record.executor.kind === 'local') {
    const unseen = open?.state.unseen === undefined ? {} : { unseen: open.state.unseen };
    return { cancelled: true, state: 'cancelled', draining: state === 'running', ...unseen };
  }
  await stopJobs(record);
  const endedAt = new Date().toISOString();
  await endSubmission(store, { run: id, submission, endedAt, outcome: 'cancelled', gaveUp: [] });
  return { cancelled: true, state: 'cancelled', draining: false };
}
