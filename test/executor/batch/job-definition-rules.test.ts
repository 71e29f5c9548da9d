import { describe, expect, test } from 'vitest';
import type { RegisterJobDefinitionRequest } from '../../../src/executor/batch/batch-api.ts';
import { definitionProblems } from '../../../src/executor/batch/job-definition-rules.ts';
import { requestProblems } from '../../../src/executor/batch/job-definition-schema.ts';
import {
  bundledPath,
  readDefinition,
  renderDefinition,
} from '../../../src/executor/batch/job-definition-file.ts';
import { VALUES } from './placeholder-values.ts';

type Rules = NonNullable<NonNullable<RegisterJobDefinitionRequest['retryStrategy']>['evaluateOnExit']>;

const good = renderDefinition(await readDefinition(bundledPath('all')), VALUES);

function withRules(change: (rules: Rules) => Rules): readonly string[] {
  const rules = change(structuredClone(good.retryStrategy?.evaluateOnExit ?? []));
  return definitionProblems({ ...good, retryStrategy: { attempts: 10, evaluateOnExit: rules } });
}

function withContainer(change: Partial<NonNullable<RegisterJobDefinitionRequest['containerProperties']>>) {
  return definitionProblems({ ...good, containerProperties: { ...good.containerProperties, ...change } });
}

describe('the rules of a job definition', () => {
  test('the bundled ones keep them', () => {
    expect(definitionProblems(good)).toEqual([]);
  });

  test.for([
    [(rules: Rules) => rules.slice(0, -1), 'workers that fail are retried'],
    [(rules: Rules) => rules.slice(1), 'no rule retries a reclaimed host'],
    [
      (rules: Rules) => rules.filter(({ onExitCode }) => onExitCode === undefined),
      'no rule retries a drained worker',
    ],
    [(rules: Rules) => rules.toReversed(), 'no rule retries a reclaimed host'],
    [(rules: Rules) => [{ onReason: 'a', action: 'EXIT' as const }, ...rules], '6 retry rules: at most 5'],
    [
      (rules: Rules) => [{ onStatusReason: 'Host*terminated', action: 'RETRY' as const }, ...rules.slice(1)],
      "'Host*terminated' is no pattern",
    ],
    [
      (rules: Rules) => [{ onReason: 'OOM, or so', action: 'EXIT' as const }, ...rules.slice(1)],
      "'OOM, or so' is no pattern",
    ],
    [
      (rules: Rules) => [{ onExitCode: '13?', action: 'EXIT' as const }, ...rules.slice(1)],
      "'13?' is no pattern of an exit code",
    ],
    [(rules: Rules) => [{ action: 'EXIT' as const }, ...rules.slice(1)], 'a retry rule has no condition'],
  ] as const)('of retries: case %#', ([change, problem]) => {
    expect(withRules(change).join('; ')).toContain(problem);
  });

  test('of attempts and time', () => {
    expect(definitionProblems({ ...good, retryStrategy: { ...good.retryStrategy, attempts: 11 } })).toEqual([
      '11 attempts: 1 to 10 are possible',
    ]);
    expect(definitionProblems({ ...good, timeout: { attemptDurationSeconds: 59 } })).toEqual([
      'a timeout of 59 s: at least 60 s are possible',
    ]);
  });

  test('of the container', () => {
    expect(withContainer({ image: 'backfill:latest' }).join()).toContain('backfill:latest is not pinned');
    expect(withContainer({ command: ['worker'] }).join()).toContain('Ref::submission');
    expect(withContainer({ user: '0:0' })).toEqual(['the container runs as root']);
    expect(withContainer({ user: 'root' })).toEqual(['the container runs as root']);
    expect(withContainer({ environment: [{ name: 'AWS_BATCH_JOB_ID', value: '1' }] }).join()).toContain(
      "Batch's own",
    );
    const large = withContainer({ environment: [{ name: 'TABLE', value: 'x'.repeat(24 * 1024) }] });
    expect(large.join()).toMatch(/^\d+ bytes are more than the 24576 allowed$/);
  });
});

describe("the SDK's model of the request", () => {
  test('knows every field of the bundled definitions', () => {
    expect(requestProblems(good)).toEqual([]);
  });

  test('tells misspelt, missing and mistyped fields by their path', () => {
    const { retryStrategy, type: _, ...rest } = structuredClone(good);
    const wrong = {
      ...rest,
      retrystrategy: retryStrategy,
      timeout: { attemptDurationSeconds: '600' },
      tags: { team: 7 },
      containerProperties: {
        ...good.containerProperties,
        command: 'worker',
        resourceRequirements: [{ type: 'VCPU' }],
        logConfiguration: { logDriver: 'awslogs', option: {} },
      },
    };
    expect(requestProblems(wrong).toSorted()).toEqual([
      'containerProperties.command has to be a list',
      'containerProperties.logConfiguration.option is not known to AWS Batch',
      'containerProperties.resourceRequirements[0].value is missing',
      'retrystrategy is not known to AWS Batch',
      'tags.team has to be a string',
      'timeout.attemptDurationSeconds has to be a number',
      'type is missing',
    ]);
    expect(requestProblems([])).toEqual(['the definition has to be an object']);
  });
});
