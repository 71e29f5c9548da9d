import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../end-to-end/backfill.ts';
import { type Account, type AccountOptions, openAccount } from './account.ts';

let account: Account;
afterEach(() => account.close());

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly mend?: string;
}

const CANARY = ['doctor', '--executor', 'batch', '--canary', '--json'];

/** What a canary finds beside what doctor finds without one. */
async function send(
  options: AccountOptions = {},
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  account = await openAccount(options);
  const { code, stdout, stderr } = await account.backfill([...CANARY, ...args], { env });
  if (stdout === '') throw new Error(stderr);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  const ofCanary = checks.filter(({ name }) => name.startsWith('canary'));
  return { code, checks: new Map(ofCanary.map((check) => [check.name, check])), stderr };
}

function workerThat(script: string): AccountOptions {
  return { batch: { runner: { kind: 'process', command: ['/bin/sh', '-c', script, 'sh'] } } };
}

describe('a canary', () => {
  it('goes the whole way, says what it cost, and leaves nothing behind', async () => {
    const { code, checks } = await send();
    expect([...checks].filter(([, { ok }]) => !ok)).toEqual([]);
    expect(code).toBe(0);
    expect([...checks.keys()]).toEqual([
      'canary start',
      'canary worker',
      'canary log',
      'canary results',
      'canary cost',
    ]);
    expect(checks.get('canary cost')?.found).toMatch(
      /^about \$0\.000\d+: \d+ s of 1 vCPU at \$0\.012 an hour, and \d+ requests to S3; .*billed until/,
    );
    expect([...account.batch.counters.submitted.values()]).toEqual([1]);
    expect(account.batch.counters.attempts).toBe(1);
    expect(await account.keys('')).toEqual([]);
    // No command takes it for a run.
    expect((await account.backfill(['status'])).code).toBe(2);
  });

  it('is a plain job of the definition, that is tried twice at most', async () => {
    account = await openAccount();
    const running = account.start(CANARY);
    await until(() => running.stderr().includes('canary: job'), 'it is submitted');
    await account.batch.waitFor(() => account.batch.counters.succeeded === 1, {
      timeoutMilliseconds: 120_000,
    });
    expect((await running.ended).code).toBe(0);
    const [submitted] = account.batch.requests.filter(({ operation }) => operation === 'SubmitJob');
    expect(submitted?.body).toMatchObject({
      jobDefinition: expect.stringMatching(/^backfill-all:\d+$/),
      parameters: { submission: expect.stringMatching(/\/doctor\/canary-[^/]+\/runs\//) },
      retryStrategy: { attempts: 2 },
    });
  });

  it('is of one algorithm where the definition is', async () => {
    const { code } = await send({}, ['--definition', 'backfill-romanisation']);
    expect(code).toBe(0);
  });

  it('that may not be submitted says what to allow', async () => {
    const { code, checks } = await send({ batch: { denied: ['SubmitJob'] } });
    expect(code).toBe(3);
    expect(checks.get('canary')).toMatchObject({
      ok: false,
      found: expect.stringContaining('not allowed to submit a job to backfill-spot'),
      mend: expect.stringContaining('allow batch:SubmitJob on arn:aws:batch:'),
    });
    expect(await account.keys('')).toEqual([]);
  });

  it('whose container does not start says why', async () => {
    const { code, checks } = await send({
      batch: { runner: { kind: 'process', command: ['/nonexistent/image'] } },
    });
    expect(code).toBe(3);
    expect(checks.get('canary start')).toMatchObject({
      ok: false,
      found: expect.stringContaining('Task failed to start'),
    });
    // A container that never was has no log, no results and no price.
    expect([...checks.keys()]).toEqual(['canary start']);
  });

  it('whose worker fails says what it said', async () => {
    const { code, checks } = await send(workerThat('echo "not allowed to read s3://b/k" >&2; exit 3'));
    expect(code).toBe(3);
    expect(checks.get('canary start')?.ok).toBe(true);
    expect(checks.get('canary worker')).toMatchObject({
      ok: false,
      found: 'the worker ended with exit code 3; it said last: not allowed to read s3://b/k',
    });
  });

  it('whose worker leaves no results does not pass', async () => {
    const { code, checks } = await send(workerThat('exit 0'), ['--definition', 'backfill-romanisation']);
    expect(code).toBe(3);
    expect(checks.get('canary results')).toMatchObject({ ok: false, found: 'no result of romanisation' });
  });

  it('that nothing is started for is called back, and its reason told', async () => {
    account = await openAccount();
    account.batch.stall('backfill-spot', 'UNDETERMINED - Batch job is blocked, root cause is undetermined.');
    const { code, stdout } = await account.backfill(CANARY, { env: { BACKFILL_CANARY_SECONDS: '1' } });
    expect(code).toBe(3);
    expect(stdout).toContain('was called back, since it did not end within 1 s: RUNNABLE: UNDETERMINED');
    expect(account.batch.counters.attempts).toBe(0);
    expect(account.batch.requests.filter(({ operation }) => operation === 'TerminateJob')).toHaveLength(1);
    expect(await account.keys('')).toEqual([]);
  });

  it('is called back by Ctrl-C', async () => {
    account = await openAccount();
    account.batch.stall('backfill-spot', 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    const running = account.start(CANARY);
    await until(() => running.stderr().includes('canary: RUNNABLE'), 'it waits');
    running.process.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect([code, stdout]).toEqual([3, expect.stringContaining('since it was interrupted')]);
    expect(await account.keys('')).toEqual([]);
  });

  it('is not sent where something is missing, nor to this machine', async () => {
    const { code, checks } = await send({}, ['--fallback-queue', 'nowhere']);
    expect([code, checks.get('canary')?.found]).toEqual([3, 'not sent']);
    expect(account.batch.counters.submitted.size).toBe(0);
    const here = await account.backfill(['doctor', '--canary']);
    expect([here.code, here.stderr]).toEqual([2, expect.stringContaining('add --executor batch')]);
  });
});
