import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { environmentError } from '../../errors.ts';
import { jobName } from '../../run/array-jobs.ts';
import type { BatchExecution, SubmissionRecord } from '../../run/records.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import type { BatchApi, JobStatus } from './batch-api.ts';
import { readSubmittedJobs } from './submission-state.ts';
import { type SubmittedJob, findJobsNamed, hasEnded, viewJobs } from './submitted-jobs.ts';

/** In the order in which children come to run: one that moves on meanwhile is met again further down. */
const UNENDED: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'];

const CALLS_IN_FLIGHT = 8;
const LOOK_AGAIN_MILLISECONDS = 1000;

/** A worker has 30 s to leave when its job is terminated, and Batch some time to see it. */
const PATIENCE_SECONDS = 600;

/** Ends all jobs of a submission, those included whose answer was never written down. */
export async function stopSubmission(
  api: BatchApi,
  store: ObjectStore,
  record: SubmissionRecord,
  execution: BatchExecution,
): Promise<void> {
  const { run, submission } = record;
  const { submitted: jobs, unsubmitted } = await readSubmittedJobs(store, record);
  for (const job of unsubmitted) {
    const found = await findJobsNamed(api, execution.queue, jobName(run, submission, job.job));
    jobs.push(...found.map((jobId) => ({ ...job, jobId })));
  }
  await stopJobs(api, jobs, { reason: 'cancelled by backfill cancel', patienceSeconds: PATIENCE_SECONDS });
}

/**
 * Ends jobs and every child that runs. CancelJob leaves children that have started alone, and no page says
 * whether TerminateJob of a parent reaches them: so what still runs is ended child by child, until nothing does.
 *
 * @throws BackfillError `still-running` when jobs have not ended within `patienceSeconds`
 */
export async function stopJobs(
  api: BatchApi,
  jobs: readonly SubmittedJob[],
  options: { readonly reason: string; readonly patienceSeconds: number },
): Promise<void> {
  const { reason, patienceSeconds } = options;
  const deadline = performance.now() + patienceSeconds * 1000;
  const limit = pLimit(CALLS_IN_FLIGHT);
  await Promise.all(jobs.map(({ jobId }) => limit(() => api.terminateJob(jobId, reason))));
  const told = new Set<string>();
  for (;;) {
    const { known } = await viewJobs(api, jobs);
    const open = known.filter(({ detail }) => !hasEnded(detail));
    if (open.length === 0) return;
    if (performance.now() > deadline) {
      throw environmentError('still-running', `${open.length} jobs have not ended yet`, {
        hint: 'backfill cancel once more looks again',
      });
    }
    for (const { jobId, size } of open) {
      if (size === 1) continue;
      for (const status of UNENDED) {
        const terminations: Promise<void>[] = [];
        for await (const child of api.listJobs({ arrayJob: jobId, status })) {
          const id = child.jobId;
          if (id === undefined || told.has(`${id} ${status}`)) continue;
          told.add(`${id} ${status}`);
          terminations.push(limit(() => api.terminateJob(id, reason)));
        }
        await Promise.all(terminations);
      }
    }
    await delay(LOOK_AGAIN_MILLISECONDS);
  }
}
