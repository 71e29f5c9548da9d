/**
 * A job as DescribeJobs and ListJobs show it: pure.
 * Sources: docs.aws.amazon.com/batch/latest/APIReference/API_JobDetail.html, API_JobSummary.html,
 * API_ContainerDetail.html, API_ArrayPropertiesDetail.html.
 */
import type { ArrayPropertiesDetail, JobDetail, JobSummary } from '@aws-sdk/client-batch';
import { type Job, isArray } from './job.ts';

/** `blocked`: why it stays RUNNABLE, if Batch has found out. */
export function jobDetail(job: Job, blocked: string | undefined): JobDetail {
  const { spec } = job;
  const last = job.attempts.at(-1)?.container;
  return {
    ...common(job, blocked),
    jobQueue: job.queue.arn,
    jobDefinition: spec.definition.jobDefinitionArn,
    startedAt: job.startedAt,
    attempts: [...job.attempts],
    retryStrategy: spec.retryStrategy ?? { attempts: 1, evaluateOnExit: [] },
    dependsOn: [],
    parameters: { ...spec.parameters },
    timeout: spec.timeout,
    tags: { ...spec.tags },
    propagateTags: spec.propagateTags,
    platformCapabilities: spec.definition.platformCapabilities,
    schedulingPriority: spec.definition.schedulingPriority,
    arrayProperties: arrayProperties(job),
    isTerminated: job.terminated !== undefined,
    isCancelled: job.cancelled !== undefined,
    container: {
      ...spec.container,
      exitCode: last?.exitCode,
      reason: last?.reason,
      logStreamName: logStream(job),
    },
  };
}

export function jobSummary(job: Job, blocked: string | undefined): JobSummary {
  const last = job.attempts.at(-1)?.container;
  return {
    ...common(job, blocked),
    startedAt: job.startedAt,
    jobDefinition: job.spec.definition.jobDefinitionArn,
    container: last === undefined ? undefined : { exitCode: last.exitCode, reason: last.reason },
    arrayProperties: arrayProperties(job),
  };
}

function common(job: Job, blocked: string | undefined) {
  return {
    jobArn: job.arn,
    jobId: job.id,
    jobName: job.spec.jobName,
    status: job.status,
    statusReason: blocked ?? job.statusReason,
    createdAt: job.createdAt,
    stoppedAt: job.stoppedAt,
    shareIdentifier: job.spec.shareIdentifier,
  };
}

/** The stream of the attempt that runs, or of the last one. */
function logStream(job: Job): string | undefined {
  if (job.attempt?.startedAt !== undefined) return job.attempt.logStreamName;
  return job.attempts.at(-1)?.container?.logStreamName;
}

function arrayProperties(job: Job): ArrayPropertiesDetail | undefined {
  if (isArray(job)) {
    return {
      size: job.children.length,
      statusSummary: { ...job.counts },
      statusSummaryLastUpdatedAt: job.countsChangedAt,
    };
  }
  return job.index === undefined ? undefined : { index: job.index };
}
