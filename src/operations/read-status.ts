import type { InspectSubmission, SubmissionState } from '../executor/submission-state.ts';
import { addCounts } from '../run/checkpoint.ts';
import { shardSpans } from '../run/generations.ts';
import { readShardWeights } from '../plan/shard-table.ts';
import { readingPlan, storeDamaged } from '../run/damage.ts';
import { cancelledKey, donePrefix, endedKey, shardTableKey, shardsPrefix } from '../run/keys.ts';
import { assertDigest, digestBytes } from '../run/object-digest.ts';
import { type PlannedShard, committedWork } from '../run/progress.ts';
import { readIfPresent, readNamedObject } from '../run/read-object.ts';
import { decodeRecord } from '../run/record-codec.ts';
import type { SubmissionRecord } from '../run/records.ts';
import { type RunStatus, foldStatus } from '../run/status.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { thisProcess } from '../worker/liveness.ts';
import { unplanned } from './finished-shards.ts';
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
  const [states, planned] = await Promise.all([
    readShardStates(store, record.run),
    readPlannedShards(store, open),
  ]);
  const submissions = await readSubmissionTimes(store, record.run, inspect);
  const last = submissions.at(-1);
  const cancelled =
    last !== undefined &&
    (await readIfPresent(store, cancelledKey(record.run, last.record.submission))) !== undefined;
  const live = last?.state?.live ?? false;
  assertPlanned(open, states, planned.length);
  const committed = committedWork(planned, states);
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
    notices: [...submissions.flatMap(endNotice), ...shardNotices(states, live)],
    damage: states.unreadable.map(({ reason }) => reason).slice(0, MAX_SHARDS_NAMED),
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

/** What progress is weighed by. @throws BackfillError `store-damaged` */
async function readPlannedShards(
  store: ObjectStore,
  { record, generations }: OpenRun,
): Promise<readonly PlannedShard[]> {
  const shards: PlannedShard[] = [];
  for (const { firstShard, plan, shards: planned, files } of shardSpans(record, generations)) {
    const key = shardTableKey(record.run, plan);
    const table = await readNamedObject(store, key);
    assertDigest(key, digestBytes(table), files?.shardTable);
    const weights = readingPlan(key, 'its entries', () => readShardWeights(table));
    if (weights.length !== planned)
      throw storeDamaged(key, `it lists ${weights.length} shards, not ${planned}`);
    for (const [index, { rows, weightSeconds }] of weights.entries()) {
      shards.push({ shard: firstShard + index, rows, weightSeconds });
    }
  }
  return shards;
}

/** @throws BackfillError `store-damaged` where the run has shards that no plan of it has */
function assertPlanned(run: OpenRun, { finished, started }: ShardStates, planned: number): void {
  for (const [prefix, shards] of [
    [donePrefix(run.record.run), finished],
    [shardsPrefix(run.record.run), started],
  ] as const) {
    for (const shard of shards) if (shard >= planned) throw unplanned(run, prefix, shard);
  }
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

function shardNotices({ unmarked }: ShardStates, live: boolean): string[] {
  const notices: string[] = [];
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
