import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { isAlive, thisProcess } from '../../src/worker/liveness.ts';

it('knows a process by its command line, as long as it lives', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', 'mark-of-an-attempt'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  const address = { host: hostname(), process: child.pid as number };
  expect(await isAlive(address, 'mark-of-an-attempt')).toBe(true);
  expect(await isAlive(address, 'mark-of-another')).toBe(false);
  expect(await isAlive({ ...address, host: 'elsewhere' }, 'mark-of-an-attempt')).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await isAlive(address, 'mark-of-an-attempt')).toBe(false);
});

it('sees itself', async () => {
  expect(await isAlive(thisProcess(), 'node')).toBe(true);
});
