import type { ArrayJob } from '../../run/array-jobs.ts';
import { childId } from '../../run/array-jobs.ts';
import type { BatchApi, JobDetail } from './batch-api.ts';
import { waitingReason } from './waiting-reason.ts';

/** Where containers' output is kept: CloudWatch Logs. */
export interface JobLogs {
  /** The last lines of a stream, oldest first; none where there is no such stream (any more). */
  tail(group: string, stream: string, lines: number): Promise<string[]>;
  /** Whether there is such a stream, be it empty. */
  has(group: string, stream: string): Promise<boolean>;
}

/** Where Batch puts output when a definition says nothing else. */
const DEFAULT_LOG_GROUP = '/aws/batch/job';

const TAIL_LINES = 6;

/** One attempt of a child, as Batch remembers it. */
export interface AttemptLog {
  /** From 1. */
  readonly attempt: number;
  readonly exitCode: number | undefined;
  /** Why it ended, in Batch's words. */
  readonly reason: string | undefined;
  readonly group: string;
  /** Undefined where its container never started. */
  readonly stream: string | undefined;
}

/** The attempts of the child that works an index of a submission; undefined where Batch has forgotten it. */
export async function readAttemptLogs(
  api: BatchApi,
  job: ArrayJob & { readonly jobId: string },
  index: number,
): Promise<AttemptLog[] | undefined> {
  const [detail] = await api.describeJobs([childId(job.jobId, job, index)]);
  if (detail === undefined) return undefined;
  const group = logGroupOf(detail);
  const ended = (detail.attempts ?? []).map(({ container, statusReason }, i) => ({
    attempt: i + 1,
    exitCode: container?.exitCode,
    reason: container?.reason ?? statusReason,
    group,
    stream: container?.logStreamName,
  }));
  const current = detail.container?.logStreamName;
  if (current === undefined || ended.some(({ stream }) => stream === current)) return ended;
  return [
    ...ended,
    { attempt: ended.length + 1, exitCode: undefined, reason: undefined, group, stream: current },
  ];
}

/** A child that has failed, as far as a listing tells. */
export interface FailedChild {
  /** Of the submission's table. */
  readonly index: number;
  /** In Batch's words; empty where it has none. */
  readonly reason: string;
  /** Whether a container of it was there, as it seems: without one it has no log. */
  readonly wasStarted: boolean;
}

/** Lists the children of a job that have failed: a request for each page of them. */
export async function* listFailedChildren(
  api: BatchApi,
  { first, size, detail }: ArrayJob & { readonly detail: JobDetail },
): AsyncGenerator<FailedChild> {
  if (size === 1) {
    if (detail.status !== 'FAILED') return;
    const wasStarted = (detail.attempts ?? []).length > 0;
    yield { index: first, reason: detail.statusReason ?? '', wasStarted };
    return;
  }
  for await (const child of api.listJobs({ arrayJob: detail.jobId ?? '', status: 'FAILED' })) {
    const index = child.arrayProperties?.index;
    if (index === undefined) continue;
    const { exitCode, reason } = child.container ?? {};
    const wasStarted = exitCode !== undefined || reason !== undefined;
    yield { index: first + index, reason: child.statusReason ?? '', wasStarted };
  }
}

/** Why a child has no attempt; undefined where Batch has forgotten it. */
export async function readWhyNotStarted(
  api: BatchApi,
  job: ArrayJob & { readonly jobId: string },
  index: number,
): Promise<string | undefined> {
  const [detail] = await api.describeJobs([childId(job.jobId, job, index)]);
  if (detail === undefined) return undefined;
  const { status, statusReason } = detail;
  const reason = waitingReason(statusReason) ?? statusReason ?? '';
  return [status, reason].filter((words) => words !== undefined && words !== '').join(': ');
}

/** The last lines of a child's last attempt. */
export async function tailOfChild(
  api: BatchApi,
  logs: JobLogs,
  job: ArrayJob & { readonly jobId: string },
  index: number,
): Promise<string[]> {
  const last = (await readAttemptLogs(api, job, index))?.findLast(({ stream }) => stream !== undefined);
  return last?.stream === undefined ? [] : logs.tail(last.group, last.stream, TAIL_LINES);
}

function logGroupOf({ container }: JobDetail): string {
  return container?.logConfiguration?.options?.['awslogs-group'] ?? DEFAULT_LOG_GROUP;
}
