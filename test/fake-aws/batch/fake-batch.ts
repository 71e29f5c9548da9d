/**
 * A stand-in for AWS Batch, with the CloudWatch Logs, ECR, Service Quotas and subnets that go with it: a server at a local port
 * that the AWS SDK's own clients speak to, and that really runs the jobs. What it keeps of the real
 * service's behaviour, and what it leaves out, is in batch.md.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { JobDetail } from '@aws-sdk/client-batch';
import { Account } from './account.ts';
import { containerRunner } from './container-runner.ts';
import { type Counters, countIn, newCounters } from './counters.ts';
import { Definitions } from './definitions.ts';
import { delayedStart } from './delayed-start.ts';
import { type Fault, Faults } from './faults.ts';
import { functionRunner } from './function-runner.ts';
import { type RecordedRequest, httpFront } from './http-front.ts';
import { Images } from './images.ts';
import { JobStore } from './job-store.ts';
import { jobDetail } from './job-views.ts';
import { type Job, type Status, isArray, isFinished } from './job.ts';
import { DEFAULT_LOG_GROUP, LogStreams } from './log-streams.ts';
import { operations } from './operations.ts';
import type { BatchOptions, RunnerOptions, Timings } from './options.ts';
import { processRunner } from './process-runner.ts';
import { DEFAULT_QUEUES, Queue } from './queue.ts';
import { type ReclaimHow, type ReclaimPolicy, Reclaims } from './reclaims.ts';
import type { Runner } from './runner.ts';
import { Scheduler, newInstance } from './scheduler.ts';
import { seededRandom } from './seeded-random.ts';
import { type WaitOptions, Watch } from './watch.ts';
import { ServerClock } from '../server-clock.ts';

export type {
  BatchOptions,
  Counters,
  Fault,
  RecordedRequest,
  ReclaimHow,
  ReclaimPolicy,
  Status,
  WaitOptions,
};

/** Which of the attempts that run are reclaimed: those of a job, or a share of all on spot queues. */
export type ReclaimTarget = string | { readonly share: number; readonly seed?: number };

export interface FakeBatch {
  /** For all its services alike: AWS_ENDPOINT_URL_BATCH, ..._CLOUDWATCH_LOGS, ..._ECR, ..._SERVICE_QUOTAS, ..._EC2. */
  readonly endpoint: string;
  readonly counters: Counters;
  /** What was sent, in its order, as far as it is kept. */
  readonly requests: readonly RecordedRequest[];

  /** A job or child as DescribeJobs would show it now, past the API and its faults. */
  job(id: string): JobDetail | undefined;
  /** The ids of all jobs of a name, oldest first; children are not among them. */
  jobsNamed(name: string): string[];
  /** The ids of the plain jobs and children that run now. */
  running(): string[];
  /** What an attempt wrote. */
  logLines(logStreamName: string, logGroupName?: string): string[];

  /** Takes their hosts away. Returns the ids of those that were hit. */
  reclaim(target: ReclaimTarget, how?: Partial<ReclaimHow>): string[];
  /** From now on attempts are reclaimed by this policy, or no more. */
  setReclaims(policy: ReclaimPolicy | undefined): void;
  /** SIGKILL without notice: to the container alone (exit code 137), or with its host. */
  killHard(id: string, how?: { readonly host?: boolean }): void;
  /** Kills a container as the kernel does when its memory is used up. */
  runOutOfMemory(id: string): void;
  /** Batch forgets what has finished. Returns how many jobs that were. */
  forgetFinished(): number;
  /** The jobs of a queue stay RUNNABLE for this reason, until {@link unstall}. */
  stall(queue: string, reason: string): void;
  unstall(queue: string): void;
  /** The queue's jobStateTimeLimitActions cancel its RUNNABLE jobs for this reason. Returns how many. */
  cancelWaiting(queue: string, reason: string): number;
  /** The next calls of an operation, such as `SubmitJob`, meet this fault. */
  failNext(operation: string, fault: Fault, times?: number): void;

