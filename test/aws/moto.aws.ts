/**
 * A second opinion on what backfill sends, by somebody else's reading of the services: moto's S3, and moto's
 * Batch, where jobs succeed at once without being run. `npm run test:aws` starts it.
 */
import * as sdk from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AwsAccountLimits } from '../../src/executor/batch/account-limits.ts';
import { BUNDLED_DEFINITIONS } from '../../src/executor/batch/job-definition-file.ts';
import { STACK_NAMES } from '../../src/executor/batch/stack-names.ts';
import { type Account, openAccount } from './account.ts';
import { TINY_SHARDS, manyTracks } from './many-shards.ts';
import { REGISTER, recordRun } from './recorded-run.ts';

const MOTO = process.env.BACKFILL_TEST_MOTO_ENDPOINT;
const REGION = 'us-east-1';
const TRACKS = 5;

describe.skipIf(MOTO === undefined)('moto', () => {
  const endpoint = MOTO ?? '';
  let account: Account;
  let batch: sdk.BatchClient;

  beforeAll(async () => {
    vi.stubEnv('BACKFILL_TEST_S3_ENDPOINT', endpoint);
    account = await openAccount();
    batch = new sdk.BatchClient({
      endpoint,
      region: REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await makeQueues(endpoint, batch);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    batch.destroy();
    await account.close();
  });

  const onMoto = (...args: string[]) => account.backfill(args, { env: { AWS_ENDPOINT_URL_BATCH: endpoint } });

  test('S3 keeps a run of this machine: worked, looked at, proven, read', async () => {
    const { manifest, ids } = await manyTracks(account, TRACKS);
    const ran = await account.backfill(['run', manifest, ...TINY_SHARDS, '--json']);
    expect(ran.code, ran.stderr).toBe(0);
    const status = await account.backfill(['status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: 'finished',
      shards: { total: TRACKS, finished: TRACKS },
    });
    const verification = await account.backfill(['verify', '--json']);
    expect(JSON.parse(verification.stdout)).toMatchObject({ proven: true });
    const exported = await account.backfill(['results', 'export', '--algorithm', 'romanisation']);
    const rows = exported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { track_id: string });
    expect(rows.map(({ track_id }) => track_id)).toEqual(ids);
  });

  test('EC2 and Service Quotas take the questions of doctor', async () => {
    for (const service of ['EC2', 'SERVICE_QUOTAS']) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, endpoint);
    const limits = new AwsAccountLimits();
    const all = await limits.freeAddresses([]);
    const [[subnet = '', free] = []] = all;
    expect(free).toBeGreaterThan(100);
    expect([...(await limits.freeAddresses([subnet]))]).toEqual([[subnet, free]]);
    await expect(limits.freeAddresses(['subnet-00000000'])).rejects.toMatchObject({
      code: 'aws-refused',
      message: expect.stringContaining('InvalidSubnetID.NotFound'),
    });
    // Of quotas moto knows those of VPCs.
    expect(await limits.quota('vpc', 'L-2AFB9258')).toBeGreaterThan(0);
  });

  test('Batch takes the definitions, and shows them as they were registered', async () => {
    const registered = await onMoto(...REGISTER);
    expect(registered.code, registered.stderr).toBe(0);
    expect(registered.stdout.trim().split('\n')).toHaveLength(BUNDLED_DEFINITIONS.length);
    const { stdout } = await onMoto('jobdefs', 'diff', ...REGISTER.slice(2));
    const differences = stdout.split('\n').filter((line) => line.includes(' -> '));
    // The one member that moto does not keep.
    expect(new Set(differences)).toEqual(new Set(['  schedulingPriority  (none) -> 10']));
  });

  // moto finds no definition by `name:revision`, which AWS does, so that the command itself can not run there.
  test('Batch accepts every request of a recorded run, and does as it is asked', async () => {
    const { requests, jobIds } = await recordRun();
    const ofMoto = new Map<string, string>();
    const accepted: Record<string, number> = {};
    const found = new Set<string>();
    for (const { operation, body } of requests) {
      const Command = (sdk as unknown as Record<string, CommandClass | undefined>)[`${operation}Command`];
      // Those of the other services.
      if (Command === undefined) continue;
      const answer = await batch.send(new Command(withIds(body, ofMoto)));
      expect(answer.$metadata.httpStatusCode, `${operation} ${JSON.stringify(body)}`).toBe(200);
      accepted[operation] = (accepted[operation] ?? 0) + 1;
      const { jobName = '', jobId = '', jobSummaryList = [] } = answer as Answered;
      if (operation === 'SubmitJob') {
        ofMoto.set(jobIds.get(jobName) ?? '', jobId);
      }
      for (const job of jobSummaryList) found.add(job.jobId ?? '');
    }
    expect(accepted).toEqual({
      RegisterJobDefinition: BUNDLED_DEFINITIONS.length,
      SubmitJob: jobIds.size,
      DescribeJobs: expect.any(Number),
      ListJobs: expect.any(Number),
      TerminateJob: expect.any(Number),
      DescribeJobDefinitions: expect.any(Number),
      DescribeJobQueues: expect.any(Number),
      DescribeComputeEnvironments: expect.any(Number),
    });
    const { jobs = [] } = await batch.send(new sdk.DescribeJobsCommand({ jobs: [...ofMoto.values()] }));
    expect(new Set(jobs.map(({ jobName }) => jobName))).toEqual(new Set(jobIds.keys()));
    // The canary; of each submission: five shards, two to a job.
    const sizes = jobs.map(({ arrayProperties }) => arrayProperties?.size ?? 1).toSorted((a, b) => a - b);
    expect(sizes).toEqual([1, 1, 1, 2, 2, 2, 2]);
    // The job whose answer was lost was looked for by its name.
    expect([...ofMoto.values()].some((id) => found.has(id))).toBe(true);
  });
});

