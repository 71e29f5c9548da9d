import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentError } from './errors.ts';
import { type Place, systemFailure, wordsOf } from './system-failures.ts';

/**
 * Makes a folder for temporary files, below TMPDIR or the system's own place for them.
 *
 * @param prefix of its name
 * @throws BackfillError `temporary-folder`, or as {@link systemFailure}
 */
export async function makeTemporaryFolder(prefix: string, parent: string = tmpdir()): Promise<string> {
  try {
    return await mkdtemp(join(parent, prefix));
  } catch (error) {
    throw temporaryFolderFailure(error, parent);
  }
}

/** A folder of temporary files, for what the system says of it. */
export function temporaryFiles(folder: string): Place {
  return { what: 'temporary files', folder, instead: 'set TMPDIR to another folder' };
}

/** Why `folder` can not hold temporary files, from what the attempt to use it threw. */
export function temporaryFolderFailure(error: unknown, folder: string): Error {
  const words = error instanceof Error ? wordsOf(error) : String(error);
  return (
    systemFailure(error, temporaryFiles(folder)) ??
    environmentError('temporary-folder', `no temporary files can be made in ${folder}: ${words}`, {
      cause: error,
      hint: 'set TMPDIR to a folder that exists and can be written',
    })
  );
}
