import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  type JobSummary,
  ListJobsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { setTimeout as delay } from 'node:timers/promises';
import { awsFailure } from '../../store/aws-failure.ts';
import {
  type BatchApi,
  type ComputeEnvironmentDetail,
  type JobDefinition,
  type JobDetail,
  type JobQueueDetail,
  type JobsWanted,
  type RegisterJobDefinitionRequest,
  SubmissionUncertain,
  type SubmitJobRequest,
} from './batch-api.ts';

/** docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobs.html */
const IDS_A_CALL = 100;

/** Whoever is throttled waits up to so long between two tries; the wait is drawn, so that many do not come at once. */
const MAX_BACKOFF_SECONDS = 20;
const SUBMIT_TRIES = 12;

/**
 * The Batch API by the AWS SDK. Profile and endpoint come from the environment, as for every AWS
 * tool. What only reads, or may be said twice, is tried again by the SDK, which slows down when throttled;
 * SubmitJob has a client of its own that never tries again by itself.
 */
export class AwsBatchApi implements BatchApi {
  readonly #client: BatchClient;
  readonly #submitter: BatchClient;

  /** @param region default: that of the environment */
  constructor(region?: string) {
    const where = region === undefined ? {} : { region };
    this.#client = new BatchClient({ ...where, retryMode: 'adaptive', maxAttempts: 10 });
    this.#submitter = new BatchClient({ ...where, maxAttempts: 1 });
  }

  /** The region that is asked. @throws BackfillError `aws-region` where none is named */
  async region(): Promise<string> {
    return this.#ask('find AWS Batch', () => this.#client.config.region());
  }

  async submitJob(request: SubmitJobRequest): Promise<{ readonly jobId: string; readonly jobArn: string }> {
    for (let tries = 1; ; tries++) {
      try {
        const { jobId, jobArn } = await this.#submitter.send(new SubmitJobCommand(request));
        if (jobId === undefined) throw new SubmissionUncertain(request.jobName ?? '', {});
        return { jobId, jobArn: jobArn ?? jobId };
      } catch (error) {
        if (error instanceof SubmissionUncertain) throw error;
        if (wasSkewCorrected(error) && tries === 1) {
          // Refused for its time alone; the SDK knows AWS's now, and signs by that.
          continue;
        } else if (isThrottled(error) && tries < SUBMIT_TRIES) {
          await delay(Math.random() * Math.min(MAX_BACKOFF_SECONDS, 2 ** tries / 4) * 1000);
        } else if (isUncertain(error)) {
          throw new SubmissionUncertain(request.jobName ?? '', { cause: error });
        } else {
          throw awsFailure(error, { doing: `submit a job to ${request.jobQueue}` }) ?? error;
        }
      }
    }
  }

  async describeJobs(ids: readonly string[]): Promise<JobDetail[]> {
    const details: JobDetail[] = [];
    for (let from = 0; from < ids.length; from += IDS_A_CALL) {
      const command = new DescribeJobsCommand({ jobs: ids.slice(from, from + IDS_A_CALL) });
      const { jobs } = await this.#ask('describe jobs', () => this.#client.send(command));
      details.push(...(jobs ?? []));
    }
    return details;
  }

  async *listJobs(wanted: JobsWanted): AsyncIterable<JobSummary> {
    let nextToken: string | undefined;
    do {
      const command = new ListJobsCommand({
        ...('queue' in wanted
          ? { jobQueue: wanted.queue, filters: [{ name: 'JOB_NAME', values: [wanted.name] }] }
          : { arrayJobId: wanted.arrayJob, jobStatus: wanted.status }),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      const page = await this.#ask('list jobs', () => this.#client.send(command));
      yield* page.jobSummaryList ?? [];
      nextToken = page.nextToken;
    } while (nextToken !== undefined && nextToken !== '');
  }

  async terminateJob(jobId: string, reason: string): Promise<void> {
    const command = new TerminateJobCommand({ jobId, reason });
    await this.#ask(`terminate job ${jobId}`, () => this.#client.send(command));
  }

  async describeQueues(names: readonly string[]): Promise<JobQueueDetail[]> {
    const command = new DescribeJobQueuesCommand({ jobQueues: [...new Set(names)] });
    const { jobQueues } = await this.#ask('describe job queues', () => this.#client.send(command));
    return jobQueues ?? [];
  }

  async describeComputeEnvironments(names: readonly string[]): Promise<ComputeEnvironmentDetail[]> {
    const command = new DescribeComputeEnvironmentsCommand({ computeEnvironments: [...names] });
    const { computeEnvironments } = await this.#ask('describe compute environments', () =>
      this.#client.send(command),
    );
    return computeEnvironments ?? [];
  }

  async describeDefinitions(nameOrRevision: string): Promise<JobDefinition[]> {
    const isRevision = nameOrRevision.includes(':');
    const found: JobDefinition[] = [];
    let nextToken: string | undefined;
    do {
      const command = new DescribeJobDefinitionsCommand({
        ...(isRevision
          ? { jobDefinitions: [nameOrRevision] }
          : { jobDefinitionName: nameOrRevision, status: 'ACTIVE' }),
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      const page = await this.#ask('describe job definitions', () => this.#client.send(command));
      found.push(...(page.jobDefinitions ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && nextToken !== '');
    return found
      .filter(({ status }) => status === 'ACTIVE')
      .toSorted((a, b) => (b.revision ?? 0) - (a.revision ?? 0));
  }

  async registerDefinition(
    request: RegisterJobDefinitionRequest,
  ): Promise<{ readonly name: string; readonly revision: number; readonly arn: string }> {
    const command = new RegisterJobDefinitionCommand(request);
    const answer = await this.#ask(`register ${request.jobDefinitionName}`, () => this.#client.send(command));
    const { jobDefinitionName = '', revision = 0, jobDefinitionArn = '' } = answer;
    return { name: jobDefinitionName, revision, arn: jobDefinitionArn };
  }

  /** @param doing what it is for, in an error's message */
  async #ask<T>(doing: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw awsFailure(error, { doing }) ?? error;
    }
  }
}

/** Batch answers 429, and says so in one of these names: nothing was accepted. */
function isThrottled(error: unknown): boolean {
  const { name } = error as { readonly name?: string };
  return statusOf(error) === 429 || name === 'TooManyRequestsException' || name === 'ThrottlingException';
}

/** The SDK's mark of a signature that was refused over this machine's clock, which it has learned to allow for. */
function wasSkewCorrected(error: unknown): boolean {
  const { $metadata } = error as { readonly $metadata?: { readonly clockSkewCorrected?: boolean } };
  return $metadata?.clockSkewCorrected === true && statusOf(error) === 403;
}

/** A server's error, or no answer at all, leaves open whether the job was accepted. */
function isUncertain(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500;
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
