import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Execution, Executor, GivenUpShard, ShardTrouble } from '../executor/executor.ts';
import { cancelledKey } from '../run/keys.ts';
import { readIfPresent } from '../run/read-object.ts';
import type { EndedRecord, SubmissionRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { submissionUri } from '../worker/assignment.ts';
import { readRunRecord } from './runs.ts';
import { pauseAfterLook, readShardStates } from './shard-states.ts';
import { SubmissionMeter, type SubmissionProgress } from './submission-progress.ts';
import { endSubmission } from './submit.ts';

/** How often a command that works a run looks whether someone has cancelled it. */
const CANCEL_POLL_MILLISECONDS = 2000;

/** So many given-up shards stand in the record of a submission's end. */
const MAX_GIVEN_UP_RECORDED = 1000;

/** After a look at the store that failed, the next one comes so much later. */
const FAILED_LOOK_PAUSE_MILLISECONDS = 30_000;

export interface ExecuteOptions {
  readonly store: ObjectStore;
  readonly record: SubmissionRecord;
  /** The submission's shards, in the order of its table. */
  readonly entries: readonly SubmissionEntry[];
  readonly executor: Executor;
  /** Whether to leave workers that outlive this process to themselves, as soon as all are handed over. */
  readonly detach: boolean;
  /** Aborted: let the tracks in flight come to their end; or leave workers that outlive this process. */
  readonly drain: AbortSignal;
  /** Aborted: kill what runs. */
  readonly stop: AbortSignal;
  /** When a submission begins: from now on this says how far it is, whenever it is asked. */
  readonly onSubmission: (readProgress: () => SubmissionProgress | undefined) => void;
  readonly onTrouble: (trouble: ShardTrouble) => void;
  readonly onNotice: (message: string) => void;
  readonly onWorkers: (workers: Readonly<Record<string, number>>) => void;
}

/** How this process saw a submission end; `under-way`: it goes on without this process. */
export interface SubmissionEnd {
  readonly outcome: EndedRecord['outcome'] | 'under-way';
  readonly gaveUp: readonly GivenUpShard[];
}

/** Sees a submission through, and records how it ended. */
export async function executeSubmission(options: ExecuteOptions): Promise<SubmissionEnd> {
  const { store, record, entries, executor, drain, stop } = options;
  const { run, submission } = record;
  const cancelled = new AbortController();
  const lookForCancel = async () => {
    const found = await readIfPresent(store, cancelledKey(run, submission));
    if (found !== undefined) cancelled.abort();
  };
  const meter = new SubmissionMeter({
    record,
    entries,
    fromStore: executor.outlives,
    checkpointSeconds: (await readRunRecord(store, run))?.settings.checkpointSeconds ?? 0,
    clock: () => performance.now() / 1000,
  });
  options.onSubmission(() => meter.read());
  const watching = new AbortController();
  let watch: Promise<void> | undefined;
  const poll = setInterval(() => lookForCancel().catch(() => {}), CANCEL_POLL_MILLISECONDS);
  try {
    // What an earlier submission has left half done has to be known before a worker reports on it.
    if (!executor.outlives) meter.see(await readShardStates(store, run));
    else if (!options.detach) watch = watchStore(options, meter, watching.signal);
    const execution = await executor.execute({
      uri: submissionUri({ storeUri: store.uri, run, submission }),
      record,
      entries,
      detach: options.detach,
      drain: AbortSignal.any([drain, cancelled.signal]),
      stop,
      onProgress: (shard) => {
        // What is known from the end of a shard is newer than any look that is under way.
        watching.abort();
        meter.hear(shard);
      },
      onTrouble: options.onTrouble,
      onNotice: options.onNotice,
      onWorkers: (workers, atWork) => {
        meter.setWorkers(atWork);
        options.onWorkers(workers);
      },
    });
    // Workers that were ended from elsewhere may be gone before the mark is next looked for.
    if (execution.finished < entries.length) await lookForCancel();
    const outcome = outcomeOf(execution, entries.length, {
      cancelled: cancelled.signal.aborted,
      interrupted: drain.aborted || stop.aborted,
    });
    const { gaveUp } = execution;
    // Whoever cancels workers that outlive this process sees to their end.
    const isOver = outcome !== 'under-way' && !(execution.underWay && outcome === 'cancelled');
    if (isOver) {
      const end = {
        run,
        submission,
        endedAt: new Date().toISOString(),
        outcome,
        gaveUp: gaveUp.slice(0, MAX_GIVEN_UP_RECORDED).map(({ shard, reason }) => ({ shard, reason })),
      };
      // A store that lets nothing be written any more is what many a submission ends for; others see that it has ended.
      await endSubmission(store, end).catch((error: unknown) => {
        options.onNotice(`how this ended could not be recorded: ${messageOf(error)}`);
      });
    }
    return { outcome, gaveUp };
  } finally {
    clearInterval(poll);
    watching.abort();
    await watch;
  }
}

/** Looks at the store again and again, no more often than pays, until it is told to stop; never rejects. */
async function watchStore(
  { store, record, onNotice }: ExecuteOptions,
  meter: SubmissionMeter,
  signal: AbortSignal,
): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    const began = performance.now();
    let pause: number;
    try {
      const states = await readShardStates(store, record.run, { signal });
      if (signal.aborted) return;
      meter.see(states);
      pause = pauseAfterLook(performance.now() - began, states.requests);
      isFailing = false;
    } catch (error) {
      // Once for each time that it begins: whoever executes the submission meets the same trouble, and decides.
      if (!signal.aborted && !isFailing)
        onNotice(`progress can not be read at the moment: ${messageOf(error)}`);
      isFailing = true;
      pause = FAILED_LOOK_PAUSE_MILLISECONDS;
    }
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}

function outcomeOf(
  { finished, underWay }: Execution,
  shards: number,
  asked: { readonly cancelled: boolean; readonly interrupted: boolean },
): SubmissionEnd['outcome'] {
  if (finished === shards) return 'finished';
  if (asked.cancelled) return 'cancelled';
  if (underWay) return 'under-way';
  return asked.interrupted ? 'interrupted' : 'gave-up';
}
