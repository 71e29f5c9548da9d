/**
 * What backfill asks of AWS Batch. The calls are paced and tried again as far as that is safe; what was
 * refused for good is a BackfillError that says what to mend (`aws-denied`, `aws-credentials`, ...).
 */
import type {
  ComputeEnvironmentDetail,
  JobDefinition,
  JobDetail,
  JobQueueDetail,
  JobStatus,
  JobSummary,
  RegisterJobDefinitionRequest,
  SubmitJobRequest,
} from '@aws-sdk/client-batch';

export type {
  ComputeEnvironmentDetail,
  JobDefinition,
  JobDetail,
  JobQueueDetail,
  JobStatus,
  JobSummary,
  RegisterJobDefinitionRequest,
  SubmitJobRequest,
};

/** Which jobs {@link BatchApi.listJobs} lists. */
export type JobsWanted =
  /** The jobs of a queue that have a name, in whatever state. */
  | { readonly queue: string; readonly name: string }
  /** The children of an array job that are in a state. */
  | { readonly arrayJob: string; readonly status: JobStatus };

export interface BatchApi {
  /**
   * Submits a job, once: SubmitJob has no client token, so a call whose answer was lost may have been
   * accepted, and a second one would double it.
   * @throws SubmissionUncertain when it is not known whether the job was accepted
   */
  submitJob(request: SubmitJobRequest): Promise<{ readonly jobId: string; readonly jobArn: string }>;

  /** Describes jobs, a hundred a call; those that Batch has forgotten are left out. */
  describeJobs(ids: readonly string[]): Promise<JobDetail[]>;

  /** Lists jobs, page by page. */
  listJobs(wanted: JobsWanted): AsyncIterable<JobSummary>;

  /** Ends a job that runs, and takes back one that waits. A job that has ended is left as it is. */
  terminateJob(jobId: string, reason: string): Promise<void>;

  describeQueues(names: readonly string[]): Promise<JobQueueDetail[]>;
  describeComputeEnvironments(names: readonly string[]): Promise<ComputeEnvironmentDetail[]>;

  /** The active revisions of a definition, newest first; by `name:revision` or ARN, that one alone. */
  describeDefinitions(nameOrRevision: string): Promise<JobDefinition[]>;
  registerDefinition(
    request: RegisterJobDefinitionRequest,
  ): Promise<{ readonly name: string; readonly revision: number; readonly arn: string }>;
}

/** Whether a job was accepted is not known: the answer was lost, or was a server's error. */
export class SubmissionUncertain extends Error {
  constructor(jobName: string, options: ErrorOptions) {
    super(`no answer tells whether job ${jobName} was accepted`, options);
    this.name = 'SubmissionUncertain';
  }
}
