import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from 'vitest';
import { until } from '../end-to-end/backfill.ts';
import { type Account, type AccountOptions, PROGRAM, openAccount } from './account.ts';
import { TINY_SHARDS, manyTracks } from './many-shards.ts';

const ON_BATCH = [...TINY_SHARDS, '--executor', 'batch'];

let account: Account;
afterEach(() => account.close());

async function open(options?: AccountOptions): Promise<Account> {
  account = await openAccount(options);
  return account;
}

interface Status {
  readonly runId: string;
  readonly state: string;
  readonly algorithms: { readonly romanisation: { readonly succeeded: number; readonly pending: number } };
  readonly work: { readonly reclaims: number };
  readonly batch?: { readonly queue: string; readonly workers: Readonly<Record<string, number>> };
}

async function status(): Promise<Status> {
  const { stdout, stderr } = await account.backfill(['status', '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Status;
}

it('runs shards as array jobs, and a lone one as a plain job', async () => {
  await open();
  const { manifest } = await manyTracks(account, 5);
  const ended = await account.backfill(['run', manifest, ...ON_BATCH, '--array-size', '2', '--json']);
  expect(ended.code, ended.stderr).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    state: 'finished',
    algorithms: { romanisation: { succeeded: 5, failed: 0, pending: 0 } },
    shards: { total: 5, finished: 5 },
  });
  const sizes = account.batch.requests
    .filter(({ operation }) => operation === 'SubmitJob')
    .map(({ body }) => (body as { arrayProperties?: { size: number } }).arrayProperties?.size);
  expect(sizes.toSorted((a, b) => (a ?? 9) - (b ?? 9))).toEqual([2, 2, undefined]);
  expect((await account.backfill(['verify'])).code).toBe(0);
});

it('is left with --detach, known from another folder, and seen through by resume', async () => {
  await open({ batch: { vcpus: 1 } });
  const { manifest } = await manyTracks(account, 4);
  const left = await account.backfill(['run', manifest, ...ON_BATCH, '--detach']);
  expect([left.code, left.stderr]).toEqual([0, expect.stringContaining('AWS Batch goes on with it')]);
  const cwd = join(account.folder, 'elsewhere');
  await mkdir(cwd);
  expect(await status()).toMatchObject({ state: 'running', batch: { queue: 'backfill-spot' } });
  const again = await account.backfill(['run', manifest, ...ON_BATCH], { cwd });
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is not finished')]);
  const seen = await account.backfill(['resume', '--json'], { cwd });
  expect([seen.code, JSON.parse(seen.stdout)]).toEqual([0, expect.objectContaining({ state: 'finished' })]);
  expect([...account.batch.counters.submitted.values()]).toEqual([1]);
});

it('is left by Ctrl-C, and goes on', async () => {
  await open({ batch: { vcpus: 1 } });
  const { manifest } = await manyTracks(account, 4);
  const running = account.start(['run', manifest, ...ON_BATCH]);
  await account.batch.waitFor(() => account.batch.counters.attempts > 0);
  running.process.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect([code, stderr]).toEqual([130, expect.stringContaining('AWS Batch goes on with it')]);
  expect((await status()).state).toBe('running');
  await account.batch.waitFor(() => account.batch.counters.succeeded === 4);
  expect((await status()).state).toBe('finished');
});

it('cancels what waits and what runs, and resumes what is left', async () => {
  await open({ batch: { vcpus: 2 } });
  const { manifest } = await manyTracks(account, 16);
  const running = account.start(['run', manifest, ...ON_BATCH]);
  await account.batch.waitFor(() => account.batch.counters.succeeded > 1);
  const cancelled = await account.backfill(['cancel']);
  expect([cancelled.code, cancelled.stdout]).toEqual([0, expect.stringContaining('resume')]);
  expect(account.batch.running()).toEqual([]);
  expect((await running.ended).code).toBe(130);
  const { attempts } = account.batch.counters;
  expect((await status()).state).toBe('cancelled');
  expect(account.batch.counters.attempts).toBe(attempts);
  expect(attempts).toBeLessThan(16);
  const resumed = await account.backfill(['resume']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect((await account.backfill(['verify'])).code).toBe(0);
});

it('takes reclaims for no failures, and moves shards that are reclaimed too often', async () => {
  await open({ batch: { reclaims: { share: 1, attemptMilliseconds: 20 } } });
  const { manifest } = await manyTracks(account, 3);
  const running = account.start([
    'run',
    manifest,
    ...ON_BATCH,
    '--reclaims',
    '2',
    '--fallback-queue',
    'backfill-on-demand',
    '--json',
  ]);
  await until(() => running.stderr().includes('moved to backfill-on-demand'), 'the move is told');
  account.batch.setReclaims(undefined);
  const { code, stdout, stderr } = await running.ended;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'finished',
    failures: {},
    batch: { queue: 'backfill-on-demand' },
  });
  expect((await account.backfill(['verify'])).code).toBe(0);
});

