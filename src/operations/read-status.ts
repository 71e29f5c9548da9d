import { cancelledKey, endedKey } from '../run/keys.ts';
import { decodeRecord } from '../run/record-codec.ts';
import type { SubmissionRecord } from '../run/records.ts';
import { type RunStatus, foldStatus } from '../run/status.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { isAlive } from '../worker/liveness.ts';
import { type OpenRun, listSubmissions, readIfPresent, readSubmission } from './runs.ts';
import { readShardStates } from './shard-states.ts';

/** Folds what the store knows of a run into its status. */
export async function readStatus(store: ObjectStore, { record, generations }: OpenRun): Promise<RunStatus> {
  const states = await readShardStates(store, record.run);
  const submissions = await readSubmissionTimes(store, record.run);
  const last = submissions.at(-1);
  const cancelled =
    last !== undefined &&
    (await readIfPresent(store, cancelledKey(record.run, last.submission))) !== undefined;
  return foldStatus({
    run: record,
    generations,
    counts: states.counts,
    finishedShards: states.finished.size,
    startedShards: states.started.size,
    live: last?.live ?? false,
    cancelled,
    seconds: submissions.reduce((sum, { seconds }) => sum + seconds, 0),
  });
}

/** The submission that is being worked by a process of this machine, if there is one. */
export async function findLiveSubmission(
  store: ObjectStore,
  run: string,
): Promise<SubmissionRecord | undefined> {
  const last = (await listSubmissions(store, run)).at(-1);
  if (last === undefined) return undefined;
  const record = await readSubmission(store, run, last);
  return (await isLive(record)) ? record : undefined;
}

interface SubmissionTimes {
  readonly submission: number;
  readonly live: boolean;
  readonly seconds: number;
}

async function readSubmissionTimes(store: ObjectStore, run: string): Promise<SubmissionTimes[]> {
  const times: SubmissionTimes[] = [];
  for (const submission of await listSubmissions(store, run)) {
    const record = await readSubmission(store, run, submission);
    const key = endedKey(run, submission);
    const bytes = await readIfPresent(store, key);
    const ended = bytes === undefined ? undefined : decodeRecord('ended', key, bytes, { run, submission });
    const live = ended === undefined && (await isLive(record));
    const until = ended === undefined ? (live ? Date.now() : undefined) : Date.parse(ended.endedAt);
    times.push({
      submission,
      live,
      seconds: until === undefined ? 0 : Math.max(0, (until - Date.parse(record.createdAt)) / 1000),
    });
  }
  return times;
}

/** Whether the process that works a submission is one of this machine and still there. */
async function isLive({ executor }: SubmissionRecord): Promise<boolean> {
  return isAlive(executor, 'backfill');
}