  /** Waits for a condition, without polling: it is looked at whenever something changed. */
  waitFor(predicate: () => boolean, options?: WaitOptions): Promise<void>;
  /** Waits until a job is in one of the states, and returns it; throws when it ended in another. */
  waitForStatus(id: string, ...statuses: Status[]): Promise<JobDetail>;
  /** Kills all that it started, and stops listening. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startBatch(options: BatchOptions): Promise<FakeBatch> {
  const vcpus = options.vcpus ?? 4;
  const queues = new Map(
    (options.queues ?? DEFAULT_QUEUES).map((queue) => [queue.name, new Queue(queue, vcpus)]),
  );
  const definitions = new Definitions();
  for (const definition of options.definitions ?? []) {
    definitions.register(definition, JSON.stringify(definition).length);
  }
  const logs = new LogStreams();
  logs.addGroup(DEFAULT_LOG_GROUP);
  for (const { name, retentionInDays } of options.logGroups ?? []) logs.addGroup(name, retentionInDays);
  const timings = withDefaults(options.timings);
  const counters = newCounters();
  const watch = new Watch();
  const changed = (): void => watch.changed();
  const runner = runnerOf(options.runner);
  const scheduler = new Scheduler(
    {
      queues: [...queues.values()],
      vcpus,
      runner: timings.startingMilliseconds > 0 ? delayedStart(runner, timings.startingMilliseconds) : runner,
      logs,
      environment: options.environment ?? {},
      timings,
      counters,
      changed,
    },
    options.reclaims === undefined ? undefined : new Reclaims(options.reclaims),
  );
  const jobs = new JobStore(options.staleness ?? {});
  const faults = new Faults(options.faults);
  const requests: RecordedRequest[] = [];
  const server = httpFront({
    operations: operations({
      queues,
      definitions,
      jobs,
      scheduler,
      logs,
      images: new Images(options.images ?? []),
      account: new Account(options.account ?? {}),
      counters,
      cascade: options.terminateCascade ?? 'waiting',
      pageSize: options.pageSize ?? 20,
      changed,
    }),
    faults,
    denied: new Set(options.denied),
    clock: new ServerClock(options.clockAheadSeconds),
    record(request) {
      countIn(counters.requests, request.operation);
      if (request.fault !== undefined) counters.faults[request.fault] += 1;
      if (requests.length < (options.recordedRequests ?? 10_000)) requests.push(request);
      changed();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = closer(scheduler, server);

  const known = (id: string): Job => {
    const job = jobs.find(id);
    if (job === undefined) throw new Error(`there is no job ${id}`);
    return job;
  };
  const view = (job: Job): JobDetail => jobDetail(job, scheduler.blockedReason(job));
  const queueNamed = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    return queue;
  };
  const runningJobs = (): Job[] => [...scheduler.active].filter((job) => job.status === 'RUNNING');

  return {
    endpoint: `http://127.0.0.1:${port}`,
    counters,
    requests,
    job(id) {
      const job = jobs.find(id);
      return job === undefined ? undefined : view(job);
    },
    jobsNamed: (name) => [...jobs.all()].filter(({ spec }) => spec.jobName === name).map(({ id }) => id),
    running: () => runningJobs().map(({ id }) => id),
    logLines: (stream, group) => logs.lines(stream, group),
    reclaim(target, { flavour, hard = false } = {}) {
      const chosen = chooseRunning(runningJobs(), target, known);
      return chosen.filter((job) => scheduler.reclaim(job, { flavour, hard })).map(({ id }) => id);
    },
    setReclaims(policy) {
      scheduler.reclaims = policy === undefined ? undefined : new Reclaims(policy);
    },
    killHard(id, { host = false } = {}) {
      known(id).attempt?.kill({ kind: 'killed', instance: host ? newInstance() : undefined });
    },
    runOutOfMemory: (id) => known(id).attempt?.kill({ kind: 'out-of-memory' }),
    forgetFinished: () => jobs.forgetFinished(),
    stall(name, reason) {
      queueNamed(name).stalled = reason;
      changed();
    },
    unstall(name) {
      queueNamed(name).stalled = undefined;
      scheduler.place();
    },
    cancelWaiting(name, reason) {
      const waiting = queueNamed(name)
        .jobs.flatMap((job) => (isArray(job) ? job.children : [job]))
        .filter(({ status }) => status === 'RUNNABLE');
      // BUG/job_stuck_in_runnable_capacity.html has these words.
      const words = `Canceled by JobStateTimeLimit action due to reason: ${reason}`;
      for (const job of waiting) scheduler.cancel(job, words);
      return waiting.length;
    },
    failNext: (operation, fault, times) => faults.failNext(operation, fault, times),
    waitFor: (predicate, waitOptions) => watch.until(predicate, waitOptions),
    async waitForStatus(id, ...statuses) {
      const reached = (): boolean => {
        const job = known(id);
        if (statuses.includes(job.status)) return true;
        if (!isFinished(job)) return false;
        throw new Error(
          `job ${id} is ${job.status} (${job.statusReason}), and never ${statuses.join(' or ')}`,
        );
      };
      await watch.until(reached, { what: `job ${id} to be ${statuses.join(' or ')}` });
      return view(known(id));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function withDefaults(timings: Timings = {}): Required<Timings> {
  return {
    graceMilliseconds: 30_000,
    schedulingMilliseconds: 0,
    startingMilliseconds: 0,
    timeoutScale: 1,
    ...timings,
  };
}

function runnerOf(options: RunnerOptions): Runner {
  switch (options.kind) {
    case 'process':
      return processRunner(options);
    case 'container':
      return containerRunner(options);
    case 'function':
      return functionRunner(options.run);
  }
}

function chooseRunning(
  running: readonly Job[],
  target: ReclaimTarget,
  known: (id: string) => Job,
): readonly Job[] {
  if (typeof target === 'string') {
    const job = known(target);
    return isArray(job) ? job.children.filter((child) => child.attempt !== undefined) : [job];
  }
  const random = seededRandom(target.seed ?? 1);
  return running.filter(({ queue }) => queue.isSpot && random() < target.share);
}

function closer(scheduler: Scheduler, server: ReturnType<typeof httpFront>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= (async () => {
      await scheduler.close();
      server.close();
      server.closeAllConnections();
    })();
    return closing;
  };
}
