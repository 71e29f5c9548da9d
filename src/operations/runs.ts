import { usageError } from '../errors.ts';
import {
  RUNS_PREFIX,
  donePrefix,
  generationKey,
  runIdOfPrefix,
  runKey,
  shardsPrefix,
  submissionKey,
  submissionOfKey,
  submissionTableKey,
  submissionsPrefix,
} from '../run/keys.ts';
import { storeDamaged, storeLacks } from '../run/damage.ts';
import { assertDigest, digestBytes } from '../run/object-digest.ts';
import { readIfPresent, readNamedObject } from '../run/read-object.ts';
import { decodeRecord } from '../run/record-codec.ts';
import type { GenerationRecord, RunRecord, SubmissionRecord } from '../run/records.ts';
import { type SubmissionEntry, decodeSubmissionTable } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** A run and the retries that were planned for it. */
export interface OpenRun {
  readonly record: RunRecord;
  /** Retries, in their order: generation 1 first. */
  readonly generations: readonly GenerationRecord[];
}

/** As start-run.ts makes them. What else people put beside runs (`lost+found`, copies, notes) is no run. */
const RUN_ID = /^\d{8}-\d{6}-[a-z0-9]+$/;

/** The ids of all runs of a store, oldest first. (Plans that were never completed are among them.) */
export async function listRunIds(store: ObjectStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of store.list(RUNS_PREFIX, { delimiter: '/' })) {
    const id = runIdOfPrefix(key);
    if (key.endsWith('/') && RUN_ID.test(id)) ids.push(id);
  }
  return ids.toSorted();
}

/**
 * Opens a run: the named one, or the newest.
 * @throws BackfillError `no-such-run`, `no-runs`
 */
export async function openRun(store: ObjectStore, runId: string | undefined): Promise<OpenRun> {
  if (runId !== undefined) {
    const record = /^[\w-][\w.-]*$/.test(runId) ? await readRunRecord(store, runId) : undefined;
    if (record === undefined) {
      const newest = (await listRunIds(store)).at(-1);
      const known = newest === undefined ? 'there are no runs there' : `the newest one there is ${newest}`;
      throw usageError('no-such-run', `there is no run '${runId}' in ${store.uri}: ${known}`);
    }
    return { record, generations: await readGenerations(store, runId) };
  }
  for (const id of (await listRunIds(store)).toReversed()) {
    const record = await readRunRecord(store, id);
    if (record !== undefined) return { record, generations: await readGenerations(store, id) };
  }
  throw usageError('no-runs', `there are no runs in ${store.uri}`, {
    hint: 'backfill run manifest.csv starts one; --store names another place',
  });
}

/**
 * A run's record; undefined where its planning was never completed.
 * @throws BackfillError `store-damaged` where it was, and the record is lost
 */
export async function readRunRecord(store: ObjectStore, runId: string): Promise<RunRecord | undefined> {
  const bytes = await readIfPresent(store, runKey(runId));
  if (bytes !== undefined) return decodeRecord('run', runKey(runId), bytes, { run: runId });
  // Planning stores the plan and then the record: what comes after it says that there was one.
  for (const prefix of [submissionsPrefix(runId), shardsPrefix(runId), donePrefix(runId)]) {
    for await (const _ of store.list(prefix, { delimiter: '/' })) throw storeLacks(runKey(runId));
  }
  return undefined;
}

/**
 * The submissions of a run, by number.
 * @throws BackfillError `store-damaged` where the record of one is lost
 */
export async function listSubmissions(store: ObjectStore, runId: string): Promise<number[]> {
  const numbers: number[] = [];
  const followed = new Set<number>();
  for await (const { key } of store.list(submissionsPrefix(runId))) {
    const found = submissionOfKey(runId, key);
    if (found === undefined) continue;
    if (found.isRecord) numbers.push(found.submission);
    else if (found.followsRecord) followed.add(found.submission);
  }
  for (const number of numbers) followed.delete(number);
  for (const lost of followed) throw storeLacks(submissionKey(runId, lost));
  return numbers.toSorted((a, b) => a - b);
}

/** A submission's record. */
export async function readSubmission(
  store: ObjectStore,
  run: string,
  submission: number,
): Promise<SubmissionRecord> {
  const key = submissionKey(run, submission);
  return decodeRecord('submission', key, await readNamedObject(store, key), { run, submission });
}

/** The shards of a submission, by array index. */
export async function readSubmissionEntries(
  store: ObjectStore,
  { run, submission, shards, table }: SubmissionRecord,
): Promise<SubmissionEntry[]> {
  const key = submissionTableKey(run, submission);
  const bytes = await readNamedObject(store, key);
  assertDigest(key, digestBytes(bytes), table);
  const entries = decodeSubmissionTable(bytes);
  if (entries.length !== shards) throw storeDamaged(key, `it lists ${entries.length} shards, not ${shards}`);
  return entries;
}

async function readGenerations(store: ObjectStore, run: string): Promise<GenerationRecord[]> {
  const generations: GenerationRecord[] = [];
  for (;;) {
    const generation = generations.length + 1;
    const key = generationKey(run, generation);
    const bytes = await readIfPresent(store, key);
    if (bytes === undefined) return generations;
    generations.push(decodeRecord('generation', key, bytes, { run, generation }));
  }
}
