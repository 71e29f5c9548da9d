/**
 * A job, its states, and an array job's counts of its children's.
 * Sources: docs.aws.amazon.com/batch/latest/userguide/job_states.html and array_jobs.html,
 * docs.aws.amazon.com/batch/latest/APIReference/API_ArrayPropertiesDetail.html.
 */
import type { AttemptDetail, JobStatus } from '@aws-sdk/client-batch';
import { arnOf } from './arn.ts';
import type { Attempt } from './attempt.ts';
import type { JobSpec } from './job-spec.ts';
import type { Queue } from './queue.ts';

export type Status = JobStatus;

/** The states that a job can go to from each. */
const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  SUBMITTED: ['PENDING', 'RUNNABLE', 'FAILED'],
  PENDING: ['RUNNABLE', 'SUCCEEDED', 'FAILED'],
  RUNNABLE: ['STARTING', 'FAILED'],
  STARTING: ['RUNNING', 'RUNNABLE', 'FAILED'],
  RUNNING: ['SUCCEEDED', 'RUNNABLE', 'FAILED'],
  SUCCEEDED: [],
  FAILED: [],
};

export interface Job {
  readonly id: string;
  readonly arn: string;
  /** Counts up over all jobs: the order of submission. */
  readonly sequence: number;
  readonly spec: JobSpec;
  readonly queue: Queue;
  readonly createdAt: number;
  /** Of a child: its array job, and its place in it. */
  readonly parent: ArrayJob | undefined;
  readonly index: number | undefined;
  status: Status;
  statusReason: string | undefined;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  /** Those that have ended. */
  readonly attempts: AttemptDetail[];
  /** The one that is starting or running. */
  attempt: Attempt | undefined;
  /** A request to end it was accepted; the reason that it gave. */
  terminated: string | undefined;
  cancelled: string | undefined;
}

/** An array job: a reference to its children, whose states it counts. It never runs itself. */
export interface ArrayJob extends Job {
  readonly children: Job[];
  readonly counts: Record<Status, number>;
  countsChangedAt: number;
}

/** What a new job has of its own; the rest begins the same for all. */
export type NewJob = Pick<Job, 'id' | 'sequence' | 'spec' | 'queue' | 'createdAt' | 'parent' | 'index'>;

/** A job in its first state: a child begins PENDING, all others SUBMITTED. */
export function newJob(job: NewJob): Job {
  return {
    ...job,
    arn: arnOf('job', job.id),
    status: job.parent === undefined ? 'SUBMITTED' : 'PENDING',
    statusReason: undefined,
    startedAt: undefined,
    stoppedAt: undefined,
    attempts: [],
    attempt: undefined,
    terminated: undefined,
    cancelled: undefined,
  };
}

/** An array job with all its children, which are PENDING. */
export function newArrayJob(job: Omit<NewJob, 'parent' | 'index'>, size: number): ArrayJob {
  const array: ArrayJob = {
    ...newJob({ ...job, parent: undefined, index: undefined }),
    children: [],
    counts: { SUBMITTED: 0, PENDING: size, RUNNABLE: 0, STARTING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0 },
    countsChangedAt: job.createdAt,
  };
  for (let index = 0; index < size; index += 1) {
    array.children.push(newJob({ ...job, id: `${job.id}:${index}`, parent: array, index }));
  }
  return array;
}

export function isArray(job: Job): job is ArrayJob {
  return 'children' in job;
}

export function isFinished(job: Job): boolean {
  return job.status === 'SUCCEEDED' || job.status === 'FAILED';
}

/**
 * Moves a job to a state, and its array job with it where that follows: PENDING once a child is RUNNABLE,
 * SUCCEEDED or FAILED once the last child is. Constant work, whatever the array's size.
 */
export function moveTo(job: Job, status: Status, now: number, reason?: string): void {
  if (!NEXT[job.status].includes(status)) {
    throw new Error(`job ${job.id} can not go from ${job.status} to ${status}`);
  }
  const before = job.status;
  job.status = status;
  job.statusReason = reason;
  if (status === 'RUNNING') job.startedAt = now;
  if (isFinished(job)) job.stoppedAt = now;
  if (job.parent !== undefined) childMoved(job.parent, before, status, now);
}

function childMoved(array: ArrayJob, before: Status, after: Status, now: number): void {
  const { counts } = array;
  counts[before] -= 1;
  counts[after] += 1;
  array.countsChangedAt = now;
  if (after === 'RUNNABLE' && array.status === 'SUBMITTED') moveTo(array, 'PENDING', now);
  if (after === 'RUNNING') array.startedAt ??= now;
  if (counts.SUCCEEDED + counts.FAILED < array.children.length) return;
  if (counts.FAILED === 0) moveTo(array, 'SUCCEEDED', now);
  else moveTo(array, 'FAILED', now, array.terminated ?? array.cancelled ?? 'Array Child Job failed');
}
