import { afterEach, describe, expect, it } from 'vitest';
import { type Account, type AccountOptions, openAccount } from './account.ts';
import { TINY_SHARDS, manyTracks } from './many-shards.ts';

let account: Account;
afterEach(() => account.close());

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly mend?: string;
}

async function open(options?: AccountOptions): Promise<Account> {
  account = await openAccount(options);
  return account;
}

/** What `doctor --executor batch` finds, by name. */
async function doctor(...args: string[]): Promise<{ code: number | null; checks: Map<string, Check> }> {
  const { code, stdout, stderr } = await account.backfill([
    'doctor',
    '--executor',
    'batch',
    '--json',
    ...args,
  ]);
  if (stdout === '') throw new Error(stderr);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { code, checks: new Map(checks.map((check) => [check.name, check])) };
}

describe('a clock that is wrong', () => {
  it.each([
    [-420, '7 min ahead of'],
    [3600, '1 h behind'],
  ])('by %i s is found by doctor, and does not fail a run', async (clockAheadSeconds, words) => {
    await open({ clockAheadSeconds });
    const { code, checks } = await doctor();
    expect(code).toBe(3);
    // The header has whole seconds.
    const found = checks
      .get('clock')
      ?.found.replace(/^6 min 59 s/, '7 min')
      .replace(/^59 min 59 s/, '1 h');
    expect(found?.replace(/ \d s/, '')).toContain(`${words} that of AWS`);
    expect(checks.get('clock')).toMatchObject({ ok: false, mend: expect.stringContaining('timedatectl') });
    const { manifest } = await manyTracks(account, 1);
    const ended = await account.backfill(['run', manifest, ...TINY_SHARDS, '--executor', 'batch']);
    expect(ended.code, ended.stderr).toBe(0);
    expect([...account.batch.counters.submitted.values()]).toEqual([1]);
  });

  it('is not suspected where it is right', async () => {
    await open();
    expect((await doctor()).checks.get('clock')).toEqual({
      name: 'clock',
      ok: true,
      found: 'agrees with that of AWS',
    });
  });
});

