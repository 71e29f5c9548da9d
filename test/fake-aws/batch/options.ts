import type { AccountDeclaration } from './account.ts';
import type { FaultOptions } from './faults.ts';
import type { TaskFunction } from './function-runner.ts';
import type { ImageDeclaration } from './images.ts';
import type { QueueDeclaration } from './queue.ts';
import type { ReclaimPolicy } from './reclaims.ts';
import type { RegisterJobDefinitionRequest } from '@aws-sdk/client-batch';

/** What runs the jobs. */
export type RunnerOptions =
  /** Processes of this machine: `command` stands for the image's entry point, the job's is appended. */
  | { readonly kind: 'process'; readonly command: readonly string[]; readonly workingDirectory?: string }
  /** Containers of the Docker engine at DOCKER_HOST, or at `engine` (`unix:///...` or `tcp://...`). */
  | { readonly kind: 'container'; readonly engine?: string }
  /** A function of the test. */
  | { readonly kind: 'function'; readonly run: TaskFunction };

export interface Timings {
  /** From SIGTERM to SIGKILL, for reclaims, timeouts and TerminateJob. Default 30,000. */
  readonly graceMilliseconds?: number;
  /** How long a job stays SUBMITTED. Default 0. */
  readonly schedulingMilliseconds?: number;
  /** How long it stays STARTING at least. Default 0. */
  readonly startingMilliseconds?: number;
  /** Stretches attemptDurationSeconds: 0.01 makes a minute 600 ms. Default 1. */
  readonly timeoutScale?: number;
}

/** How long a job that was submitted can not be seen: until both have passed. */
export interface Staleness {
  readonly milliseconds?: number;
  /** This many calls of ListJobs and DescribeJobs do not know it yet. */
  readonly reads?: number;
}

export interface BatchOptions {
  readonly runner: RunnerOptions;
  /** What all queues share. Default 4. */
  readonly vcpus?: number;
  /** Default: `backfill-spot` and `backfill-on-demand`. */
  readonly queues?: readonly QueueDeclaration[];
  /** Registered at the start, in this order. */
  readonly definitions?: readonly RegisterJobDefinitionRequest[];
  readonly images?: readonly ImageDeclaration[];
  /** Default: 5,000 vCPUs of either kind, and one subnet with room for them. */
  readonly account?: AccountDeclaration;
  /** Operations that the caller may not ask for, such as `SubmitJob`. */
  readonly denied?: readonly string[];
  /** Beside /aws/batch/job. */
  readonly logGroups?: readonly { readonly name: string; readonly retentionInDays?: number }[];
  /** What all jobs are given, as a credentials endpoint would; a job's own variables win. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timings?: Timings;
  readonly staleness?: Staleness;
  readonly faults?: FaultOptions;
  readonly reclaims?: ReclaimPolicy;
  /**
   * Which children TerminateJob of an array job ends. No page says; `waiting`, the default, is the harsher
   * reading: those that have started go on.
   */
  readonly terminateCascade?: 'waiting' | 'all';
  /** How far the service's clock is ahead of this machine's; negative: behind it. Default 0. */
  readonly clockAheadSeconds?: number;
  /** Entries of a page where the request names no number. Default 20, so that paging is met. */
  readonly pageSize?: number;
  /** How many requests are kept for {@link FakeBatch.requests}. Default 10,000; later ones are only counted. */
  readonly recordedRequests?: number;
}
