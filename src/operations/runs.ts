import { usageError } from '../errors.ts';
import {
  RUNS_PREFIX,
  generationKey,
  runIdOfPrefix,
  runKey,
  submissionKey,
  submissionOfKey,
  submissionTableKey,
  submissionsPrefix,
} from '../run/keys.ts';
import { decodeRecord } from '../run/record-codec.ts';
import type { GenerationRecord, RunRecord, SubmissionRecord } from '../run/records.ts';
import { type SubmissionEntry, decodeSubmissionTable } from '../run/submission-table.ts';
import { type ObjectStore, ObjectMissing } from '../store/object-store.ts';

/** A run and the retries that were planned for it. */
export interface OpenRun {
  readonly record: RunRecord;
  /** Retries, in their order: generation 1 first. */
  readonly generations: readonly GenerationRecord[];
}

/** The ids of all runs of a store, oldest first. (Plans that were never completed are among them.) */
export async function listRunIds(store: ObjectStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of store.list(RUNS_PREFIX, { delimiter: '/' })) ids.push(runIdOfPrefix(key));
  return ids.toSorted();
}

/**
 * Opens a run: the named one, or the newest.
 * @throws BackfillError `no-such-run`, `no-runs`
 */
export async function openRun(store: ObjectStore, runId: string | undefined): Promise<OpenRun> {
  if (runId !== undefined) {
    const record = /^[\w.-]+$/.test(runId) ? await readRunRecord(store, runId) : undefined;
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

/** A run's record; undefined where its planning was never completed. */
export async function readRunRecord(store: ObjectStore, runId: string): Promise<RunRecord | undefined> {
  const bytes = await readIfPresent(store, runKey(runId));
  return bytes === undefined ? undefined : decodeRecord('run', runKey(runId), bytes, { run: runId });
}

/** The submissions of a run, by number. */
export async function listSubmissions(store: ObjectStore, runId: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { key } of store.list(submissionsPrefix(runId))) {
    const number = submissionOfKey(runId, key);
    if (number !== undefined) numbers.push(number);
  }
  return numbers.toSorted((a, b) => a - b);
}

/** A submission's record. */
export async function readSubmission(
  store: ObjectStore,
  run: string,
  submission: number,
): Promise<SubmissionRecord> {
  const key = submissionKey(run, submission);
  return decodeRecord('submission', key, (await store.get(key)).bytes, { run, submission });
}

/** The shards of a submission, by array index. */
export async function readSubmissionEntries(
  store: ObjectStore,
  run: string,
  submission: number,
): Promise<SubmissionEntry[]> {
  return decodeSubmissionTable((await store.get(submissionTableKey(run, submission))).bytes);
}

/** The bytes of an object; undefined where there is none. */
export async function readIfPresent(store: ObjectStore, key: string): Promise<Uint8Array | undefined> {
  try {
    return (await store.get(key)).bytes;
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
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
