import { usageError } from '../errors.ts';
import type { BatchApi } from '../executor/batch/batch-api.ts';
import {
  type AttemptLog,
  type FailedChild,
  type JobLogs,
  listFailedChildren,
  readAttemptLogs,
  readWhyNotStarted,
} from '../executor/batch/job-logs.ts';
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

/** Shards whose jobs have no attempt, so that no worker could say anything. */
export interface NotStarted {
  /** In Batch's words. */
  readonly reason: string;
  readonly shards: number;
}

export interface ShardLogs {
  readonly logs: readonly ShardLog[];
  /** By reason, the most shards first. */
  readonly notStarted: readonly NotStarted[];
  /** Unfinished shards whose jobs AWS Batch does not know: forgotten, or not shown yet. */
  readonly forgotten: number;
}

/**
 * What the workers of one shard said, oldest attempt first; or why there was none.
 * @throws BackfillError `no-such-shard`, `logs-forgotten`
 */
export async function readShardLogs(options: ShardLogsOptions, shard: number): Promise<ShardLogs> {
  let wasSubmitted = false;
  for (const record of await batchSubmissions(options)) {
    const entries = await readSubmissionEntries(options.store, record);
    const index = entries.findIndex((entry) => entry.shard === shard);
    if (index < 0) continue;
    wasSubmitted = true;
    const { submitted } = await readSubmittedJobs(options.store, record);
    const job = submitted.find(({ first, size }) => index >= first && index < first + size);
    const logs = job === undefined ? undefined : await logsOf(options, record, job, index, shard);
    if (job === undefined || logs === undefined) continue;
    if (logs.length > 0) return { logs, notStarted: [], forgotten: 0 };
    const reason = await readWhyNotStarted(await apiOf(options, record), job, index);
    if (reason !== undefined) return { logs: [], notStarted: [{ reason, shards: 1 }], forgotten: 0 };
  }
  throw wasSubmitted
    ? usageError('logs-forgotten', `AWS Batch has forgotten the jobs of shard ${shard}`, {
        hint: 'it keeps them for a week or so; CloudWatch Logs may still hold their output',
      })
    : usageError('no-such-shard', `no submission of run ${options.run} to AWS Batch holds shard ${shard}`);
}

/**
 * What failed workers said, of `limit` shards that are not finished, each in its newest submission; and of all others
 * that failed without a worker, why.
 */
export async function readFailureLogs(options: ShardLogsOptions, limit: number): Promise<ShardLogs> {
  const finished = new Set<number>();
  for await (const { shard } of listDoneMarkers(options.store, options.run)) finished.add(shard);
  const logs: ShardLog[] = [];
  const reasons = new Map<string, number>();
  const notStarted = (reason: string, shards = 1): void => {
    reasons.set(reason, (reasons.get(reason) ?? 0) + shards);
  };
  let [shown, forgotten] = [0, 0];
  const seen = new Set(finished);
  for (const record of await batchSubmissions(options)) {
    const api = await apiOf(options, record);
    const entries = await readSubmissionEntries(options.store, record);
    const isOpen = (index: number): boolean => !seen.has(entries[index]?.shard ?? -1);
    const { submitted } = await readSubmittedJobs(options.store, record);
    const { known, unknown } = await viewJobs(api, submitted);
    forgotten += unknown.reduce((sum, job) => sum + indexesOf(job).filter(isOpen).length, 0);
    for (const job of known) {
      const failed: FailedChild[] = [];
      for await (const child of listFailedChildren(api, job)) if (isOpen(child.index)) failed.push(child);
      // A parent that failed as a whole has no child that could say so.
      if (failed.length === 0 && job.size > 1 && job.detail.status === 'FAILED') {
        const open = indexesOf(job).filter(isOpen).length;
        if (open > 0) notStarted(job.detail.statusReason ?? '', open);
      }
      for (const { index, reason, wasStarted } of failed) {
        const shard = entries[index]?.shard ?? -1;
        const attempts =
          wasStarted && shown < limit ? await logsOf(options, record, job, index, shard) : undefined;
        if (attempts !== undefined && attempts.length > 0) {
          shown += 1;
          logs.push(...attempts);
        } else if (!wasStarted || attempts !== undefined) {
          notStarted(reason);
        }
      }
    }
    for (const { shard } of entries) seen.add(shard);
  }
  const byCount = [...reasons].map(([reason, shards]) => ({ reason, shards }));
  return { logs, notStarted: byCount.toSorted((a, b) => b.shards - a.shards), forgotten };
}

function indexesOf({ first, size }: SubmittedJob): number[] {
  return Array.from({ length: size }, (_, at) => first + at);
}

async function apiOf(
  { openBatch }: ShardLogsOptions,
  { executor, run }: SubmissionRecord,
): Promise<BatchApi> {
  if (executor.kind !== 'batch') throw new Error(`a submission of run ${run} is not on AWS Batch`);
  return openBatch(executor.target.region);
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
