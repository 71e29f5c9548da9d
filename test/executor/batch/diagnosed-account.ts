import type { ComputeEnvironmentDetail, JobQueueDetail } from '../../../src/executor/batch/batch-api.ts';
import {
  bundledPath,
  readDefinition,
  renderDefinition,
} from '../../../src/executor/batch/job-definition-file.ts';
import type { FoundLogGroup } from '../../../src/executor/batch/log-groups.ts';
import type { BatchDiagnosisOptions } from '../../../src/operations/diagnose-batch.ts';
import { ContainerImageList } from './container-image-list.ts';
import { DIGEST, REPOSITORY, VALUES } from './placeholder-values.ts';
import { RegisteredDefinitions } from './registered-definitions.ts';

const ARN = 'arn:aws:batch:eu-west-1:123456789012';

/** What jobdefs/cloudformation.yaml makes, with the definition of all algorithms registered. */
export async function stackAccount(): Promise<
  Omit<BatchDiagnosisOptions, 'api'> & {
    readonly api: RegisteredDefinitions;
    readonly groups: Map<string, FoundLogGroup>;
    /** By code. */
    readonly quotas: Map<string, number>;
  }
> {
  const api = new RegisteredDefinitions();
  api.queues.push(queue('backfill-spot'), queue('backfill-on-demand'));
  api.computeEnvironments.push(
    environment('backfill-spot', 'SPOT', 'SPOT_PRICE_CAPACITY_OPTIMIZED'),
    environment('backfill-on-demand', 'EC2', 'BEST_FIT_PROGRESSIVE'),
  );
  await api.registerDefinition(renderDefinition(await readDefinition(bundledPath('all')), VALUES));
  const groups = new Map<string, FoundLogGroup>([['/backfill/worker', { retentionDays: 30 }]]);
  const quotas = new Map([
    ['L-34B43A08', 1000],
    ['L-1216C47A', 1000],
  ]);
  return {
    api,
    groups,
    images: new ContainerImageList({ [`${REPOSITORY}:all-1.0.0`]: { digest: DIGEST, bytes: 148_000_000 } }),
    logGroups: { find: async (name) => groups.get(name) },
    settings: {
      credentials: async () => ({ accessKeyId: 'AKIAEXAMPLE', accountId: '123456789012' }),
      region: async () => 'eu-west-1',
      clockSkewSeconds: async () => 0,
    },
    quotas,
    limits: {
      quota: async (_service, code) => quotas.get(code),
      freeAddresses: async (subnets) =>
        new Map(subnets.flatMap((subnet) => (subnet === 'subnet-1' ? [[subnet, 507]] : []))),
    },
    target: { queue: 'backfill-spot', fallbackQueue: 'backfill-on-demand', definition: 'backfill-all' },
  };
}

export function queue(name: string): JobQueueDetail {
  return {
    jobQueueName: name,
    jobQueueArn: `${ARN}:job-queue/${name}`,
    state: 'ENABLED',
    status: 'VALID',
    priority: 10,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: `${ARN}:compute-environment/${name}` }],
  };
}

function environment(
  name: string,
  type: 'SPOT' | 'EC2',
  allocationStrategy: 'SPOT_PRICE_CAPACITY_OPTIMIZED' | 'BEST_FIT_PROGRESSIVE',
): ComputeEnvironmentDetail {
  return {
    computeEnvironmentName: name,
    computeEnvironmentArn: `${ARN}:compute-environment/${name}`,
    ecsClusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/backfill',
    type: 'MANAGED',
    state: 'ENABLED',
    status: 'VALID',
    statusReason: 'ComputeEnvironment Healthy',
    computeResources: {
      type,
      allocationStrategy,
      minvCpus: 0,
      maxvCpus: 1000,
      instanceTypes: ['c7i.4xlarge', 'm7i.8xlarge'],
      subnets: ['subnet-1'],
      launchTemplate: { launchTemplateId: 'lt-1', version: '1' },
    },
  };
}
