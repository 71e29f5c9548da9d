import { type ArrayJob, jobName } from '../../run/array-jobs.ts';
import type { BatchExecution } from '../../run/records.ts';
import type { SubmissionEntry } from '../../run/submission-table.ts';
import type { JobDefinition, SubmitJobRequest } from './batch-api.ts';

/** What a child may take beyond its work, for fetching, starting and a busy machine. */
const TIMEOUT_FACTOR = 6;
const TIMEOUT_BASE_SECONDS = 900;

/** Batch allows so many attempts: docs.aws.amazon.com/batch/latest/userguide/job_retries.html */
const MAX_ATTEMPTS = 10;

/**
 * The request that submits one job of a submission.
 *
 * What a child is told is one URI, as the definition's parameter, and the region: overrides of commands and
 * environments have limits that Batch checks only after it has accepted a job. A retry strategy replaces that of the
 * definition whole, so its rules are repeated with the attempts that this queue is to have.
 *
 * @param uri of the job's part of the submission
 * @param entries the shards of this job
 */
export function jobRequest(options: {
  readonly run: string;
  readonly submission: number;
  readonly job: ArrayJob;
  readonly uri: string;
  readonly execution: BatchExecution;
  readonly definition: JobDefinition;
  readonly entries: readonly SubmissionEntry[];
}): SubmitJobRequest {
  const { run, submission, job, uri, execution, definition, entries } = options;
  const { target, queue, memoryMiB } = execution;
  const rules = definition.retryStrategy?.evaluateOnExit;
  return {
    jobName: jobName(run, submission, job.job),
    jobQueue: queue,
    jobDefinition: execution.definition,
    parameters: { submission: uri },
    ...(job.size === 1 ? {} : { arrayProperties: { size: job.size } }),
    retryStrategy: {
      attempts: escalates(execution) ? Math.min(target.reclaims, MAX_ATTEMPTS) : MAX_ATTEMPTS,
      ...(rules === undefined ? {} : { evaluateOnExit: rules }),
    },
    timeout: { attemptDurationSeconds: timeoutSeconds(entries) },
    containerOverrides: {
      // Nothing else tells a container of an EC2 instance what region it is in.
      environment: [{ name: 'AWS_REGION', value: target.region }],
      ...(memoryMiB === undefined
        ? {}
        : { resourceRequirements: [{ type: 'MEMORY', value: String(memoryMiB) }] }),
    },
    ...(target.shareIdentifier === undefined ? {} : { shareIdentifier: target.shareIdentifier }),
    tags: { 'backfill-run': run },
    propagateTags: true,
  };
}

/** Whether shards that are reclaimed too often on the execution's queue have another queue to go to. */
export function escalates({ target, queue }: BatchExecution): boolean {
  return target.fallbackQueue !== undefined && target.fallbackQueue !== queue;
}

/** A job has one time limit for all its children: that of the heaviest. */
function timeoutSeconds(entries: readonly SubmissionEntry[]): number {
  const heaviest = entries.reduce((most, { weightSeconds }) => Math.max(most, weightSeconds), 0);
  return Math.ceil(TIMEOUT_BASE_SECONDS + TIMEOUT_FACTOR * heaviest);
}
