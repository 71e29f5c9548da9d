import { usageError } from '../errors.ts';
import type { BatchApi } from '../executor/batch/batch-api.ts';
import { readChildEndings } from '../executor/batch/child-endings.ts';
import { type AttemptLog, type JobLogs, readAttemptLogs } from '../executor/batch/job-logs.ts';
import { readSubmittedJobs } from '../executor/batch/submission-state.ts';
import { type SubmittedJob, viewJobs } from '../executor/batch/submitted-jobs.ts';
import type { SubmissionRecord } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { listDoneMarkers } from '../worker/done-markers.ts';
import { listSubmissions, readSubmission, readSubmissionEntries } from './runs.ts';

/** What one attempt at a shard said last. */
export interface ShardLog extends AttemptLog {
  readonly shard: number;
  readonly lines: readonly string[];
}

export interface ShardLogsOptions {
  readonly store: ObjectStore;
  readonly run: string;
  readonly openBatch: (region: string) => Promise<BatchApi>;
  readonly openLogs: (region: string) => Promise<JobLogs>;
  /** Of each attempt, the last ones. */
  readonly lines: number;
}

/**
 * What the workers of one shard said, oldest attempt first.
 * @throws BackfillError `no-such-shard`, `logs-forgotten`
 */
export async function readShardLogs(options: ShardLogsOptions, shard: number): Promise<ShardLog[]> {
  let wasSubmitted = false;
  for (const record of await batchSubmissions(options)) {
    const entries = await readSubmissionEntries(options.store, record);
    const index = entries.findIndex((entry) => entry.shard === shard);
    if (index < 0) continue;
    wasSubmitted = true;
    const { submitted } = await readSubmittedJobs(options.store, record);
    const job = submitted.find(({ first, size }) => index >= first && index < first + size);
    const logs = job === undefined ? undefined : await logsOf(options, record, job, index, shard);
    if (logs !== undefined) return logs;
  }
  throw wasSubmitted
    ? usageError('logs-forgotten', `AWS Batch has forgotten the jobs of shard ${shard}`, {
        hint: 'it keeps them for a week or so; CloudWatch Logs may still hold their output',
      })
    : usageError('no-such-shard', `no submission of run ${options.run} to AWS Batch holds shard ${shard}`);
}

/** What failed workers of the newest submission said, of `limit` shards that are not finished. */
export async function readFailureLogs(options: ShardLogsOptions, limit: number): Promise<ShardLog[]> {
  const [record] = await batchSubmissions(options);
  if (record?.executor.kind !== 'batch') return [];
  const api = await options.openBatch(record.executor.target.region);
  const entries = await readSubmissionEntries(options.store, record);
  const finished = new Set<number>();
  for await (const { shard } of listDoneMarkers(options.store, options.run)) finished.add(shard);
  const { submitted } = await readSubmittedJobs(options.store, record);
  const logs: ShardLog[] = [];
  let shards = 0;
  for (const job of (await viewJobs(api, submitted)).known) {
    for (const index of (await readChildEndings(api, job)).keys()) {
      const shard = entries[index]?.shard;
      if (shard === undefined || finished.has(shard) || shards === limit) continue;
      shards += 1;
      logs.push(...((await logsOf(options, record, job, index, shard)) ?? []));
    }
  }
  return logs;
}

async function batchSubmissions({ store, run }: ShardLogsOptions): Promise<SubmissionRecord[]> {
  const records: SubmissionRecord[] = [];
  for (const submission of (await listSubmissions(store, run)).toReversed()) {
    const record = await readSubmission(store, run, submission);
    if (record.executor.kind === 'batch') records.push(record);
  }
  if (records.length > 0) return records;
  throw usageError(
    'not-on-batch',
    `run ${run} was not worked on AWS Batch: its workers' words are not kept`,
    {
      hint: `backfill results export ${run} --algorithm failures tells why tracks failed`,
    },
  );
}

async function logsOf(
  { openBatch, openLogs, lines }: ShardLogsOptions,
  { executor }: SubmissionRecord,
  job: SubmittedJob,
  index: number,
  shard: number,
): Promise<ShardLog[] | undefined> {
  if (executor.kind !== 'batch') return undefined;
  const attempts = await readAttemptLogs(await openBatch(executor.target.region), job, index);
  if (attempts === undefined) return undefined;
  const logs = await openLogs(executor.target.region);
  return Promise.all(
    attempts.map(async (attempt) => ({
      ...attempt,
      shard,
      lines: attempt.stream === undefined ? [] : await logs.tail(attempt.group, attempt.stream, lines),
    })),
  );
}
