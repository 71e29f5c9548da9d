/**
 * The definitions, queues and compute environments of an account, in memory: as much of the Batch API as
 * the commands that register and inspect use. Definitions come back as Batch describes them, with the
 * defaults it fills in: docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobDefinitions.html
 */
import type {
  BatchApi,
  ComputeEnvironmentDetail,
  JobDefinition,
  JobQueueDetail,
  RegisterJobDefinitionRequest,
} from '../../../src/executor/batch/batch-api.ts';

export class RegisteredDefinitions implements BatchApi {
  readonly queues: JobQueueDetail[] = [];
  readonly computeEnvironments: ComputeEnvironmentDetail[] = [];
  readonly #definitions: JobDefinition[] = [];

  async describeQueues(names: readonly string[]): Promise<JobQueueDetail[]> {
    return this.queues.filter(({ jobQueueName, jobQueueArn }) =>
      names.some((name) => name === jobQueueName || name === jobQueueArn),
    );
  }

  async describeComputeEnvironments(names: readonly string[]): Promise<ComputeEnvironmentDetail[]> {
    return this.computeEnvironments.filter(({ computeEnvironmentName, computeEnvironmentArn }) =>
      names.some((name) => name === computeEnvironmentName || name === computeEnvironmentArn),
    );
  }

  async describeDefinitions(nameOrRevision: string): Promise<JobDefinition[]> {
    const [name, revision] = nameOrRevision.split(':');
    return this.#definitions
      .filter(
        (definition) =>
          definition.jobDefinitionName === name &&
          (revision === undefined
            ? definition.status === 'ACTIVE'
            : definition.revision === Number(revision)),
      )
      .toSorted((a, b) => (b.revision ?? 0) - (a.revision ?? 0));
  }

  async registerDefinition(
    request: RegisterJobDefinitionRequest,
  ): ReturnType<BatchApi['registerDefinition']> {
    const name = request.jobDefinitionName ?? '';
    const revision =
      1 + this.#definitions.filter(({ jobDefinitionName }) => jobDefinitionName === name).length;
    const arn = `arn:aws:batch:eu-west-1:123456789012:job-definition/${name}:${revision}`;
    this.#definitions.push(asDescribed(structuredClone(request), arn, revision));
    return { name, revision, arn };
  }

  /** Takes a revision back, as DeregisterJobDefinition does. */
  deregister(name: string, revision: number): void {
    const at = this.#definitions.findIndex(
      (definition) => definition.jobDefinitionName === name && definition.revision === revision,
    );
    this.#definitions[at] = { ...(this.#definitions[at] as JobDefinition), status: 'INACTIVE' };
  }

  submitJob(): never {
    throw new Error('no jobs here');
  }
  describeJobs(): never {
    throw new Error('no jobs here');
  }
  listJobs(): never {
    throw new Error('no jobs here');
  }
  terminateJob(): never {
    throw new Error('no jobs here');
  }
}

function asDescribed(request: RegisterJobDefinitionRequest, arn: string, revision: number): JobDefinition {
  const { containerProperties: container = {}, retryStrategy, type, tags, parameters } = request;
  return {
    ...request,
    jobDefinitionName: request.jobDefinitionName,
    type,
    jobDefinitionArn: arn,
    revision,
    status: 'ACTIVE',
    containerOrchestrationType: 'ECS',
    parameters: parameters ?? {},
    tags: {
      ...tags,
      'aws:cloudformation:stack-name': 'platform',
      'cost-centre': 'added by the organisation',
    },
    retryStrategy: {
      ...retryStrategy,
      // Batch gives actions back in lower case.
      evaluateOnExit: (retryStrategy?.evaluateOnExit ?? []).map((rule) => ({
        ...rule,
        action: String(rule.action).toLowerCase() as 'RETRY',
      })),
    },
    containerProperties: {
      environment: [],
      secrets: [],
      volumes: [],
      mountPoints: [],
      ulimits: [],
      privileged: false,
      ...container,
      ...(container.linuxParameters === undefined
        ? {}
        : { linuxParameters: { ...container.linuxParameters, devices: [], tmpfs: [] } }),
      ...(container.logConfiguration === undefined
        ? {}
        : { logConfiguration: { ...container.logConfiguration, secretOptions: [] } }),
      resourceRequirements: (container.resourceRequirements ?? []).toReversed(),
    },
  };
}
