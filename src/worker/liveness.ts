/**
 * Which process holds something, and whether it still lives. A number says little: it is given again, and every
 * container counts from 1. On Linux a process is known by the boot of its machine, its PID namespace and the
 * moment of its start (man 5 proc, man 7 pid_namespaces), elsewhere by that moment, as `ps` has it.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ProcessAddress } from '../run/records.ts';

/**
 * What can be said of a process from here. `unseen`: it is on another machine, or in a container whose processes
 * this one is not shown.
 */
export type Sighting = 'alive' | 'ended' | 'unseen';

/** The PID namespace of the machine itself, in which all processes are seen: PROC_PID_INIT_INO of Linux. */
const INITIAL_NAMESPACE = '4026531836';

/** Where `ps` tells times alike whatever the user's settings are. */
const PS_ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
/** `Fri Nov 28 01:30:00 2026`. */
const PS_TIME_LENGTH = 24;

let self: ProcessAddress | undefined;

/** Where this process is. */
export function thisProcess(): ProcessAddress {
  self ??= { host: hostname(), process: process.pid, ...identity() };
  return self;
}

/** Whether an address is that of this very process. */
export function isThisProcess(address: ProcessAddress): boolean {
  const here = thisProcess();
  return address.process === here.process && isSameMachine(address) && differences(address).length === 0;
}

/** Whether a process is seen to live. @param mark what its command line has to hold */
export async function isAlive(address: ProcessAddress, mark: string): Promise<boolean> {
  return (await sightingOf(address, mark)) === 'alive';
}

/**
 * Looks for a process that was written down.
 *
 * @param mark what its command line has to hold: all that tells it from another one of its number, where it was
 * written down without the moment of its start
 */
export async function sightingOf(address: ProcessAddress, mark: string): Promise<Sighting> {
  if (!isSameMachine(address)) return 'unseen';
  if (process.platform !== 'linux') return sightingByPs(address, mark);
  const differing = differences(address);
  // Only a namespace that is gone leaves its inode to another.
  if (differing.includes('namespaceStarted') && !differing.includes('namespace')) return 'ended';
  if (!differing.includes('namespace') && procIsOurs()) {
    return (await isProcess(address.process, address, mark)) ? 'alive' : 'ended';
  }
  for (const number of await numbersIn('/proc')) {
    if ((await ownNumberOf(number)) !== address.process) continue;
    if (await isProcess(number, address, mark)) return 'alive';
  }
  return thisProcess().namespace === INITIAL_NAMESPACE && procIsOurs() ? 'ended' : 'unseen';
}

/** A process for messages: `process 7`, and where that is, if not beside this one. */
export function describeProcess(address: ProcessAddress): string {
  const { host, process: number } = address;
  if (!isSameMachine(address)) {
    const here = host === hostname();
    return here
      ? `process ${number} on host '${host}', before it was started again or on another machine of that name`
      : `process ${number} on host '${host}'`;
  }
  const elsewhere = differences(address).some((field) => field.startsWith('namespace'));
  return elsewhere ? `process ${number} in another container of this machine` : `process ${number}`;
}

/**
 * As {@link sightingOf} has it where there is no /proc. A zombie is no more: its command line is in brackets.
 */
export async function sightingByPs(address: ProcessAddress, mark: string): Promise<Sighting> {
  try {
    const args = ['-o', 'lstart=', '-o', 'args=', '-p', String(address.process)];
    const { stdout } = await promisify(execFile)('ps', args, { env: PS_ENVIRONMENT });
    const started = stdout.slice(0, PS_TIME_LENGTH);
    const isIt = address.started === undefined || address.started === started;
    return isIt && stdout.slice(PS_TIME_LENGTH).includes(mark) ? 'alive' : 'ended';
  } catch {
    // There is no such process.
    return 'ended';
  }
}

/** When a process was started, as {@link sightingByPs} compares it; undefined where ps does not tell. */
export function startedByPs(number: number): string | undefined {
  try {
    const args = ['-o', 'lstart=', '-p', String(number)];
    const told = execFileSync('ps', args, { env: PS_ENVIRONMENT, encoding: 'utf8' });
    return told.slice(0, PS_TIME_LENGTH);
  } catch {
    return undefined;
  }
}

/** The optional fields of this process's address. */
function identity(): Omit<ProcessAddress, 'host' | 'process'> {
  if (process.platform !== 'linux') return { started: startedByPs(process.pid) };
  return {
    started: startOf(() => readFileSync('/proc/self/stat', 'utf8')),
    boot: readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: readOr(() => /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0]),
    namespaceStarted: procIsOurs() ? startOf(() => readFileSync('/proc/1/stat', 'utf8')) : undefined,
  };
}

/** By the kernel's id of the boot, where it is known: host names are changed, and given twice. */
function isSameMachine({ host, boot }: ProcessAddress): boolean {
  const here = thisProcess();
  if (boot !== undefined && here.boot !== undefined) return boot === here.boot;
  return host === here.host;
}

/** The fields that tell a process, or its namespace, from this one and its own; those that only one has tell nothing. */
function differences(address: ProcessAddress): readonly (keyof ProcessAddress)[] {
  const here = thisProcess();
  const fields = ['started', 'namespace', 'namespaceStarted'] as const;
  return fields.filter(
    (field) => address[field] !== undefined && here[field] !== undefined && address[field] !== here[field],
  );
}

/** Whether /proc shows the numbers of this process's own namespace, and not of one around it. */
function procIsOurs(): boolean {
  return readOr(() => readlinkSync('/proc/self')) === String(process.pid);
}

/** Whether the process that /proc has under `number` is the one that was written down. A zombie is no more. */
async function isProcess(number: number, { started }: ProcessAddress, mark: string): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${number}/stat`, 'utf8');
    if (started !== undefined && startOf(() => stat) !== started) return false;
    return (await readFile(`/proc/${number}/cmdline`, 'utf8')).includes(mark);
  } catch {
    return false;
  }
}

/** The number that a process has in its own namespace. */
async function ownNumberOf(number: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${number}/status`, 'utf8').catch(() => '');
  const own = /^NSpid:.*?(\d+)$/m.exec(status)?.[1];
  return own === undefined ? undefined : Number(own);
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Field 22 of a `stat`; the second one is a name in parentheses that may hold anything. */
function startOf(readStat: () => string): string | undefined {
  const stat = readOr(readStat) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readOr(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
