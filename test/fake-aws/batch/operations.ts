/**
 * The operations of the three services by name: what a call does, and its answer.
 * Source: docs.aws.amazon.com/batch/latest/APIReference/API_Operations.html.
 */
import { randomUUID } from 'node:crypto';
import type {
  CancelJobRequest,
  DescribeComputeEnvironmentsRequest,
  DescribeJobQueuesRequest,
  DescribeJobsRequest,
  ListJobsRequest,
  RegisterJobDefinitionRequest,
  SubmitJobRequest,
  SubmitJobResponse,
} from '@aws-sdk/client-batch';
import type { Account } from './account.ts';
import { nameInArn } from './arn.ts';
import { type Counters, countIn } from './counters.ts';
import type { Definitions } from './definitions.ts';
import type { Images } from './images.ts';
import type { JobStore } from './job-store.ts';
import { jobDetail, jobSummary } from './job-views.ts';
import { jobSpec } from './job-spec.ts';
import { type Job, isArray, newArrayJob, newJob } from './job.ts';
import { DESCRIBE_JOBS_IDS, checkShareIdentifier, checkSubmission } from './limits.ts';
import type { LogStreams } from './log-streams.ts';
import { pageOf } from './pages.ts';
import type { Queue } from './queue.ts';
import type { Scheduler } from './scheduler.ts';
import { clientError } from './service-error.ts';

/** Answers a call; `body` is what was sent, parsed, and `bytes` its length. EC2's answers are XML. */
export type Operation = (body: object, bytes: number) => object | string;

export interface OperationParts {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly definitions: Definitions;
  readonly jobs: JobStore;
  readonly scheduler: Scheduler;
  readonly logs: LogStreams;
  readonly images: Images;
  readonly account: Account;
  readonly counters: Counters;
  readonly cascade: 'waiting' | 'all';
  readonly pageSize: number;
  readonly changed: () => void;
}

export function operations(parts: OperationParts): Readonly<Record<string, Operation>> {
  const { definitions, logs, images, account } = parts;
  return {
    SubmitJob: submitJob(parts),
    DescribeJobs: (body) => describeJobs(parts, body),
    ListJobs: (body) => listJobs(parts, body),
    TerminateJob: (body) => endJob(parts, body, terminate),
    CancelJob: (body) => endJob(parts, body, cancel),
    RegisterJobDefinition: (body, bytes) => {
      const { jobDefinitionName, jobDefinitionArn, revision } = definitions.register(
        body as RegisterJobDefinitionRequest,
        bytes,
      );
      return { jobDefinitionName, jobDefinitionArn, revision };
    },
    DeregisterJobDefinition: (body) => {
      definitions.deregister(required(body, 'jobDefinition'));
      return {};
    },
    DescribeJobDefinitions: (body) => {
      const page = definitions.describe(body, parts.pageSize);
      return { jobDefinitions: page.items, nextToken: page.nextToken };
    },
    DescribeJobQueues: (body) => describeJobQueues(parts, body),
    DescribeComputeEnvironments: (body) => describeComputeEnvironments(parts, body),
    GetLogEvents: (body) => logs.getLogEvents(body as Parameters<LogStreams['getLogEvents']>[0]),
    FilterLogEvents: (body) => logs.filterLogEvents(body),
    DescribeLogStreams: (body) => logs.describeLogStreams(body),
    DescribeLogGroups: (body) => logs.describeLogGroups(body),
    DescribeImages: (body) => images.describeImages(body as Parameters<Images['describeImages']>[0]),
    DescribeRepositories: (body) => images.describeRepositories(body),
    GetServiceQuota: (body) => account.getServiceQuota(body),
    GetAWSDefaultServiceQuota: (body) => account.getDefaultQuota(body),
    DescribeSubnets: (body) => account.describeSubnets(body),
  };
}

function submitJob(parts: OperationParts): (body: object, bytes: number) => SubmitJobResponse {
  let sequence = 0;
  return (body, bytes) => {
    const request = body as SubmitJobRequest;
    checkSubmission(request, bytes);
    const queue = queueOf(parts, request.jobQueue ?? '');
    if (queue.declaration.state === 'DISABLED') throw clientError(`job queue ${queue.name} is disabled`);
    checkShareIdentifier(request.shareIdentifier, queue.declaration.fairShare === true);
    const spec = jobSpec(request, parts.definitions.resolve(request.jobDefinition ?? ''));
    const now = Date.now();
    sequence += 1;
    const own = { id: randomUUID(), sequence, spec, queue, createdAt: now };
    const size = request.arrayProperties?.size;
    const job =
      size === undefined ? newJob({ ...own, parent: undefined, index: undefined }) : newArrayJob(own, size);
    parts.jobs.add(job, now);
    countIn(parts.counters.submitted, spec.jobName);
    parts.scheduler.admit(job);
    parts.changed();
    return { jobId: job.id, jobName: spec.jobName, jobArn: job.arn };
  };
}

