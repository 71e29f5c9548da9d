import { messageOf } from '../errors.ts';
import type { InspectSubmission, SubmissionState } from '../executor/submission-state.ts';
import { addCounts } from '../run/checkpoint.ts';
import { shardSpans } from '../run/generations.ts';
import { readShardWeights } from '../plan/shard-table.ts';
import { cancelledKey, endedKey, shardTableKey } from '../run/keys.ts';
import { type PlannedShard, committedWork } from '../run/progress.ts';
import { readIfPresent } from '../run/read-object.ts';
import { decodeRecord } from '../run/record-codec.ts';
import type { SubmissionRecord } from '../run/records.ts';
import { type RunStatus, foldStatus } from '../run/status.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { thisProcess } from '../worker/liveness.ts';
import { type OpenRun, listSubmissions, readSubmission } from './runs.ts';
import { type ShardStates, readShardStates, scaleCounts } from './shard-states.ts';

/** So many shards are named in a notice. */
const MAX_SHARDS_NAMED = 5;

/** Folds what the store, and the executor of the newest submission, know of a run into its status. */
export async function readStatus(
  store: ObjectStore,
  open: OpenRun,
  inspect: InspectSubmission,
): Promise<RunStatus> {
  const { record, generations } = open;
  const [states, plan] = await Promise.all([
    readShardStates(store, record.run),
    readPlannedShards(store, open),
  ]);
  const submissions = await readSubmissionTimes(store, record.run, inspect);
  const last = submissions.at(-1);
  const cancelled =
    last !== undefined &&
    (await readIfPresent(store, cancelledKey(record.run, last.record.submission))) !== undefined;
  const live = last?.state?.live ?? false;
  const committed = committedWork(plan.shards, states);
  const known = addCounts(states.finishedCounts, states.readCounts);
  const counts = committed.estimated
    ? addCounts(known, scaleCounts(states.readCounts, committed.unreadPerReadRow))
    : known;
  return foldStatus({
    run: record,
    generations,
    counts,
    countsEstimated: committed.estimated || states.finishedCountsEstimated,
    committed,
    finishedShards: states.finished.size,
    startedShards: states.started.size,
    live,
    cancelled,
    seconds: submissions.reduce((sum, { seconds = 0 }) => sum + seconds, 0),
    workers: live ? workersAtIt(last, committed.unfinishedShards) : 0,
    notices: [
      ...(plan.notice === undefined ? [] : [plan.notice]),
      ...submissions.flatMap(endNotice),
      ...shardNotices(states, live),
    ],
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

/** What progress is weighed by. Where it is lost or damaged, every shard counts alike, and that is said. */
async function readPlannedShards(
  store: ObjectStore,
  { record, generations }: OpenRun,
): Promise<{ readonly shards: readonly PlannedShard[]; readonly notice?: string }> {
  const shards: PlannedShard[] = [];
  const troubles: string[] = [];
  for (const span of shardSpans(record, generations)) {
    const { firstShard, plan } = span;
    try {
      const { bytes } = await store.get(shardTableKey(record.run, plan));
      const weights = readShardWeights(bytes);
      const isSound = weights.every((one) => Number.isFinite(one.weightSeconds) && one.weightSeconds >= 0);
      if (!isSound || weights.length !== span.shards)
        throw new Error('its entries are not those of the plan');
      for (const [index, { rows, weightSeconds }] of weights.entries()) {
        shards.push({ shard: firstShard + index, rows, weightSeconds });
      }
    } catch (error) {
      troubles.push(messageOf(error));
      const retry = generations.find(({ generation }) => generation === span.generation);
      const rows = (retry?.tracks ?? record.manifest.accepted) / span.shards;
      const weightSeconds = (retry ?? record.plan).weightSeconds / span.shards;
      for (let index = 0; index < span.shards; index += 1) {
        shards.push({ shard: firstShard + index, rows, weightSeconds });
      }
    }
  }
  const [first] = troubles;
  return first === undefined
    ? { shards }
    : {
        shards,
        notice: `the table of the plan's shards can not be read (${first}): progress takes them for equal`,
      };
}

/** As many as its executor tells of; of this machine's, as many as it was told to keep busy. */
function workersAtIt(last: SubmissionTimes | undefined, unfinishedShards: number): number {
  if (last === undefined) return 0;
  const { executor } = last.record;
  return executor.kind === 'local'
    ? Math.min(executor.concurrency, unfinishedShards)
    : (last.state?.children?.RUNNING ?? 0);
}

function endNotice({ record, seconds }: SubmissionTimes): string[] {
  if (seconds !== undefined) return [];
  const { executor } = record;
  const why =
    executor.kind === 'batch'
      ? 'nobody watched it end, and AWS Batch does not know its jobs any more, or the record was lost'
      : executor.host === thisProcess().host
        ? 'its command was killed, or the record was lost'
        : `its command runs on ${executor.host} and can not be seen from here, or was killed, or the record was lost`;
  return [`the end of submission ${record.submission} is not recorded: ${why}; its time is not counted`];
}

function shardNotices({ unreadable, unmarked }: ShardStates, live: boolean): string[] {
  const notices = unreadable.slice(0, MAX_SHARDS_NAMED).map(({ reason }) => reason);
  if (unreadable.length > notices.length) {
    notices.push(`and ${unreadable.length - notices.length} more records of shards can not be used`);
  }
  // Of a run that is worked, they may be about to be written.
  if (!live && unmarked.size > 0) {
    const shards = [...unmarked].slice(0, MAX_SHARDS_NAMED).join(', ');
    const more = unmarked.size > MAX_SHARDS_NAMED ? ', ...' : '';
    notices.push(
      unmarked.size === 1
        ? `shard ${shards} is finished and its marker is missing: its checkpoint was read instead`
        : `${unmarked.size} shards are finished and their markers are missing (${shards}${more}): their checkpoints were read instead`,
    );
  }
  return notices;
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
  /** Undefined where nobody works it, and nobody knows since when. */
  readonly seconds: number | undefined;
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
    const seconds =
      until === undefined ? undefined : Math.max(0, (until - Date.parse(record.createdAt)) / 1000);
    times.push({ record, state, seconds });
  }
  return times;
}