it('sees on resume how jobs ended that nobody watched, and moves what was reclaimed too often', async () => {
  // Workers that are told to leave before they have done anything, until there is a file.
  const calm = join(tmpdir(), `backfill-calm-${randomUUID()}`);
  const script = `test -e ${calm} && exec "$@"; exit 75`;
  await open({
    batch: {
      runner: { kind: 'process', command: ['/bin/sh', '-c', script, 'sh', process.execPath, PROGRAM] },
    },
  });
  const { manifest } = await manyTracks(account, 2);
  const fallback = ['--reclaims', '2', '--fallback-queue', 'backfill-on-demand'];
  await account.backfill(['run', manifest, ...ON_BATCH, ...fallback, '--detach']);
  await account.batch.waitFor(() => account.batch.counters.failed === 2);
  expect(account.batch.counters.attempts).toBe(4);
  expect((await status()).state).toBe('interrupted');
  await writeFile(calm, '');
  const resumed = await account.backfill(['resume', '--json']);
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining('moved to backfill-on-demand')]);
  expect(JSON.parse(resumed.stdout)).toMatchObject({
    state: 'finished',
    batch: { queue: 'backfill-on-demand' },
  });
  await rm(calm);
});

it('goes on here where it is told to, once Batch has nothing of it any more', async () => {
  await open();
  const { manifest } = await manyTracks(account, 2);
  account.batch.stall('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
  await account.backfill(['run', manifest, ...ON_BATCH, '--detach']);
  const refused = await account.backfill(['resume', '--executor', 'local']);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('worked by AWS Batch')]);
  expect((await account.backfill(['cancel'])).code).toBe(0);
  const here = await account.backfill(['resume', '--executor', 'local']);
  expect(here.code, here.stderr).toBe(0);
  expect(account.batch.counters.attempts).toBe(0);
  expect((await account.backfill(['verify'])).code).toBe(0);
});

