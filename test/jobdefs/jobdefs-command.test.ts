import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { jobdefsCommand } from '../../src/cli/jobdefs.ts';
import { openBatch } from '../../src/compose.ts';
import { AwsAccountLimits } from '../../src/executor/batch/account-limits.ts';
import { EcrImages } from '../../src/executor/batch/container-images.ts';
import { parseEcrImage } from '../../src/executor/batch/container-image-name.ts';
import { resolvedAwsSettings } from '../../src/executor/batch/inspect-credentials.ts';
import { BUNDLED_DEFINITIONS } from '../../src/executor/batch/job-definition-file.ts';
import { CloudWatchLogGroups } from '../../src/executor/batch/log-groups.ts';
import { diagnoseBatch } from '../../src/operations/diagnose-batch.ts';
import { type FakeBatch, startBatch } from '../fake-aws/batch/fake-batch.ts';
import { DIGEST, VALUES } from '../executor/batch/placeholder-values.ts';

const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const ROLES = ['--job-role', VALUES.jobRoleArn, '--execution-role', VALUES.executionRoleArn];

let batch: FakeBatch;
beforeAll(async () => {
  batch = await startBatch({
    runner: { kind: 'function', run: async () => 0 },
    images: [
      {
        repository: 'backfill',
        digest: DIGEST,
        tags: BUNDLED_DEFINITIONS.map((name) => `${name}-7`),
        bytes: 120_000_000,
      },
    ],
    // More than a page, and one whose name only begins with what is looked for.
    logGroups: [
      ...Array.from({ length: 60 }, (_, at) => ({ name: `/backfill/worker-${at}` })),
      { name: '/backfill/worker', retentionInDays: 14 },
    ],
  });
  for (const service of ['BATCH', 'ECR', 'CLOUDWATCH_LOGS', 'SERVICE_QUOTAS', 'EC2']) {
    vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, batch.endpoint);
  }
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await batch.close();
});

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs `backfill jobdefs ...` in this process. */
async function jobdefs(...args: string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  const exit = { code: 0 };
  printed = [];
  await jobdefsCommand(exit).parseAsync(args, { from: 'user' });
  return { code: exit.code, stdout: printed.join('') };
}

describe('backfill jobdefs', () => {
  const images = ['--repository', `${REGISTRY}/backfill`, '--tag', '7'];

  test('diff says 1 until register has been there, which does it once', async () => {
    const before = await jobdefs('diff', ...images, ...ROLES);
    expect(before).toEqual({
      code: 1,
      stdout: BUNDLED_DEFINITIONS.map((name) => `backfill-${name} is not registered yet\n`).join(''),
    });
    const first = await jobdefs('register', ...images, ...ROLES, '--json');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual({
      definitions: BUNDLED_DEFINITIONS.map((name) => ({
        name: `backfill-${name}`,
        revision: `backfill-${name}:1`,
        made: true,
      })),
    });
    const second = await jobdefs('register', 'all', ...images, ...ROLES);
    expect(second).toEqual({ code: 0, stdout: 'backfill-all:1  unchanged\n' });
    const after = await jobdefs('diff', ...images, ...ROLES);
    expect(after.code).toBe(0);
    const [definition] = await (await openBatch()).describeDefinitions('backfill-all');
    expect(definition?.containerProperties?.image).toBe(`${REGISTRY}/backfill@${DIGEST}`);
  });

  test('diff shows what another log group would change', async () => {
    await jobdefs('register', 'chorus', ...images, ...ROLES);
    const { code, stdout } = await jobdefs('diff', 'chorus', ...images, ...ROLES, '--log-group', '/other');
    expect(code).toBe(1);
    expect(stdout).toBe(
      'backfill-chorus:1 differs\n' +
        '  containerProperties.logConfiguration.options.awslogs-group  "/backfill/worker" -> "/other"\n',
    );
  });

  test('an image that is not there is not registered', async () => {
    const registering = jobdefs('register', ...ROLES, '--repository', `${REGISTRY}/backfill`, '--tag', '8');
    await expect(registering).rejects.toMatchObject({
      code: 'image-missing',
      message: `there is no image ${REGISTRY}/backfill:all-8`,
    });
  });
});

describe('the clients behind it', () => {
  test('ECR tells digests by tag and by digest, and what is not there', async () => {
    const find = (name: string) => {
      const image = parseEcrImage(name);
      if (image === undefined) throw new Error(`${name} is no image of ECR`);
      return new EcrImages().find(image);
    };
    const found = { digest: DIGEST, bytes: 120_000_000 };
    expect(await find(`${REGISTRY}/backfill:pitch-7`)).toEqual(found);
    expect(await find(`${REGISTRY}/backfill@${DIGEST}`)).toEqual(found);
    expect(await find(`${REGISTRY}/backfill:pitch-8`)).toBeUndefined();
    expect(await find(`${REGISTRY}/mood:1`)).toBeUndefined();
  });

  test('CloudWatch Logs tells a group from those whose names begin like it', async () => {
    const groups = new CloudWatchLogGroups();
    expect(await groups.find('/backfill/worker')).toEqual({ retentionDays: 14 });
    expect(await groups.find('/backfill/worker-5')).toEqual({});
    expect(await groups.find('/backfill')).toBeUndefined();
  });

  test('doctor asks all of them', async () => {
    await jobdefs('register', 'all', '--image', `${REGISTRY}/backfill:all-7`, ...ROLES);
    const checks = await diagnoseBatch({
      api: await openBatch(),
      images: new EcrImages(),
      logGroups: new CloudWatchLogGroups(),
      settings: resolvedAwsSettings(),
      limits: new AwsAccountLimits(),
      target: {
        queue: 'backfill-spot',
        fallbackQueue: 'backfill-on-demand',
        definition: 'backfill-all',
      },
    });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(checks.map(({ name }) => name.replace(/ .*spot$| .*demand$/, '')))).toEqual(
      new Set([
        'credentials',
        'region',
        'clock',
        'queue',
        'fallback queue',
        'compute',
        'quota',
        'subnets',
        'job definition',
        'image',
        'log group',
      ]),
    );
    expect(checks[0]?.found).toContain('AKIATEST');
  });

  test('no credentials and no region are findings with a way out', async () => {
    for (const variable of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'])
      vi.stubEnv(variable, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
    const checks = await diagnoseBatch({
      api: await openBatch('us-east-1'),
      images: new EcrImages(),
      logGroups: new CloudWatchLogGroups('us-east-1'),
      settings: resolvedAwsSettings(),
      limits: new AwsAccountLimits(),
      target: { queue: 'backfill-spot', definition: 'backfill-all' },
    });
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['credentials', false],
      ['region', false],
    ]);
    expect(checks[0]?.mend).toContain('aws sso login');
    expect(checks[1]?.mend).toContain('--region');
  });
});
