/**
 * Job queues with the compute environments behind them.
 * Sources: docs.aws.amazon.com/batch/latest/APIReference/API_JobQueueDetail.html,
 * API_ComputeEnvironmentDetail.html, and job_stuck_in_runnable.html of the user guide.
 */
import type {
  ComputeEnvironmentDetail,
  ComputeResource,
  JobQueueDetail,
  JobStateTimeLimitAction,
} from '@aws-sdk/client-batch';
import { arnOf } from './arn.ts';
import type { Job } from './job.ts';

export interface ComputeEnvironmentDeclaration {
  readonly name: string;
  readonly state?: 'ENABLED' | 'DISABLED';
  readonly status?: 'VALID' | 'INVALID';
  readonly statusReason?: string;
  /** Laid over a sound environment of the kind: `{ allocationStrategy: 'BEST_FIT' }` makes it one that stalls. */
  readonly computeResources?: Partial<ComputeResource>;
}

export interface QueueDeclaration {
  readonly name: string;
  readonly kind?: 'SPOT' | 'EC2' | 'FARGATE_SPOT' | 'FARGATE';
  readonly state?: 'ENABLED' | 'DISABLED';
  readonly status?: 'VALID' | 'INVALID';
  readonly statusReason?: string;
  readonly fairShare?: boolean;
  /** Default 1. The queue with the higher one is served first. */
  readonly priority?: number;
  readonly jobStateTimeLimitActions?: JobStateTimeLimitAction[];
  /** One to three; default one, sound, named after the queue. */
  readonly computeEnvironments?: readonly ComputeEnvironmentDeclaration[];
}

export const DEFAULT_QUEUES: readonly QueueDeclaration[] = [
  { name: 'backfill-spot', kind: 'SPOT' },
  { name: 'backfill-on-demand', kind: 'EC2' },
];

/** A queue: what is declared of it, and its RUNNABLE jobs, first come first served. */
export class Queue {
  readonly name: string;
  readonly declaration: QueueDeclaration;
  readonly environments: readonly ComputeEnvironmentDetail[];
  /** The jobs submitted to it, oldest first; children are not among them. */
  jobs: Job[] = [];
  /** Why its jobs stay RUNNABLE, where a test has stalled it. */
  stalled: string | undefined;
  #line: Job[] = [];
  #head = 0;

  constructor(declaration: QueueDeclaration, vcpus: number) {
    this.name = declaration.name;
    this.declaration = declaration;
    const environments = declaration.computeEnvironments ?? [{ name: declaration.name }];
    this.environments = environments.map((environment) => environmentDetail(environment, declaration, vcpus));
  }

  get arn(): string {
    return arnOf('job-queue', this.name);
  }

  /** Whether it has somewhere to run jobs. */
  get works(): boolean {
    return (
      this.declaration.status !== 'INVALID' &&
      this.environments.some(({ state, status }) => state === 'ENABLED' && status === 'VALID')
    );
  }

  /** Whether its hosts may be reclaimed at any time. */
  get isSpot(): boolean {
    return (this.declaration.kind ?? 'SPOT').endsWith('SPOT');
  }

  /** Puts a RUNNABLE job at the end of the line. */
  push(job: Job): void {
    this.#line.push(job);
  }

  /** The job whose turn it is; those that were cancelled meanwhile are passed over. */
  head(): Job | undefined {
    while (this.#head < this.#line.length && this.#line[this.#head]?.status !== 'RUNNABLE') this.#head += 1;
    if (this.#head > 1000 && this.#head * 2 > this.#line.length) {
      this.#line = this.#line.slice(this.#head);
      this.#head = 0;
    }
    return this.#line[this.#head];
  }

  detail(): JobQueueDetail {
    const { state, status, statusReason, fairShare, priority, jobStateTimeLimitActions } = this.declaration;
    return {
      jobQueueName: this.name,
      jobQueueArn: this.arn,
      state: state ?? 'ENABLED',
      status: status ?? 'VALID',
      statusReason: statusReason ?? 'JobQueue Healthy',
      priority: priority ?? 1,
      jobQueueType: 'ECS',
      computeEnvironmentOrder: this.environments.map(({ computeEnvironmentArn }, index) => ({
        order: index + 1,
        computeEnvironment: computeEnvironmentArn,
      })),
      ...(jobStateTimeLimitActions === undefined ? {} : { jobStateTimeLimitActions }),
      ...(fairShare === true ? { schedulingPolicyArn: arnOf('scheduling-policy', this.name) } : {}),
      tags: {},
    };
  }
}

function environmentDetail(
  environment: ComputeEnvironmentDeclaration,
  { kind = 'SPOT' }: QueueDeclaration,
  vcpus: number,
): ComputeEnvironmentDetail {
  const fargate = kind.startsWith('FARGATE');
  const strategy = kind === 'SPOT' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE';
  return {
    computeEnvironmentName: environment.name,
    computeEnvironmentArn: arnOf('compute-environment', environment.name),
    type: 'MANAGED',
    state: environment.state ?? 'ENABLED',
    status: environment.status ?? 'VALID',
    statusReason: environment.statusReason ?? 'ComputeEnvironment Healthy',
    containerOrchestrationType: 'ECS',
    computeResources: {
      type: kind,
      maxvCpus: vcpus,
      subnets: ['subnet-0'],
      securityGroupIds: ['sg-0'],
      ...(fargate
        ? {}
        : {
            minvCpus: 0,
            instanceTypes: ['optimal'],
            instanceRole: 'ecsInstanceRole',
            allocationStrategy: strategy,
          }),
      ...environment.computeResources,
    },
    tags: {},
  };
}