it('works once more on resume what failed with nobody watching', async () => {
  await open();
  const { manifest } = await manyTracks(account, 2);
  account.batch.stall('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
  await account.backfill(['run', manifest, ...ON_BATCH, '--detach']);
  const plan = `backfill/runs/${(await status()).runId}/plan/manifest.csv.zst`;
  const { Body } = await account.s3.send(new GetObjectCommand({ Bucket: account.bucket, Key: plan }));
  const whole = await Body?.transformToByteArray();
  await account.put(plan, 'not a plan');
  account.batch.unstall('backfill-spot');
  await account.batch.waitFor(() => account.batch.counters.failed === 2, { timeoutMilliseconds: 60_000 });
  await account.put(plan, whole ?? '');
  const resumed = await account.backfill(['resume', '--detach']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect((await account.backfill(['resume'])).code).toBe(0);
  expect((await account.backfill(['verify'])).code).toBe(0);
});

it('tries once more with double memory what was killed for it', async () => {
  await open({ batch: { vcpus: 1 } });
  const { manifest } = await manyTracks(account, 2);
  const running = account.start(['run', manifest, ...ON_BATCH]);
  await account.batch.waitFor(() => account.batch.running().length > 0);
  for (const id of account.batch.running()) account.batch.runOutOfMemory(id);
  const { code, stderr } = await running.ended;
  expect([code, stderr]).toEqual([0, expect.stringMatching(/1 shards? (was|were) killed at .* once more/)]);
  const memory = account.batch.requests
    .filter(({ operation }) => operation === 'SubmitJob')
    .map(({ body }) => {
      const { containerOverrides } = body as {
        containerOverrides: { resourceRequirements: { type: string; value: string }[] };
      };
      return Number(containerOverrides.resourceRequirements.find(({ type }) => type === 'MEMORY')?.value);
    });
  expect(memory[1]).toBe(2 * (memory[0] ?? 0));
});

it('says why nothing starts, and what to do', async () => {
  await open();
  const { manifest } = await manyTracks(account, 2);
  account.batch.stall(
    'backfill-spot',
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type c7i',
  );
  const running = account.start(['run', manifest, ...ON_BATCH]);
  await until(() => /nothing starts: CAPACITY.*allow more/.test(running.stderr()), 'the stall is told');
  const { stdout } = await account.backfill(['status']);
  expect(stdout).toMatch(/nothing starts: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY.*allow more/);
  account.batch.unstall('backfill-spot');
  expect((await running.ended).code).toBe(0);
});

it('shows the last words of failed workers, also of a shard', async () => {
  await open();
  const { manifest } = await manyTracks(account, 2);
  account.batch.stall('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
  const left = await account.backfill(['run', manifest, ...ON_BATCH, '--detach']);
  const { runId } = await status();
  expect(left.code).toBe(0);
  // A plan that is damaged makes every worker fail, and say so.
  await account.put(`backfill/runs/${runId}/plan/manifest.csv.zst`, 'not a plan');
  account.batch.unstall('backfill-spot');
  const seen = await account.backfill(['resume']);
  expect([seen.code, seen.stderr]).toEqual([3, expect.stringMatching(/ended with exit code 3.*said last/s)]);
  const logs = await account.backfill(['logs']);
  expect(logs.stdout).toMatch(/^shard \d, attempt 1: exit code 3/m);
  const one = await account.backfill(['logs', '--shard', '1', '--json']);
  const { logs: words } = JSON.parse(one.stdout) as { logs: { shard: number; lines: string[] }[] };
  expect(words[0]).toMatchObject({ shard: 1 });
  expect(words[0]?.lines.join('\n')).toContain('backfill: ');
});

it('retries failed tracks on Batch, and only them', async () => {
  await open();
  const { manifest } = await manyTracks(account, 4);
  await account.s3.send(
    new DeleteObjectCommand({
      Bucket: account.bucket,
      Key: 'lyrics/ko.lrc',
    }),
  );
  const first = await account.backfill(['run', manifest, ...ON_BATCH]);
  expect([first.code, first.stdout]).toEqual([1, expect.stringContaining('lyrics-missing')]);
  await account.put('lyrics/ko.lrc', '[00:01.00]사랑해\n');
  const retried = await account.backfill(['retry-failed', '--code', 'lyrics-missing']);
  expect(retried.code, retried.stderr).toBe(0);
  expect((await account.backfill(['verify'])).code).toBe(0);
  expect([...account.batch.counters.submitted.values()]).toEqual([1, 1]);
});

it('names what is missing before it stores anything', async () => {
  await open();
  const { manifest } = await manyTracks(account, 2);
  const cases: readonly (readonly [args: string[], message: string])[] = [
    [['--queue', 'nobody'], "no job queue 'nobody' in us-east-1"],
    [['--definition', 'nobody'], "no active job definition 'nobody'"],
    [['--store', './here'], 'can not reach the store'],
  ];
  for (const [args, message] of cases) {
    const { code: exit, stderr } = await account.backfill(['run', manifest, ...ON_BATCH, ...args]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
  expect(await account.keys('backfill/')).toEqual([]);
});

it('starts the same work once at most, however many say so at one moment', async () => {
  await open();
  const { manifest } = await manyTracks(account, 2);
  // What has finished may be started anew: here nothing finishes.
  account.batch.stall('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
  const ended = await Promise.all(
    [1, 2, 3].map(() => account.backfill(['run', manifest, ...ON_BATCH, '--detach'])),
  );
  const started = ended.filter(({ code }) => code === 0);
  expect(started.length).toBeLessThanOrEqual(1);
  for (const { code, stderr } of ended) {
    if (code !== 0) expect([code, stderr]).toEqual([2, expect.stringMatching(/is not finished/)]);
  }
  expect([...account.batch.counters.submitted.values()]).toEqual(started.map(() => 1));
  const once = await account.backfill(['run', manifest, ...ON_BATCH, '--detach']);
  expect(once.code).toBe(started.length === 0 ? 0 : 2);
  expect([...account.batch.counters.submitted.values()]).toEqual([1]);
});
