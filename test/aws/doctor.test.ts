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
