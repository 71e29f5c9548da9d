import { usageError } from '../errors.ts';
import { type PlannedTrack, decodeFrame } from '../plan/plan-rows.ts';
import { encodeShardEntry, shardEntryRange } from '../plan/shard-table.ts';
import { readingPlan, storeDamaged } from '../run/damage.ts';
import { planHeader } from '../run/generations.ts';
import {
  RUN_PLAN,
  cancelledKey,
  generationKey,
  planKey,
  runKey,
  shardTableKey,
  submissionKey,
  submissionTableKey,
} from '../run/keys.ts';
import { readNamedObject } from '../run/read-object.ts';
import { decodeRecord } from '../run/record-codec.ts';
import type { RunRecord } from '../run/records.ts';
import {
  type SubmissionEntry,
  decodeSubmissionEntry,
  submissionEntryRange,
} from '../run/submission-table.ts';
import { type ObjectStore, ObjectMissing } from '../store/object-store.ts';

/** A submission as one URI: all that a worker is told. */
export interface SubmissionAddress {
  readonly storeUri: string;
  readonly run: string;
  readonly submission: number;
  /** The table's entry for array index 0; default 0. Array jobs hold 10,000 children, a submission any number. */
  readonly first?: number;
}

/** The URI of a submission, or of a part of it: `<store>/runs/<run>/submissions/<n>.json[#<first>]`. */
export function submissionUri({ storeUri, run, submission, first = 0 }: SubmissionAddress): string {
  return `${storeUri}/${submissionKey(run, submission)}${first === 0 ? '' : `#${first}`}`;
}

/** Takes a submission's URI apart. @throws BackfillError `bad-submission-uri` */
export function parseSubmissionUri(uri: string): Required<SubmissionAddress> {
  const match = /^(.+)\/runs\/([^/]+)\/submissions\/(\d+)\.json(?:#(\d+))?$/.exec(uri);
  if (match === null) {
    throw usageError(
      'bad-submission-uri',
      `'${uri}' is not the URI of a submission: <store>/runs/<run>/submissions/<n>.json is expected, with #<first entry> where it is not the first`,
    );
  }
  const [, storeUri, run, submission, first = 0] = match as unknown as [
    string,
    string,
    string,
    string,
    string?,
  ];
  return { storeUri, run, submission: Number(submission), first: Number(first) };
}

/** Whether a submission was cancelled: a job that was accepted while it was being stopped may start all the same. */
export async function isCancelled(
  store: ObjectStore,
  { run, submission }: Pick<SubmissionAddress, 'run' | 'submission'>,
): Promise<boolean> {
  try {
    await store.get(cancelledKey(run, submission));
    return true;
  } catch (error) {
    if (error instanceof ObjectMissing) return false;
    throw error;
  }
}

/** What one worker has to do. */
export interface Assignment {
  readonly run: RunRecord;
  readonly entry: SubmissionEntry;
  /** The shard's rows. Their number is bounded by the plan's. */
  readonly tracks: readonly PlannedTrack[];
}

/**
 * Finds a worker's work by two ranged reads: its entry of the submission, then its frame of the plan.
 *
 * @param index of the submission's table, from 0
 */
export async function readAssignment(
  store: ObjectStore,
  { run: runId, submission }: Pick<SubmissionAddress, 'run' | 'submission'>,
  index: number,
): Promise<Assignment> {
  try {
    const record = await store.get(runKey(runId));
    const run = decodeRecord('run', runKey(runId), record.bytes, { run: runId });
    const { bytes } = await store.get(submissionTableKey(runId, submission), {
      range: submissionEntryRange(index),
    });
    const entry = decodeSubmissionEntry(bytes, index);
    const { plan, firstShard } = await planOf(store, run, entry.generation);
    await assertPlanned(store, runId, { submission, plan, firstShard }, entry);
    const key = planKey(runId, plan);
    const frame = await readNamedObject(store, key, { range: entry.frame });
    const header = planHeader(run, entry.generation);
    const tracks = readingPlan(key, `the rows of shard ${entry.shard}`, () =>
      decodeFrame(frame, header, entry.rows),
    );
    return { run, entry, tracks };
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
    throw usageError(
      'no-such-submission',
      `there is no submission ${submission} of run ${runId} in ${store.uri}`,
      {
        cause: error,
      },
    );
  }
}

async function planOf(
  store: ObjectStore,
  { run }: RunRecord,
  generation: number,
): Promise<{ readonly plan: string; readonly firstShard: number }> {
  if (generation === 0) return { plan: RUN_PLAN, firstShard: 0 };
  const key = generationKey(run, generation);
  return decodeRecord('generation', key, await readNamedObject(store, key), { run, generation });
}

/**
 * A worker reads its own entry of a table and no more, so that no digest of the table tells it whether the entry is
 * sound: it compares it with what the plan has for that shard. Both are not damaged alike.
 */
async function assertPlanned(
  store: ObjectStore,
  run: string,
  { submission, plan, firstShard }: { submission: number; plan: string; firstShard: number },
  entry: SubmissionEntry,
): Promise<void> {
  const { shard } = entry;
  const key = shardTableKey(run, plan);
  const index = shard - firstShard;
  const planned =
    index < 0 ? undefined : await readNamedObject(store, key, { range: shardEntryRange(index) });
  if (planned !== undefined && encodeShardEntry(entry).equals(planned)) return;
  const table = submissionTableKey(run, submission);
  throw storeDamaged(table, `or ${key} is: they differ in where the rows of shard ${shard} are`);
}
