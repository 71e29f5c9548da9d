import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessAddress } from '../../src/run/records.ts';
import {
  type Sighting,
  describeProcess,
  isAlive,
  isThisProcess,
  sightingByPs,
  sightingOf,
  startedByPs,
  thisProcess,
} from '../../src/worker/liveness.ts';
import { IN_CONTAINER, noNamespaces } from '../end-to-end/as-root.ts';
import { processesWith, until } from '../end-to-end/backfill.ts';

const LIVENESS = fileURLToPath(new URL('../../src/worker/liveness.ts', import.meta.url));
const MARK = 'mark-of-an-attempt';

/** A process that tells its address, and then waits to be killed. */
const WAITING = `import(${JSON.stringify(LIVENESS)}).then(({ thisProcess }) => {
  console.log(JSON.stringify(thisProcess()));
  setInterval(() => {}, 1e6);
})`;

describe('a process that was written down', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('is known by its command line, as long as it lives', async () => {
    const { child, address } = await waiting();
    expect(await isAlive(address, MARK)).toBe(true);
    expect(await isAlive(address, 'mark-of-another')).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await sightingOf(address, MARK)).toBe('ended');
  });

  it('is known as before where the record does not tell more than its number', async () => {
    const { process: number } = (await waiting()).address;
    const address = { host: hostname(), process: number };
    expect(await sightingOf(address, MARK)).toBe('alive');
    expect(await sightingOf(address, 'mark-of-another')).toBe('ended');
    expect(await sightingOf({ ...address, host: 'elsewhere' }, MARK)).toBe('unseen');
  });

  it('has ended where another one has its number', async () => {
    const { address } = await waiting();
    expect(await sightingOf({ ...address, started: `${address.started}0` }, MARK)).toBe('ended');
  });

  it('is not to be seen on another machine, nor in another boot of this one', async () => {
    const address = { ...(await waiting()).address, boot: 'c0ffee' };
    expect(await sightingOf(address, MARK)).toBe('unseen');
    expect(describeProcess(address)).toContain('before it was started again or on another machine');
    const elsewhere = { host: 'elsewhere', process: 7 };
    expect(describeProcess(elsewhere)).toBe("process 7 on host 'elsewhere'");
  });

  it('lives on a host that was given another name meanwhile', async (test) => {
    const { address } = await waiting();
    test.skip(address.boot === undefined, 'this system does not tell one boot from another');
    expect(await sightingOf({ ...address, host: 'as-it-was-called' }, MARK)).toBe('alive');
  });

  it('has ended with its container, whose namespace has left its number to another', async (test) => {
    const { address } = await waiting();
    test.skip(address.namespaceStarted === undefined, 'this system has no PID namespaces');
    expect(await sightingOf({ ...address, namespaceStarted: '1' }, MARK)).toBe('ended');
  });

  it('in another container is seen by the machine, as long as it lives', async (test) => {
    test.skip(noNamespaces !== undefined, noNamespaces);
    test.skip(thisProcess().namespace !== '4026531836', 'this is a container itself');
    const { child, address } = await waiting(IN_CONTAINER);
    expect(address.process).toBe(1);
    expect(await sightingOf(address, MARK)).toBe('alive');
    expect(describeProcess(address)).toBe('process 1 in another container of this machine');
    child.kill('SIGKILL');
    await until(async () => (await processesWith(MARK)).length === 0, 'the container is gone');
    expect(await sightingOf(address, MARK)).toBe('ended');
  });

  it('outside a container is not seen from within, nor mistaken for one of its number', async (test) => {
    test.skip(noNamespaces !== undefined, noNamespaces);
    const inOne = await waiting(IN_CONTAINER);
    expect(await sightingFromContainer(inOne.address)).toBe('unseen');
    expect(await sightingFromContainer((await waiting()).address)).toBe('unseen');
  });

  it.skipIf(process.platform === 'win32')('is told by ps where there is no /proc', async () => {
    const { child, address } = await waiting();
    const { host, process: number } = address;
    const started = startedByPs(number);
    expect(started).toMatch(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/);
    expect(await sightingByPs({ host, process: number, started }, MARK)).toBe('alive');
    expect(await sightingByPs({ host, process: number }, MARK)).toBe('alive');
    expect(await sightingByPs({ host, process: number, started }, 'mark-of-another')).toBe('ended');
    const earlier = 'Fri Nov 21 03:15:00 2025';
    expect(await sightingByPs({ host, process: number, started: earlier }, MARK)).toBe('ended');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await sightingByPs({ host, process: number, started }, MARK)).toBe('ended');
  });

  /** Starts a process that waits, below the command if one is given, and hears where it is. */
  async function waiting(
    below: readonly string[] = [],
  ): Promise<{ readonly child: ChildProcess; readonly address: ProcessAddress }> {
    const [program, ...args] = [...below, process.execPath, '-e', WAITING, MARK];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = await once(createInterface(child.stdout), 'line');
    return { child, address: JSON.parse(line as string) as ProcessAddress };
  }

  async function sightingFromContainer(address: ProcessAddress): Promise<Sighting> {
    const look = `import(${JSON.stringify(LIVENESS)}).then(async ({ sightingOf }) => {
      console.log(await sightingOf(${JSON.stringify(address)}, ''));
    })`;
    const [program, ...args] = [...IN_CONTAINER, process.execPath, '-e', look];
    const { stdout } = await promisify(execFile)(program, args);
    return stdout.trim() as Sighting;
  }
});

it('sees itself, and knows that it is itself', async () => {
  expect(await isAlive(thisProcess(), 'node')).toBe(true);
  expect(isThisProcess(thisProcess())).toBe(true);
  expect(isThisProcess({ host: hostname(), process: process.pid })).toBe(true);
  expect(isThisProcess({ ...thisProcess(), started: '1' })).toBe(false);
});
