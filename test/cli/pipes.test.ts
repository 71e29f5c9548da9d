/** The program among others: readers that leave early, and Nodes that are too old. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));

/** All programs of the name `node` that are on the PATH, and the one that runs this. */
function nodes(): string[] {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return [...new Set([process.execPath, ...onPath])].filter((path) => {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  });
}

test.each(nodes())('%s runs the program, or is told to be too old in one line', async (node) => {
  const { stdout: version } = await promisify(execFile)(node, ['--version']);
  const child = spawn(node, [PROGRAM, '--version'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number];
  if (Number(/^v(\d+)/.exec(version)?.[1]) >= 24) {
    expect([code, stderr]).toEqual([0, '']);
  } else {
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^backfill needs Node 24 or newer, and this is Node \d+\.\d+\.\d+: [^\n]+\n$/);
  }
});

test.each([['--help'], ['algorithms'], ['algorithms', '--json'], ['nonsense']])(
  'a reader that has left is no error to backfill %s %s',
  async (...args) => {
    const child = spawn(process.execPath, [PROGRAM, ...args.filter((arg) => arg !== undefined)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const leaver = args[0] === 'nonsense' ? child.stderr : child.stdout;
    const watched = args[0] === 'nonsense' ? child.stdout : child.stderr;
    leaver.destroy();
    let said = '';
    watched.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, said]).toEqual([args[0] === 'nonsense' ? 2 : 0, '']);
  },
);
