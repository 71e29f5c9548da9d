/**
 * What a job runs with: its definition with what the submission overrides. Pure.
 * Source: docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html and API_ContainerOverrides.html;
 * parameters by docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html.
 */
import type {
  ContainerProperties,
  JobTimeout,
  KeyValuePair,
  ResourceRequirement,
  RetryStrategy,
  SubmitJobRequest,
} from '@aws-sdk/client-batch';
import type { KnownDefinition } from './definitions.ts';
import { overridesTooLong } from './limits.ts';

/** Shared by all the children of an array. */
export interface JobSpec {
  readonly jobName: string;
  readonly definition: KnownDefinition;
  /** The definition's container with the overrides laid over it. */
  readonly container: ContainerProperties;
  readonly vcpus: number;
  readonly memoryMebibytes: number;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly retryStrategy: RetryStrategy | undefined;
  readonly timeout: JobTimeout | undefined;
  readonly shareIdentifier: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly propagateTags: boolean;
  /** Why it can not start although it was accepted. */
  readonly cannotStart: string | undefined;
}

export function jobSpec(request: SubmitJobRequest, definition: KnownDefinition): JobSpec {
  const overrides = request.containerOverrides;
  const base = definition.containerProperties ?? {};
  const environment = { ...byName(base.environment), ...byName(overrides?.environment) };
  const resourceRequirements = mergeRequirements(base.resourceRequirements, overrides?.resourceRequirements);
  const container: ContainerProperties = {
    ...base,
    command: overrides?.command ?? base.command ?? [],
    environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
    resourceRequirements,
  };
  const parameters = { ...definition.parameters, ...request.parameters };
  return {
    jobName: request.jobName ?? '',
    definition,
    container,
    vcpus: amount(resourceRequirements, 'VCPU') ?? overrides?.vcpus ?? base.vcpus ?? 1,
    memoryMebibytes: amount(resourceRequirements, 'MEMORY') ?? overrides?.memory ?? base.memory ?? 1024,
    command: (container.command ?? []).map((word) => substitute(word, parameters)),
    environment,
    parameters,
    retryStrategy: request.retryStrategy ?? definition.retryStrategy,
    timeout: request.timeout ?? definition.timeout,
    shareIdentifier: request.shareIdentifier,
    tags: { ...request.tags },
    propagateTags: request.propagateTags ?? definition.propagateTags ?? false,
    cannotStart: overridesTooLong(overrides),
  };
}

/** `Ref::name` stands for a parameter, where there is one. */
function substitute(word: string, parameters: Readonly<Record<string, string>>): string {
  return word.startsWith('Ref::') ? (parameters[word.slice('Ref::'.length)] ?? word) : word;
}

function byName(environment: readonly KeyValuePair[] | undefined): Record<string, string> {
  return Object.fromEntries((environment ?? []).map(({ name = '', value = '' }) => [name, value]));
}

function mergeRequirements(
  base: readonly ResourceRequirement[] = [],
  overrides: readonly ResourceRequirement[] = [],
): ResourceRequirement[] {
  const kept = base.filter((entry) => overrides.every((override) => override.type !== entry.type));
  return [...kept, ...overrides];
}

function amount(requirements: readonly ResourceRequirement[], type: 'VCPU' | 'MEMORY'): number | undefined {
  const value = requirements.find((entry) => entry.type === type)?.value;
  return value === undefined ? undefined : Number(value);
}
