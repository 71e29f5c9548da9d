import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  BUNDLED_DEFINITIONS,
  bundledPath,
  readDefinition,
  renderDefinition,
} from '../../src/executor/batch/job-definition-file.ts';
import { STACK_NAMES } from '../../src/executor/batch/stack-names.ts';
import { ALGORITHMS } from '../../src/algorithms/registry.ts';
import { DEFAULT_QUEUE } from '../../src/cli/executor-options.ts';
import { VALUES } from '../executor/batch/placeholder-values.ts';

describe('the bundled job definitions', () => {
  test('there is one for every algorithm, and one for all', () => {
    expect([...BUNDLED_DEFINITIONS].toSorted()).toEqual(
      ['all', ...ALGORITHMS.map(({ name }) => name)].toSorted(),
    );
  });

  test.for([...BUNDLED_DEFINITIONS])('%s is a request that AWS Batch takes', async (name) => {
    // Rendering refuses what the SDK's model, Batch's limits or the worker's contract do not allow.
    const { containerProperties, ...request } = renderDefinition(
      await readDefinition(bundledPath(name)),
      VALUES,
    );
    expect(request).toMatchObject({
      jobDefinitionName: `backfill-${name}`,
      platformCapabilities: ['EC2'],
      propagateTags: true,
      tags: { application: 'backfill', 'backfill-algorithm': name },
    });
    expect(request.retryStrategy?.evaluateOnExit?.at(-1)).toEqual({ onReason: '*', action: 'EXIT' });
    expect(containerProperties).toMatchObject({
      command: ['worker', 'Ref::submission', '--scratch', '/scratch'],
      readonlyRootFilesystem: true,
      mountPoints: [{ containerPath: '/scratch', sourceVolume: 'scratch' }],
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-stream-prefix': name } },
    });
  });

  test('run as the user of the image', async () => {
    const dockerfile = await readFile(new URL('../../jobdefs/Dockerfile', import.meta.url), 'utf8');
    const user = /^USER (\S+)$/m.exec(dockerfile)?.[1];
    for (const name of BUNDLED_DEFINITIONS) {
      const { containerProperties } = renderDefinition(await readDefinition(bundledPath(name)), VALUES);
      expect(containerProperties?.user).toBe(user);
    }
  });
});

describe('the CloudFormation template', async () => {
  // cfn-lint reads it in test:aws; here it is text, and what is held is that it and the command line agree.
  const template = await readFile(new URL('../../jobdefs/cloudformation.yaml', import.meta.url), 'utf8');
  const prefix = /^ {2}Prefix:\n {4}Type: String\n {4}Default: (\S+)$/m.exec(template)?.[1] ?? '';
  const names = (property: string) =>
    [...template.matchAll(new RegExp(`^ {6}${property}: !Sub "(.*)"$`, 'gm'))].map(([, name = '']) =>
      name.replace('${Prefix}', prefix),
    );

  test('makes the queues and the log group that the command line looks for', () => {
    expect(names('JobQueueName')).toEqual([STACK_NAMES.queue, STACK_NAMES.fallbackQueue]);
    expect(names('LogGroupName')).toEqual([STACK_NAMES.logGroup]);
    expect(STACK_NAMES.queue).toBe(DEFAULT_QUEUE);
  });

  test('has an output for every option that names a part of it', () => {
    const described = template.slice(template.indexOf('\nOutputs:'));
    for (const option of [
      '--store',
      '--queue',
      '--fallback-queue',
      '--repository',
      '--job-role',
      '--execution-role',
      '--log-group',
    ]) {
      expect(described).toContain(`Description: "${option}, or BACKFILL_`);
    }
  });

  test('drains spot instances before they go', () => {
    const script = template.slice(
      template.indexOf('/etc/ecs/ecs.config'),
      template.indexOf('--==BACKFILL==--'),
    );
    expect(script).toMatch(/^\s+ECS_ENABLE_SPOT_INSTANCE_DRAINING=true$/m);
    expect(script).toMatch(/^\s+ECS_CONTAINER_STOP_TIMEOUT=120s$/m);
    expect(template.match(/^ {8}AllocationStrategy: \S+$/gm)?.map((line) => line.trim())).toEqual([
      'AllocationStrategy: SPOT_PRICE_CAPACITY_OPTIMIZED',
      'AllocationStrategy: BEST_FIT_PROGRESSIVE',
    ]);
    expect(template).not.toMatch(/^ *BidPercentage:/m);
  });
});