/** Of any operation. */
type CommandClass = new (input: object) => sdk.SubmitJobCommand;

/** What is read of the answers. */
type Answered = Partial<sdk.SubmitJobResponse & sdk.ListJobsResponse>;

/** A request with the ids that moto has given in the place of those of the recorded run; a child's has its index. */
function withIds(body: object, ids: ReadonlyMap<string, string>): object {
  const text = JSON.stringify(body);
  return JSON.parse(
    [...ids].reduce((changed, [recorded, given]) => changed.replaceAll(recorded, given), text),
  ) as object;
}

/** moto wants a role and a compute environment before it makes a queue, and Docker unless told otherwise. */
async function makeQueues(endpoint: string, batch: sdk.BatchClient): Promise<void> {
  await post(`${endpoint}/moto-api/config`, JSON.stringify({ batch: { use_docker: false } }));
  const role = await post(
    endpoint,
    new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: `batch-${Date.now()}`,
      AssumeRolePolicyDocument: '{}',
    }),
    // The service that a request is for is read from its signature.
    { authorization: `AWS4-HMAC-SHA256 Credential=test/20261121/${REGION}/iam/aws4_request` },
  );
  const name = `environment-${Date.now()}`;
  const { computeEnvironmentArn: computeEnvironment } = await batch.send(
    new sdk.CreateComputeEnvironmentCommand({
      computeEnvironmentName: name,
      type: 'UNMANAGED',
      state: 'ENABLED',
      serviceRole: /<Arn>(.+?)<\/Arn>/.exec(role)?.[1],
    }),
  );
  const { jobQueues = [] } = await batch.send(new sdk.DescribeJobQueuesCommand({}));
  for (const jobQueueName of [STACK_NAMES.queue, STACK_NAMES.fallbackQueue]) {
    if (jobQueues.some((queue) => queue.jobQueueName === jobQueueName)) continue;
    await batch.send(
      new sdk.CreateJobQueueCommand({
        jobQueueName,
        state: 'ENABLED',
        priority: 1,
        computeEnvironmentOrder: [{ order: 1, computeEnvironment }],
      }),
    );
  }
}

async function post(url: string, body: string | URLSearchParams, headers = {}): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body, headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${text}`);
  return text;
}
