import { describe, expect, test } from 'vitest';
import { backfill } from '../end-to-end/backfill.ts';

const COMMANDS = [
  'run',
  'plan',
  'status',
  'resume',
  'retry-failed',
  'cancel',
  'logs',
  'results',
  'results list',
  'results export',
  'results get',
  'verify',
  'match',
  'try',
  'algorithms',
  'doctor',
  'jobdefs',
  'jobdefs diff',
  'jobdefs register',
  'help',
] as const;

describe('help', () => {
  test.concurrent.for(['', ...COMMANDS])('backfill %s --help', async (command, { expect }) => {
    const words = command.split(' ').filter((word) => word !== '');
    const { code, stdout, stderr } = await backfill([...words, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Examples:\n {2}backfill /m);
    // What is piped is as wide as the narrowest usual terminal.
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    await expect(stdout).toMatchFileSnapshot(`help/${['backfill', ...words].join('-')}.txt`);
  });

  test('names every command but those that backfill starts itself', async () => {
    const { stdout } = await backfill(['--help']);
    const listed = [...stdout.matchAll(/^ {2}([a-z-]+) (?:\[|<| )/gm)].map(([, name]) => name);
    const expected = COMMANDS.filter((command) => !command.includes(' '));
    expect(listed.filter((name) => name !== 'backfill')).toEqual(expected);
  });

  test('help COMMAND is COMMAND --help', async () => {
    const [one, other] = await Promise.all([
      backfill(['help', 'results', 'export']),
      backfill(['results', 'export', '--help']),
    ]);
    expect(one).toEqual(other);
    expect(one.code).toBe(0);
  });

  test('backfill alone shows the help on stderr, as wrong usage', async () => {
    const [alone, asked] = await Promise.all([backfill([]), backfill(['--help'])]);
    expect(alone).toEqual({ ...asked, code: 2, stdout: '', stderr: asked.stdout });
  });

  test('the version is that of the package', async () => {
    const { default: about } = await import('../../package.json', { with: { type: 'json' } });
    expect(await backfill(['--version'])).toMatchObject({
      code: 0,
      stdout: `${about.version}\n`,
      stderr: '',
    });
  });
});
