import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegisterJobDefinitionRequest } from '../../../src/executor/batch/batch-api.ts';
import { definitionDifferences } from '../../../src/executor/batch/job-definition-differences.ts';
import {
  BUNDLED_DEFINITIONS,
  bundledPath,
  readDefinition,
  renderDefinition,
} from '../../../src/executor/batch/job-definition-file.ts';
import { definitionName } from '../../../src/executor/batch/stack-names.ts';
import { RegisteredDefinitions } from './registered-definitions.ts';
import { VALUES } from './placeholder-values.ts';

async function registered(request: RegisterJobDefinitionRequest) {
  const api = new RegisteredDefinitions();
  const { name } = await api.registerDefinition(request);
  const [definition] = await api.describeDefinitions(name);
  if (definition === undefined) throw new Error('not registered');
  return definition;
}

async function pitch(): Promise<RegisterJobDefinitionRequest> {
  return renderDefinition(await readDefinition(bundledPath('pitch')), VALUES);
}

describe('differences from what is registered', () => {
  test.for([...BUNDLED_DEFINITIONS])('%s is the same once it is registered', async (name) => {
    const request = renderDefinition(await readDefinition(bundledPath(name)), VALUES);
    expect(request.jobDefinitionName).toBe(definitionName(name));
    expect(definitionDifferences(await registered(request), request)).toEqual([]);
  });

  test('say where, what is there, and what should be', async () => {
    const request = await pitch();
    const wanted = structuredClone(request);
    const container = wanted.containerProperties;
    if (container === undefined) throw new Error('no container');
    container.resourceRequirements = [
      { type: 'MEMORY', value: '3584' },
      { type: 'VCPU', value: '1' },
    ];
    container.privileged = true;
    delete container.mountPoints;
    expect(definitionDifferences(await registered(request), wanted)).toEqual([
      {
        path: 'containerProperties.mountPoints./scratch.containerPath',
        registered: '/scratch',
        wanted: undefined,
      },
      {
        path: 'containerProperties.mountPoints./scratch.sourceVolume',
        registered: 'scratch',
        wanted: undefined,
      },
      { path: 'containerProperties.privileged', registered: undefined, wanted: true },
      { path: 'containerProperties.resourceRequirements.MEMORY.value', registered: '1792', wanted: '3584' },
    ]);
  });

  test('the order of retry rules and of the command means something', async () => {
    const request = await pitch();
    const wanted = structuredClone(request);
    wanted.retryStrategy?.evaluateOnExit?.reverse();
    wanted.containerProperties?.command?.reverse();
    const paths = definitionDifferences(await registered(request), wanted).map(({ path }) => path);
    expect(paths).toEqual(['containerProperties.command', 'retryStrategy.evaluateOnExit']);
  });

  test('the order of variables, volumes and limits means nothing', async () => {
    const orders = fc
      .uniqueArray(fc.stringMatching(/^[A-Z]{1,4}$/), { minLength: 2, maxLength: 6 })
      .chain((names) =>
        fc.tuple(fc.constant(names), fc.shuffledSubarray(names, { minLength: names.length })),
      );
    const withEnvironment = (request: RegisterJobDefinitionRequest, names: readonly string[]) => ({
      ...request,
      containerProperties: {
        ...request.containerProperties,
        environment: names.map((name) => ({ name, value: name.toLowerCase() })),
      },
    });
    const request = await pitch();
    await fc.assert(
      fc.asyncProperty(orders, async ([names, shuffled]) => {
        const there = await registered(withEnvironment(request, names));
        expect(definitionDifferences(there, withEnvironment(request, shuffled))).toEqual([]);
      }),
    );
  });

  test('tags of others are not ours to take away, and ours are put on', async () => {
    const request = await pitch();
    const wanted = { ...request, tags: { ...request.tags, team: 'catalogue' } };
    expect(definitionDifferences(await registered(request), wanted)).toEqual([
      { path: 'tags.team', registered: undefined, wanted: 'catalogue' },
    ]);
  });
});
