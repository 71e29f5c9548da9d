import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type WantedDefinitions,
  compareDefinitions,
  prepareDefinitions,
  registerDefinitions,
} from '../../src/operations/job-definitions.ts';
import { comparisonText, registrationText } from '../../src/cli/render/job-definitions.ts';
import { BUNDLED_DEFINITIONS, bundledPath } from '../../src/executor/batch/job-definition-file.ts';
import { ContainerImageList } from '../executor/batch/container-image-list.ts';
import { DIGEST, REPOSITORY, VALUES } from '../executor/batch/placeholder-values.ts';
import { RegisteredDefinitions } from '../executor/batch/registered-definitions.ts';

const OTHER_DIGEST = `sha256:${'07'.repeat(32)}`;
const images = new ContainerImageList({
  ...Object.fromEntries(
    BUNDLED_DEFINITIONS.map((name) => [`${REPOSITORY}:${name}-1.0.0`, { digest: DIGEST }]),
  ),
  [`${REPOSITORY}:pitch-1.1.0`]: { digest: OTHER_DIGEST },
});
const { image: _, ...values } = VALUES;

function wanted(change: Partial<WantedDefinitions> = {}): WantedDefinitions {
  return { names: [], image: { repository: REPOSITORY, tag: '1.0.0' }, values, ...change };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jobdefs-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('registering the bundled definitions', () => {
  test('in an empty account registers all six, by digest, and once', async () => {
    const api = new RegisteredDefinitions();
    const requests = await prepareDefinitions(wanted(), images);
    expect(await compareDefinitions(api, requests)).toEqual(
      BUNDLED_DEFINITIONS.map((name) => ({ name: `backfill-${name}`, state: 'new', differences: [] })),
    );
    const first = await registerDefinitions(api, requests);
    expect(registrationText(first).split('\n')[0]).toBe('backfill-all:1           registered');
    const second = await registerDefinitions(api, requests);
    expect(second).toEqual(first.map((registration) => ({ ...registration, made: false })));
    expect(second.map(({ revision }) => revision)).toEqual(
      BUNDLED_DEFINITIONS.map((name) => `backfill-${name}:1`),
    );
    const [all] = await api.describeDefinitions('backfill-all');
    expect(all?.containerProperties).toMatchObject({
      image: `${REPOSITORY}@${DIGEST}`,
      jobRoleArn: values.jobRoleArn,
      executionRoleArn: values.executionRoleArn,
      logConfiguration: { options: { 'awslogs-group': '/backfill/worker' } },
    });
  });

  test('of a new image registers that one alone, and says what differs', async () => {
    const api = new RegisteredDefinitions();
    await registerDefinitions(api, await prepareDefinitions(wanted(), images));
    const newer = await prepareDefinitions(
      wanted({ names: ['pitch', 'pitch'], image: { repository: REPOSITORY, tag: '1.1.0' } }),
      images,
    );
    expect(comparisonText(await compareDefinitions(api, newer))).toBe(
      `backfill-pitch:1 differs\n  containerProperties.image  "${REPOSITORY}@${DIGEST}" -> "${REPOSITORY}@${OTHER_DIGEST}"\n`,
    );
    expect(await registerDefinitions(api, newer)).toEqual([
      { name: 'backfill-pitch', revision: 'backfill-pitch:2', made: true },
    ]);
    expect(comparisonText(await compareDefinitions(api, newer))).toBe(
      'backfill-pitch:2 is as it should be\n',
    );
  });

  test('makes a new revision where the newest was taken back', async () => {
    const api = new RegisteredDefinitions();
    const requests = await prepareDefinitions(wanted({ names: ['all'] }), images);
    await registerDefinitions(api, requests);
    api.deregister('backfill-all', 1);
    expect((await registerDefinitions(api, requests))[0]?.revision).toBe('backfill-all:2');
  });
});

describe('what is asked for', () => {
  const refused = async (change: Partial<WantedDefinitions>) =>
    prepareDefinitions(wanted(change), images).then(
      () => undefined,
      (error: unknown) => error,
    );

  test('names the options that are missing', async () => {
    expect(
      await refused({ image: { tag: '1.0.0' }, values: { logGroup: '/backfill/worker' } }),
    ).toMatchObject({
      code: 'value-missing',
      fault: 'usage',
      message: expect.stringContaining(
        'all.json needs --repository or --image, --job-role, --execution-role',
      ),
    });
  });

  test.for([
    [{ names: ['mood'] }, 'unknown-definition'],
    [{ names: ['all'], file: 'x.json' }, 'definition-twice'],
    [{ file: bundledPath('all') }, 'image-not-named'],
    [{ image: { image: 'ghcr.io/team/backfill:latest', tag: '1' } }, 'image-not-pinned'],
    [{ image: { image: 'public.ecr.aws/team/backfill:1', tag: '1' } }, 'image-not-pinned'],
    [{ image: { repository: REPOSITORY, tag: '9.9.9' } }, 'image-missing'],
    [{ file: '/nowhere.json' }, 'definition-unreadable'],
  ] as const)('%j is refused as %s', async ([change, code]) => {
    expect(await refused(change)).toMatchObject({ name: 'BackfillError', code });
  });

  test('an image by digest, of any registry, is taken as it is', async () => {
    const image = `ghcr.io/team/backfill@${DIGEST}`;
    const [request] = await prepareDefinitions(
      wanted({ names: ['chorus'], image: { image, repository: REPOSITORY, tag: '1' } }),
      images,
    );
    expect(request?.containerProperties?.image).toBe(image);
  });
});

describe("another team's definition", () => {
  const image = { image: `${REPOSITORY}:pitch-1.1.0`, tag: '1.0.0' };

  test('is registered from its file', async () => {
    const mood = JSON.parse(await readFile(bundledPath('pitch'), 'utf8')) as Record<string, unknown>;
    const path = await file('mood.json', { ...mood, jobDefinitionName: 'backfill-mood' });
    const requests = await prepareDefinitions(wanted({ file: path, image }), images);
    expect(await registerDefinitions(new RegisteredDefinitions(), requests)).toEqual([
      { name: 'backfill-mood', revision: 'backfill-mood:1', made: true },
    ]);
    expect(requests[0]?.containerProperties?.image).toBe(`${REPOSITORY}@${OTHER_DIGEST}`);
  });

  test.for([
    ['{', 'definition-unreadable'],
    ['{"jobDefinitionName": "${team}"}', 'unknown-placeholder'],
    ['{"jobDefinitionName": "${toString}"}', 'unknown-placeholder'],
    ['{"jobDefinitionName": "mood", "type": "container", "retry": {}}', 'definition-invalid'],
    ['{"jobDefinitionName": "mood", "type": "container"}', 'definition-invalid'],
  ] as const)('%s is refused as %s', async ([content, code]) => {
    const path = await file('wrong.json', content);
    const preparing = prepareDefinitions(wanted({ file: path, image }), images);
    await expect(preparing).rejects.toMatchObject({ code, message: expect.stringContaining('wrong.json') });
  });
});
