/** Programs that say what is right: they are run apart from the product, as a person would run them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Unavailable } from './evaluation.ts';

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 * @param accepted exit codes that are no failure
 * @throws Unavailable where it is not installed; Error where it fails
 */
export async function runReference(
  program: 'ffmpeg' | 'ffprobe' | 'fpcalc',
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly accepted?: readonly number[] },
): Promise<ProgramOutput> {
  const { signal, accepted = [0] } = options;
  try {
    return await promisify(execFile)(program, args, { signal, maxBuffer: MOST_OUTPUT_BYTES });
  } catch (error) {
    signal.throwIfAborted();
    const failed = error as Partial<ProgramOutput> & { code?: number | string };
    if (failed.code === 'ENOENT') throw new Unavailable(`${program} is not installed`);
    if (typeof failed.code !== 'number' || !accepted.includes(failed.code)) throw error;
    return { stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' };
  }
}
