import type { InspectSubmission, SubmissionState } from '../executor/submission-state.ts';
import { cancelledKey, endedKey } from '../run/keys.ts';
import { readIfPresent } from '../run/read-object.ts';
import { decodeRecord } from '../run/record-codec.ts';
import type { SubmissionRecord } from '../run/records.ts';
import { type RunStatus, foldStatus } from '../run/status.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { type OpenRun, listSubmissions, readSubmission } from './runs.ts';
import { readShardStates } from './shard-states.ts';

/** Folds what the store, and the executor of the newest submission, know of a run into its status. */
export async function readStatus(
  store: ObjectStore,
  { record, generations }: OpenRun,
  inspect: InspectSubmission,
): Promise<RunStatus> {
  const states = await readShardStates(store, record.run);
  const submissions = await readSubmissionTimes(store, record.run, inspect);
  const last = submissions.at(-1);
  const cancelled =
    last !== undefined &&
    (await readIfPresent(store, cancelledKey(record.run, last.record.submission))) !== undefined;
  return foldStatus({
    run: record,
    generations,
    counts: states.counts,
    finishedShards: states.finished.size,
    startedShards: states.started.size,
    reclaims: states.reclaims,
    workSeconds: states.workSeconds,
    live: last?.state?.live ?? false,
    cancelled,
    seconds: submissions.reduce((sum, { seconds }) => sum + seconds, 0),
    ...(last?.record.executor.kind === 'batch'
      ? {
          batch: {
            queue: last.record.executor.queue,
            definition: last.record.executor.definition,
            workers: last.state?.children ?? {},
            unsubmitted: last.state?.unsubmitted ?? 0,
            waiting: last.state?.waiting,
            unasked: last.state?.unasked,
          },
        }
      : {}),
  });
}

/** The newest submission of a run, and how it is where its end is not recorded; undefined where there is none. */
export async function findOpenSubmission(
  store: ObjectStore,
  run: string,
  inspect: InspectSubmission,
): Promise<{ readonly record: SubmissionRecord; readonly state: SubmissionState } | undefined> {
  const last = (await listSubmissions(store, run)).at(-1);
  if (last === undefined) return undefined;
  const ended = await readIfPresent(store, endedKey(run, last));
  if (ended !== undefined) return undefined;
  const record = await readSubmission(store, run, last);
  return { record, state: await inspect(record) };
}

interface SubmissionTimes {
  readonly record: SubmissionRecord;
  /** Undefined where its end is recorded, or another came after it. */
  readonly state: SubmissionState | undefined;
  readonly seconds: number;
}

async function readSubmissionTimes(
  store: ObjectStore,
  run: string,
  inspect: InspectSubmission,
): Promise<SubmissionTimes[]> {
  const times: SubmissionTimes[] = [];
  const submissions = await listSubmissions(store, run);
  for (const submission of submissions) {
    const record = await readSubmission(store, run, submission);
    const key = endedKey(run, submission);
    const bytes = await readIfPresent(store, key);
    const ended = bytes === undefined ? undefined : decodeRecord('ended', key, bytes, { run, submission });
    const state =
      ended === undefined && submission === submissions.at(-1) ? await inspect(record) : undefined;
    const end = ended?.endedAt ?? state?.endedAt;
    const until = end !== undefined ? Date.parse(end) : state?.live === true ? Date.now() : undefined;
    const seconds = until === undefined ? 0 : Math.max(0, (until - Date.parse(record.createdAt)) / 1000);
    times.push({ record, state, seconds });
  }
  return times;
}
