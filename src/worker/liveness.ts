import { execFile } from 'node:child_process';
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
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(address.process)]);
    return stdout.includes(mark);
  } catch {
    // ps ends with 1 where there is no such process.
    return false;
  }
}
