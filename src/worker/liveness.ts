import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ProcessAddress } from '../run/records.ts';

/** Where this process is. */
export function thisProcess(): ProcessAddress {
  return { host: hostname(), process: process.pid };
}

/**
 * Whether a process of this machine is still the one that was written down: its number may have been given to
 * another since, so its command line has to hold `mark`. A process of another machine can not be seen.
 */
export async function isAlive(address: ProcessAddress, mark: string): Promise<boolean> {
  if (address.host !== hostname()) return false;
  try {
    return (await commandLineOf(address.process)).includes(mark);
  } catch {
    // There is no such process.
    return false;
  }
}

/** From /proc on Linux, where small images have no ps. A zombie has an empty one. */
async function commandLineOf(id: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${id}/cmdline`, 'utf8');
  const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(id)]);
  return stdout;
}
