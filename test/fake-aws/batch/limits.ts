/**
 * What Batch refuses, and what it accepts and then fails: pure. A check throws a ClientException.
 * Sources: docs.aws.amazon.com/batch/latest/userguide/service_limits.html, and of the API reference
 * API_SubmitJob, API_RegisterJobDefinition, API_RetryStrategy, API_EvaluateOnExit, API_JobTimeout and
 * API_ContainerOverrides.
 */
import type {
  ContainerOverrides,
  EvaluateOnExit,
  JobTimeout,
  KeyValuePair,
  RegisterJobDefinitionRequest,
  RetryStrategy,
  SubmitJobRequest,
} from '@aws-sdk/client-batch';
import { clientError } from './service-error.ts';

export const SUBMIT_REQUEST_BYTES: number = 30 * 1024;
export const DEFINITION_REQUEST_BYTES: number = 24 * 1024;
export const DESCRIBE_JOBS_IDS = 100;

const CONTAINER_OVERRIDES_CHARACTERS = 8192;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const SHARE_IDENTIFIER = /^[A-Za-z0-9]{1,255}\*?$/;
const REASON_PATTERN = /^[A-Za-z0-9.:\s]*\*?$/;
const EXIT_CODE_PATTERN = /^[0-9]*\*?$/;

/** Checks a SubmitJob request but for what it refers to (queue and definition). */
export function checkSubmission(request: SubmitJobRequest, bytes: number): void {
  if (bytes > SUBMIT_REQUEST_BYTES) throw clientError(`request of ${bytes} bytes is over 30 KiB`);
  checkName('jobName', request.jobName);
  for (const field of ['jobQueue', 'jobDefinition'] as const) {
    if (!request[field]) throw clientError(`${field} is required`);
  }
  for (const field of [
    'dependsOn',
    'nodeOverrides',
    'eksPropertiesOverride',
    'ecsPropertiesOverride',
  ] as const) {
    if (request[field] !== undefined) throw clientError(`this stand-in has no ${field}`);
  }
  if (request.arrayProperties !== undefined) checkArraySize(request.arrayProperties.size);
  checkRetryStrategy(request.retryStrategy);
  checkTimeout(request.timeout);
  checkEnvironment(request.containerOverrides?.environment);
  if (request.containerOverrides?.command?.includes('')) throw clientError('command has an empty string');
}

/** Checks a RegisterJobDefinition request. */
export function checkDefinition(request: RegisterJobDefinitionRequest, bytes: number): void {
  if (bytes > DEFINITION_REQUEST_BYTES) throw clientError(`definition of ${bytes} bytes is over 24 KiB`);
  checkName('jobDefinitionName', request.jobDefinitionName);
  if (request.type !== 'container')
    throw clientError(`this stand-in has no definitions of type ${request.type}`);
  if (!request.containerProperties?.image) throw clientError('containerProperties.image is required');
  for (const type of ['VCPU', 'MEMORY'] as const) {
    const wanted = request.containerProperties.resourceRequirements?.find((entry) => entry.type === type);
    const older = type === 'VCPU' ? request.containerProperties.vcpus : request.containerProperties.memory;
    const amount = Number(wanted?.value ?? older);
    if (!(amount > 0)) throw clientError(`resourceRequirements needs a ${type} above 0`);
  }
  checkRetryStrategy(request.retryStrategy);
  checkTimeout(request.timeout);
  checkEnvironment(request.containerProperties.environment);
}

/** A fair-share queue wants a share identifier, a FIFO queue none. */
export function checkShareIdentifier(identifier: string | undefined, fairShare: boolean): void {
  if (!fairShare && identifier !== undefined) {
    throw clientError('shareIdentifier is not allowed: the job queue has no fair-share scheduling policy');
  }
  if (!fairShare) return;
  if (identifier === undefined) throw clientError('shareIdentifier is required by a fair-share job queue');
  if (!SHARE_IDENTIFIER.test(identifier))
    throw clientError(`shareIdentifier ${identifier} is not alphanumeric`);
}

/** Why a job that was accepted can never start, or undefined: ECS, not Batch, measures the overrides. */
export function overridesTooLong(overrides: ContainerOverrides | undefined): string | undefined {
  const length = overrides === undefined ? 0 : JSON.stringify(overrides).length;
  if (length <= CONTAINER_OVERRIDES_CHARACTERS) return undefined;
  return `Container Overrides length must be at most ${CONTAINER_OVERRIDES_CHARACTERS}`;
}

function checkName(field: string, value: string | undefined): void {
  if (value === undefined || !NAME.test(value)) {
    throw clientError(
      `${field} ${value} must be 1 to 128 letters, digits, - or _, and begin with a letter or digit`,
    );
  }
}

function checkArraySize(size: number | undefined): void {
  if (size === undefined || !Number.isInteger(size) || size < 2 || size > 10_000) {
    throw clientError(`array size ${size} is not between 2 and 10000`);
  }
}

function checkTimeout(timeout: JobTimeout | undefined): void {
  const seconds = timeout?.attemptDurationSeconds;
  if (seconds !== undefined && seconds < 60) {
    throw clientError(`attemptDurationSeconds ${seconds} is under 60`);
  }
}

function checkEnvironment(environment: readonly KeyValuePair[] | undefined): void {
  for (const { name } of environment ?? []) {
    if (!name) throw clientError('an environment variable has no name');
    if (name.startsWith('AWS_BATCH')) throw clientError(`environment variable ${name} begins with AWS_BATCH`);
  }
}

function checkRetryStrategy(strategy: RetryStrategy | undefined): void {
  if (strategy === undefined) return;
  const { attempts, evaluateOnExit } = strategy;
  if (attempts !== undefined && (!Number.isInteger(attempts) || attempts < 1 || attempts > 10)) {
    throw clientError(`retry attempts ${attempts} are not between 1 and 10`);
  }
  if (evaluateOnExit === undefined || evaluateOnExit.length === 0) return;
  if (attempts === undefined) throw clientError('evaluateOnExit needs attempts');
  if (evaluateOnExit.length > 5)
    throw clientError(`${evaluateOnExit.length} evaluateOnExit rules are over 5`);
  for (const rule of evaluateOnExit) checkRule(rule);
}

function checkRule(rule: EvaluateOnExit): void {
  const action = rule.action?.toUpperCase();
  if (action !== 'RETRY' && action !== 'EXIT')
    throw clientError(`action ${rule.action} is not RETRY or EXIT`);
  const patterns = [
    [rule.onStatusReason, REASON_PATTERN],
    [rule.onReason, REASON_PATTERN],
    [rule.onExitCode, EXIT_CODE_PATTERN],
  ] as const;
  if (patterns.every(([pattern]) => pattern === undefined)) throw clientError('a rule has no condition');
  for (const [pattern, allowed] of patterns) {
    if (pattern !== undefined && (pattern.length > 512 || !allowed.test(pattern))) {
      throw clientError(`pattern ${pattern} is not allowed: only a trailing * stands for more`);
    }
  }
}