describe('logs of what never started', () => {
  const ON_BATCH = [...TINY_SHARDS, '--executor', 'batch'];

  async function detached(tracks: number, ...args: string[]): Promise<void> {
    await open();
    const { manifest } = await manyTracks(account, tracks);
    account.batch.stall('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    const left = await account.backfill(['run', manifest, ...ON_BATCH, '--detach', ...args]);
    expect(left.code, left.stderr).toBe(0);
  }

  it('say why, where all failed without an attempt', async () => {
    await detached(7);
    account.batch.cancelWaiting('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    const reason =
      'Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY';
    const { stdout } = await account.backfill(['logs']);
    expect(stdout).toBe(`7 shards without an attempt: ${reason}\n`);
    const json = await account.backfill(['logs', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      logs: [],
      notStarted: [{ reason, shards: 7 }],
      forgotten: 0,
    });
    const one = await account.backfill(['logs', '--shard', '3']);
    expect(one.stdout).toBe(`1 shard without an attempt: FAILED: ${reason}\n`);
  });

  it('say why, of a lone shard, and of what was submitted before', async () => {
    await detached(3, '--array-size', '2');
    account.batch.cancelWaiting('backfill-spot', 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT');
    const { stdout } = await account.backfill(['logs']);
    expect(stdout).toMatch(/^3 shards without an attempt: .*JOB_RESOURCE_REQUIREMENT\n$/);
  });

  it('say what a shard waits for that is not started yet', async () => {
    await detached(2);
    const { stdout } = await account.backfill(['logs', '--shard', '0']);
    expect(stdout).toMatch(/^1 shard without an attempt: RUNNABLE: CAPACITY:.*allow more/);
    expect((await account.backfill(['logs'])).stdout).toBe('no worker has failed\n');
  });

  it('say so where Batch has forgotten it all', async () => {
    await detached(2);
    account.batch.cancelWaiting('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    account.batch.forgetFinished();
    expect((await account.backfill(['logs'])).stdout).toMatch(
      /^AWS Batch does not know the jobs of 2 unfinished shards/,
    );
  });
});

describe('why nothing starts', () => {
  it.each([
    'UNDETERMINED - Batch job is blocked, root cause is undetermined.',
    'ACTION_REQUIRED - CE(s) associated with the job queue are invalid.',
    'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS - Batch service role has a permission issue.',
  ])('is shown by status: %s', async (reason) => {
    await open();
    const { manifest } = await manyTracks(account, 2);
    account.batch.stall('backfill-spot', reason);
    await account.backfill(['run', manifest, ...TINY_SHARDS, '--executor', 'batch', '--detach']);
    const { stdout } = await account.backfill(['status']);
    expect(stdout).toContain(`nothing starts: ${reason} (`);
  });
});

describe('a queue that can start nothing', () => {
  const valid = { name: 'sound' } as const;
  const invalid = { name: 'gone', status: 'INVALID', statusReason: 'CLIENT_ERROR - no subnet' } as const;
  const disabled = { name: 'off', state: 'DISABLED' } as const;
  const queues = [
    { name: 'invalid', status: 'INVALID', statusReason: 'ROLE GONE' },
    { name: 'behind-invalid', computeEnvironments: [invalid, disabled] },
    { name: 'empty', computeEnvironments: [{ name: 'none', computeResources: { maxvCpus: 0 } }] },
    { name: 'backfill-spot', computeEnvironments: [invalid, valid] },
  ] as const;

  it('is refused before anything is stored', async () => {
    await open({ batch: { queues } });
    const { manifest } = await manyTracks(account, 2);
    const run = ['run', manifest, ...TINY_SHARDS, '--executor', 'batch', '--detach'];
    for (const [args, words] of [
      [['--queue', 'invalid'], "'invalid' takes jobs and can start none: it is INVALID: ROLE GONE"],
      [
        ['--queue', 'behind-invalid'],
        'compute environment gone INVALID: CLIENT_ERROR - no subnet; compute environment off is DISABLED',
      ],
      [['--fallback-queue', 'empty'], 'compute environment none SPOT, up to 0 vCPUs: nothing can run'],
    ] as const) {
      const { code, stderr } = await account.backfill([...run, ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
      expect(stderr).toContain('backfill doctor --executor batch');
    }
    expect(await account.keys('backfill/')).toEqual([]);
    expect(account.batch.counters.submitted.size).toBe(0);
    // One of two environments is enough.
    expect((await account.backfill(run)).code).toBe(0);
  });
});

describe('the room that an account has', () => {
  it('is compared with the workers that are wanted', async () => {
    const computeResources = { maxvCpus: 4000, instanceTypes: ['c7i', 'm7i'] };
    await open({
      batch: {
        queues: [{ name: 'backfill-spot', computeEnvironments: [{ name: 'spot', computeResources }] }],
        account: { defaultQuotas: { 'L-34B43A08': 640 }, subnets: { 'subnet-0': 507 } },
      },
    });
    const checks = (await doctor('--vcpus', '2000')).checks;
    expect(checks.get('quota spot')).toMatchObject({
      ok: false,
      found: '640 spot vCPUs (L-34B43A08), and 2000 are wanted: the rest of the jobs waits',
    });
    expect(checks.get('subnets spot')).toMatchObject({
      ok: false,
      found: '507 free addresses in 1 subnet, and 2000 vCPUs may be 1000 machines',
    });
    // Without a number it is advice.
    expect((await doctor()).checks.get('quota spot')?.ok).toBe(true);
  });

  it('is not known where the caller may not ask, and then it is said what to allow', async () => {
    await open({ batch: { denied: ['GetServiceQuota', 'DescribeSubnets'] } });
    const { checks } = await doctor();
    expect(checks.get('quota backfill-spot')).toMatchObject({
      ok: true,
      found: expect.stringContaining('not looked at: not allowed to read the quota L-34B43A08'),
    });
    expect(checks.get('subnets backfill-spot')).toMatchObject({
      ok: true,
      found: expect.stringContaining('not looked at: not allowed to describe subnets subnet-0'),
      mend: expect.stringContaining('allow '),
    });
  });
});