function describeJobs({ jobs, scheduler }: OperationParts, body: object): object {
  const ids = (body as DescribeJobsRequest).jobs;
  if (ids === undefined) throw clientError('jobs is required');
  if (ids.length > DESCRIBE_JOBS_IDS)
    throw clientError(`${ids.length} job ids are over ${DESCRIBE_JOBS_IDS}`);
  jobs.beginRead(Date.now());
  const found = ids.flatMap((id) => jobs.seen(id.startsWith('arn:') ? nameInArn(id) : id) ?? []);
  return { jobs: found.map((job) => jobDetail(job, scheduler.blockedReason(job))) };
}

function listJobs(parts: OperationParts, body: object): object {
  const request = body as ListJobsRequest;
  const { jobQueue, arrayJobId, multiNodeJobId } = request;
  const given = [jobQueue, arrayJobId, multiNodeJobId].filter((field) => field !== undefined);
  if (given.length !== 1) throw clientError('give exactly one of jobQueue, arrayJobId and multiNodeJobId');
  if (multiNodeJobId !== undefined) throw clientError('this stand-in has no multi-node jobs');
  parts.jobs.beginRead(Date.now());
  const page =
    arrayJobId === undefined
      ? parts.jobs.inQueue(queueOf(parts, jobQueue ?? ''), request, parts.pageSize)
      : parts.jobs.children(arrayJobId, request, parts.pageSize);
  return {
    jobSummaryList: page.items.map((job) => jobSummary(job, parts.scheduler.blockedReason(job))),
    nextToken: page.nextToken,
  };
}

function endJob(
  parts: OperationParts,
  body: object,
  end: (parts: OperationParts, job: Job, reason: string) => void,
): object {
  const { jobId, reason } = body as CancelJobRequest;
  if (!jobId || !reason) throw clientError('jobId and reason are required');
  if (reason.length > 1024) throw clientError('reason is over 1024 characters');
  const job = parts.jobs.find(jobId);
  if (job === undefined) throw clientError(`job ${jobId} does not exist`);
  end(parts, job, reason);
  parts.scheduler.place();
  return {};
}

function terminate({ scheduler, cascade }: OperationParts, job: Job, reason: string): void {
  if (!isArray(job)) {
    scheduler.terminate(job, reason);
    return;
  }
  job.terminated ??= reason;
  for (const child of job.children) {
    if (cascade === 'all' || child.attempt === undefined) scheduler.terminate(child, reason);
  }
}

function cancel({ scheduler }: OperationParts, job: Job, reason: string): void {
  if (!isArray(job)) {
    scheduler.cancel(job, reason);
    return;
  }
  job.cancelled ??= reason;
  for (const child of job.children) scheduler.cancel(child, reason);
}

function describeJobQueues(parts: OperationParts, body: object): object {
  const request = body as DescribeJobQueuesRequest;
  const names = request.jobQueues?.map(nameInArn);
  const queues = [...parts.queues.values()].filter(({ name }) => names === undefined || names.includes(name));
  const page = pageOf(queues, request, { usual: parts.pageSize, most: 100 });
  return { jobQueues: page.items.map((queue) => queue.detail()), nextToken: page.nextToken };
}

function describeComputeEnvironments(parts: OperationParts, body: object): object {
  const request = body as DescribeComputeEnvironmentsRequest;
  const names = request.computeEnvironments?.map(nameInArn);
  const environments = [...parts.queues.values()]
    .flatMap((queue) => queue.environments)
    .filter(({ computeEnvironmentName: name = '' }) => names === undefined || names.includes(name));
  const page = pageOf(environments, request, { usual: parts.pageSize, most: 100 });
  return { computeEnvironments: page.items, nextToken: page.nextToken };
}

function queueOf({ queues }: OperationParts, nameOrArn: string): Queue {
  const queue = queues.get(nameInArn(nameOrArn));
  if (queue === undefined) throw clientError(`job queue ${nameOrArn} does not exist`);
  return queue;
}

function required(body: object, field: string): string {
  const value: unknown = Reflect.get(body, field);
  if (typeof value !== 'string') throw clientError(`${field} is required`);
  return value;
}
