import { usageError } from '../errors.ts';
import type { InspectSubmission } from '../executor/submission-state.ts';
import { cancelledKey } from '../run/keys.ts';
import { readIfPresent } from '../run/read-object.ts';
import type { SubmissionRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { describeProcess } from '../worker/liveness.ts';
import { readShards } from './plans.ts';
import { findOpenSubmission } from './read-status.ts';
import { type OpenRun, readSubmissionEntries } from './runs.ts';
import { readShardStates } from './shard-states.ts';
import { endSubmission } from './submit.ts';

/** What `resume` has to do. */
export interface Unfinished {
  readonly entries: readonly SubmissionEntry[];
  /**
   * A submission that goes on without the command that made it, or was not handed over whole when that
   * ended: it is gone on with, and `entries` are its shards.
   */
  readonly adopted: SubmissionRecord | undefined;
  /** Who worked the run last, where it could not be seen whether that has ended: it is taken to have. */
  readonly unseen: string | undefined;
  /** Whether its workers have all ended: what they have left is to be worked once more then. */
  readonly isOver: boolean;
}

/**
 * The shards of a run that are not finished; none where it is.
 *
 * @param mayAdopt whether a submission to AWS Batch may be gone on with; not where the run is to go on here
 * @throws BackfillError `run-active`, `batch-unasked`
 */
export async function selectUnfinished(
  store: ObjectStore,
  run: OpenRun,
  inspect: InspectSubmission,
  mayAdopt: boolean,
): Promise<Unfinished> {
  const id = run.record.run;
  const open = await findOpenSubmission(store, id, inspect);
  if (open !== undefined && open.record.executor.kind === 'batch') {
    const { record, state } = open;
    if (state.unasked !== undefined) {
      throw usageError('batch-unasked', `AWS Batch has run ${id}, and could not be asked: ${state.unasked}`);
    }
    const cancelled = (await readIfPresent(store, cancelledKey(id, record.submission))) !== undefined;
    if (cancelled && state.live) {
      throw usageError('run-active', `run ${id} was cancelled, and some of its jobs have not ended yet`, {
        hint: `backfill cancel ${id} sees them end`,
      });
    }
    if (!cancelled && mayAdopt) {
      const entries = await readSubmissionEntries(store, record);
      const isOver = !state.live && state.unsubmitted === 0;
      return { entries, adopted: record, isOver, unseen: undefined };
    }
  }
  refuseIfLive(id, open);
  const { finished, unmarked } = await readShardStates(store, id);
  // A shard whose marker alone is missing is handed out once more: its worker writes just that.
  const isDone = (shard: number): boolean => finished.has(shard) && !unmarked.has(shard);
  const entries = (await readShards(store, run)).filter(({ shard }) => !isDone(shard));
  return { entries, adopted: undefined, isOver: false, unseen: open?.state.unseen };
}

/**
 * Makes sure that nobody works a run. (Two who do so at the same time lose nothing, but each undoes the
 * other's work in flight.) A submission whose workers have ended with nobody to record it is closed.
 * @returns who worked it last, where it could not be seen whether that has ended: it is taken to have
 * @throws BackfillError `run-active`
 */
export async function refuseWhileActive(
  store: ObjectStore,
  { record, generations }: OpenRun,
  inspect: InspectSubmission,
): Promise<string | undefined> {
  const { run } = record;
  const open = await findOpenSubmission(store, run, inspect);
  refuseIfLive(run, open);
  if (open === undefined || open.state.endedAt === undefined) return open?.state.unseen;
  const { finished } = await readShardStates(store, run);
  const shards = generations.reduce((sum, generation) => sum + generation.shards, record.plan.shards);
  await endSubmission(store, {
    run,
    submission: open.record.submission,
    endedAt: open.state.endedAt,
    outcome: finished.size === shards ? 'finished' : 'gave-up',
    gaveUp: [],
  });
  return undefined;
}

function refuseIfLive(run: string, open: Awaited<ReturnType<typeof findOpenSubmission>>): void {
  if (open === undefined || !open.state.live) return;
  const { executor } = open.record;
  const by = executor.kind === 'local' ? describeProcess(executor) : `AWS Batch, queue ${executor.queue}`;
  throw usageError('run-active', `run ${run} is being worked by ${by}`, {
    hint: `backfill status ${run} --watch shows it; backfill cancel ${run} stops it`,
  });
}
