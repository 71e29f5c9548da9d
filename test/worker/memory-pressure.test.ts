import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heapExhaustionReported, kernelMemoryKills } from '../../src/worker/memory-pressure.ts';

it('tells a heap that was exhausted from another end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memory-'));
  const reports = ['--report-on-fatalerror', '--report-compact', `--report-directory=${folder}`];
  const run = async (code: string): Promise<void> => {
    const child = spawn(process.execPath, [...reports, '--max-old-space-size=20', '-e', code], {
      stdio: 'ignore',
    });
    await once(child, 'close');
  };
  await run('process.abort()');
  expect(await heapExhaustionReported(folder)).toBe(false);
  await run('const kept = []; for (;;) kept.push(new Array(1000).fill({}))');
  expect(await heapExhaustionReported(folder)).toBe(true);
  await rm(folder, { recursive: true });
});

it('reads what the kernel counts', () => {
  expect(kernelMemoryKills()).toBeGreaterThanOrEqual(0);
});
