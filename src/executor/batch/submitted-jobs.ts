import type { ArrayJob } from '../../run/array-jobs.ts';
import { type BatchApi, type JobDetail, type JobStatus } from './batch-api.ts';
import { waitingReason } from './waiting-reason.ts';

/** A job that was submitted. */
export interface SubmittedJob extends ArrayJob {
  readonly jobId: string;
}

/**
 * The ids of the jobs that have a name, which Batch compares without heed of case: none, as a rule one, and
 * more where a job was submitted twice.
 */
export async function findJobsNamed(api: BatchApi, queue: string, name: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { jobId, jobName } of api.listJobs({ queue, name })) {
    if (jobName === name && jobId !== undefined) ids.push(jobId);
  }
  return ids;
}

/** What Batch says of the jobs of a submission. */
export interface JobsView {
  /** Children by state: `RUNNING: 120`. */
  readonly children: Readonly<Partial<Record<JobStatus, number>>>;
  /** Jobs that Batch knows. */
  readonly known: readonly (SubmittedJob & { readonly detail: JobDetail })[];
  /** Jobs that Batch does not know: forgotten, or not listed yet. */
  readonly unknown: readonly SubmittedJob[];
  /** Whether a job that Batch knows has not ended. */
  readonly live: boolean;
  /** Why nothing starts, with a hint; undefined where Batch names no reason. */
  readonly waiting: string | undefined;
}

/** Looks at jobs: one request a hundred of them, however many children they have. */
export async function viewJobs(api: BatchApi, jobs: readonly SubmittedJob[]): Promise<JobsView> {
  const details = await api.describeJobs(jobs.map(({ jobId }) => jobId));
  const byId = new Map(details.map((detail) => [detail.jobId, detail]));
  const children: Partial<Record<JobStatus, number>> = {};
  const known: (SubmittedJob & { readonly detail: JobDetail })[] = [];
  const unknown: SubmittedJob[] = [];
  for (const job of jobs) {
    const detail = byId.get(job.jobId);
    if (detail === undefined) {
      unknown.push(job);
      continue;
    }
    known.push({ ...job, detail });
    const summary = detail.arrayProperties?.statusSummary ?? { [detail.status ?? 'SUBMITTED']: 1 };
    for (const [status, count] of Object.entries(summary)) {
      if (count > 0) children[status as JobStatus] = (children[status as JobStatus] ?? 0) + count;
    }
  }
  return {
    children,
    known,
    unknown,
    live: known.some(({ detail }) => !hasEnded(detail)),
    waiting: await readWaitingReason(api, known, children),
  };
}

/** Whether a job can not change any more. */
export function hasEnded({ status }: JobDetail): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

/** About a page of them. */
const CHILDREN_LOOKED_AT = 100;

/** Batch names its reason at the child that is next in its queue, which is among the first as a rule. */
async function readWaitingReason(
  api: BatchApi,
  known: JobsView['known'],
  { RUNNABLE = 0, STARTING = 0, RUNNING = 0 }: JobsView['children'],
): Promise<string | undefined> {
  if (RUNNABLE === 0 || STARTING + RUNNING > 0) return undefined;
  for (const { detail, size } of known) {
    const own = waitingReason(detail.statusReason);
    if (own !== undefined) return own;
    if (size === 1 || (detail.arrayProperties?.statusSummary?.RUNNABLE ?? 0) === 0) continue;
    let looked = 0;
    for await (const child of api.listJobs({ arrayJob: detail.jobId ?? '', status: 'RUNNABLE' })) {
      const reason = waitingReason(child.statusReason);
      if (reason !== undefined) return reason;
      if (++looked === CHILDREN_LOOKED_AT) break;
    }
  }
  return undefined;
}
