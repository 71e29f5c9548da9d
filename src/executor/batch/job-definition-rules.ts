/**
 * What a job definition must be for AWS Batch to take it, and for `backfill worker` to work as a child of
 * an array job. Sources: the API reference's pages RegisterJobDefinition, EvaluateOnExit, RetryStrategy
 * and JobTimeout, and the user guide's pages job_retries and service_limits.
 */
import { WORKER_EXIT } from '../../worker/messages.ts';
import type { RegisterJobDefinitionRequest } from './batch-api.ts';
import { isPinned } from './container-image-name.ts';

/** The name of the parameter that a submission gives its URI by. */
export const SUBMISSION_PARAMETER = 'submission';

type RetryStrategy = NonNullable<RegisterJobDefinitionRequest['retryStrategy']>;
type Rule = NonNullable<RetryStrategy['evaluateOnExit']>[number];

/** The parts that rules are about: a request has them, and so has what is registered. */
export type DefinitionParts = Pick<
  RegisterJobDefinitionRequest,
  'jobDefinitionName' | 'type' | 'retryStrategy' | 'timeout' | 'containerProperties' | 'parameters'
>;

const MAX_DEFINITION_BYTES = 24 * 1024;
const MAX_RULES = 5;
const MAX_PATTERN = 512;
const MIN_TIMEOUT_SECONDS = 60;

/** A text as Batch reports it when a spot host is reclaimed. */
const RECLAIMED = 'Host EC2 (instance i-0123456789abcdef0) terminated.';

/** All that is wrong with a definition; empty where nothing is. */
export function definitionProblems(definition: DefinitionParts): readonly string[] {
  return [
    ...limitProblems(definition),
    ...patternProblems(definition.retryStrategy?.evaluateOnExit ?? []),
    ...retryProblems(definition),
    ...containerProblems(definition),
  ];
}

/** What of it AWS Batch would refuse. */
function limitProblems(definition: DefinitionParts): readonly string[] {
  const { jobDefinitionName = '', retryStrategy, timeout } = definition;
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  const attempts = retryStrategy?.attempts;
  const rules = retryStrategy?.evaluateOnExit ?? [];
  const seconds = timeout?.attemptDurationSeconds;
  return [
    ...when(!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(jobDefinitionName), [
      `'${jobDefinitionName}' is no name: up to 128 letters, digits, - and _ are possible`,
    ]),
    ...when(bytes > MAX_DEFINITION_BYTES, [
      `${bytes} bytes are more than the ${MAX_DEFINITION_BYTES} allowed`,
    ]),
    ...when(attempts !== undefined && (attempts < 1 || attempts > 10), [
      `${attempts} attempts: 1 to 10 are possible`,
    ]),
    ...when(rules.length > MAX_RULES, [`${rules.length} retry rules: at most ${MAX_RULES} are possible`]),
    ...when(rules.length > 0 && attempts === undefined, ['retry rules need retryStrategy.attempts']),
    ...when(seconds !== undefined && seconds < MIN_TIMEOUT_SECONDS, [
      `a timeout of ${seconds} s: at least ${MIN_TIMEOUT_SECONDS} s are possible`,
    ]),
  ];
}

/** Patterns are letters, digits, full stops, colons and blanks, and may end in one asterisk. */
function patternProblems(rules: readonly Rule[]): readonly string[] {
  return rules.flatMap(({ onReason, onStatusReason, onExitCode, action }) => {
    const texts = [onReason, onStatusReason].filter((text) => text !== undefined);
    const conditions = [...texts, ...(onExitCode === undefined ? [] : [onExitCode])];
    return [
      ...texts
        .filter((text) => !/^[A-Za-z0-9.:\s]*\*?$/.test(text) || text.length > MAX_PATTERN)
        .map(
          (text) => `'${text}' is no pattern: letters, digits, '.', ':', blanks and a last * are possible`,
        ),
      ...when(onExitCode !== undefined && !/^[0-9]*\*?$/.test(onExitCode), [
        `'${onExitCode}' is no pattern of an exit code`,
      ]),
      ...when(conditions.length === 0, ['a retry rule has no condition']),
      ...when(!['RETRY', 'EXIT'].includes(String(action).toUpperCase()), [
        `'${action}' is no action: RETRY, EXIT`,
      ]),
    ];
  });
}

/** What would make a run repeat what can not succeed, or give up what can. */
function retryProblems({ retryStrategy }: DefinitionParts): readonly string[] {
  const rules = retryStrategy?.evaluateOnExit ?? [];
  const [reclaimed, drained, failed] = [
    { statusReason: RECLAIMED },
    { statusReason: 'Essential container in task exited', exitCode: WORKER_EXIT.drained },
    { statusReason: 'Essential container in task exited', exitCode: 1 },
  ];
  return [
    ...when(!retries(rules, reclaimed), ["no rule retries a reclaimed host (onStatusReason 'Host EC2*')"]),
    ...when(!retries(rules, drained), [
      `no rule retries a drained worker (onExitCode '${WORKER_EXIT.drained}')`,
    ]),
    ...when(retries(rules, failed), [
      "workers that fail are retried, since Batch retries what no rule ends: add onReason '*', EXIT as the last one",
    ]),
    ...when((retryStrategy?.attempts ?? 1) < 2, ['one attempt alone: a reclaimed shard would be given up']),
  ];
}

/** How an attempt ended, as Batch tells it. */
interface AttemptEnd {
  readonly statusReason: string;
  readonly reason?: string;
  readonly exitCode?: number;
}

/** What Batch does after an attempt: the first rule whose conditions are all met decides. */
function retries(rules: readonly Rule[], { statusReason, reason = '', exitCode }: AttemptEnd): boolean {
  const code = exitCode === undefined ? undefined : String(exitCode);
  const rule = rules.find(
    ({ onStatusReason, onReason, onExitCode }) =>
      matches(onStatusReason, statusReason) && matches(onReason, reason) && matches(onExitCode, code),
  );
  return rule === undefined || String(rule.action).toUpperCase() === 'RETRY';
}

function matches(pattern: string | undefined, text: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (text === undefined) return false;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function containerProblems({ type, containerProperties: container }: DefinitionParts): readonly string[] {
  if (type !== 'container' || container === undefined) return ['it is not of type container'];
  const { image = '', command = [], environment = [], user = 'root' } = container;
  return [
    ...when(!isPinned(image), [
      `the image ${image || '(none)'} is not pinned by its digest: what a tag names may change in mid-run`,
    ]),
    ...when(!command.includes(`Ref::${SUBMISSION_PARAMETER}`), [
      `the command does not take its submission: Ref::${SUBMISSION_PARAMETER}`,
    ]),
    ...when(/^(root|0)(:|$)/.test(user), ['the container runs as root']),
    ...environment
      .filter(({ name = '' }) => name.startsWith('AWS_BATCH'))
      .map(({ name }) => `${name}: names that start with AWS_BATCH are Batch's own`),
  ];
}

function when(wrong: boolean, problems: readonly string[]): readonly string[] {
  return wrong ? problems : [];
}
