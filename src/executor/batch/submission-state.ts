import { type ArrayJob, cutArrayJobs } from '../../run/array-jobs.ts';
import type { BatchExecution, SubmissionRecord } from '../../run/records.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { SubmissionState } from '../submission-state.ts';
import type { BatchApi } from './batch-api.ts';
import { readJobRecord } from './job-submitter.ts';
import { type SubmittedJob, hasEnded, viewJobs } from './submitted-jobs.ts';

/** The jobs of a submission as far as they are written down, and those that are not. */
export async function readSubmittedJobs(
  store: ObjectStore,
  { run, submission, shards, executor }: SubmissionRecord,
): Promise<{ readonly submitted: SubmittedJob[]; readonly unsubmitted: ArrayJob[] }> {
  const jobs = cutArrayJobs(shards, (executor as BatchExecution).target.arraySize);
  const records = await Promise.all(jobs.map(({ job }) => readJobRecord(store, run, submission, job)));
  const submitted: SubmittedJob[] = [];
  const unsubmitted: ArrayJob[] = [];
  for (const [i, job] of jobs.entries()) {
    const jobId = records[i]?.record.jobId;
    if (jobId === undefined) unsubmitted.push(job);
    else submitted.push({ ...job, jobId });
  }
  return { submitted, unsubmitted };
}

/** Asks Batch how a submission is. */
export async function inspectBatchSubmission(
  api: BatchApi,
  store: ObjectStore,
  record: SubmissionRecord,
): Promise<SubmissionState> {
  const { submitted, unsubmitted } = await readSubmittedJobs(store, record);
  const view = await viewJobs(api, submitted);
  const stops = view.known.map(({ detail }) => (hasEnded(detail) ? (detail.stoppedAt ?? 0) : 0));
  const lastStop = Math.max(0, ...stops);
  return {
    live: view.live,
    unsubmitted: unsubmitted.length,
    children: view.children,
    ...(view.waiting === undefined ? {} : { waiting: view.waiting }),
    ...(view.live || lastStop === 0 ? {} : { endedAt: new Date(lastStop).toISOString() }),
  };
}
