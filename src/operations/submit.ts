import { cancelledKey, endedKey, submissionKey, submissionTableKey, submissionsPrefix } from '../run/keys.ts';
import { digestBytes } from '../run/object-digest.ts';
import { encodeRecord } from '../run/record-codec.ts';
import type { EndedRecord, SubmissionRecord } from '../run/records.ts';
import { type SubmissionEntry, encodeSubmissionTable } from '../run/submission-table.ts';
import { type ObjectStore, PreconditionFailed } from '../store/object-store.ts';

/**
 * Records that shards are handed to an executor: the table first, the record last. The number is the next
 * free one; who comes second at one number takes the one after.
 */
export async function createSubmission(
  store: ObjectStore,
  options: {
    readonly run: string;
    readonly reason: SubmissionRecord['reason'];
    readonly entries: readonly SubmissionEntry[];
    readonly executor: SubmissionRecord['executor'];
    readonly now: string;
  },
): Promise<SubmissionRecord> {
  const { run, reason, entries, executor, now } = options;
  const table = encodeSubmissionTable(entries);
  for (let submission = (await highestNumber(store, run)) + 1; ; submission++) {
    const record: SubmissionRecord = {
      schema: 1,
      kind: 'submission',
      run,
      submission,
      createdAt: now,
      reason,
      shards: entries.length,
      table: digestBytes(table),
      executor,
    };
    try {
      await store.put(submissionTableKey(run, submission), table, { ifNoneMatch: '*' });
      await store.put(submissionKey(run, submission), encodeRecord(record), { ifNoneMatch: '*' });
      return record;
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
    }
  }
}

/** Records how a submission ended. */
export async function endSubmission(
  store: ObjectStore,
  ended: Omit<EndedRecord, 'schema' | 'kind'>,
): Promise<void> {
  const record: EndedRecord = { schema: 1, kind: 'ended', ...ended };
  await store.put(endedKey(ended.run, ended.submission), encodeRecord(record));
}

/** Asks whoever works a submission to stop. */
export async function cancelSubmission(store: ObjectStore, run: string, submission: number): Promise<void> {
  await store.put(cancelledKey(run, submission), new Uint8Array());
}

async function highestNumber(store: ObjectStore, run: string): Promise<number> {
  let highest = 0;
  const prefix = submissionsPrefix(run);
  for await (const { key } of store.list(prefix)) {
    highest = Math.max(highest, Number.parseInt(key.slice(prefix.length), 10) || 0);
  }
  return highest;
}
