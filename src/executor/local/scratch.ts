import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryFolder, temporaryFolderFailure } from '../../temporary-folder.ts';

/** Names no folder that a user would make: what begins so is deleted one day. */
const PREFIX = 'backfill-scratch-';

/** What nothing has touched for so long belongs to a run that was killed. */
const ABANDONED_SECONDS = 24 * 3600;

/**
 * Makes a scratch folder for a run in `directory`, and removes what killed runs have left there a day ago or
 * longer. (Sooner would be too soon: an attempt whose command is gone still finishes its track.)
 *
 * @param now seconds since 1970
 * @throws BackfillError where the folder can not be used
 */
export async function makeScratchDirectory(directory: string, now: number): Promise<string> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw temporaryFolderFailure(error, directory);
  });
  for (const name of names) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || now - found.mtimeMs / 1000 < ABANDONED_SECONDS) continue;
    // Someone else's folder by the same name is left alone: it can not be removed.
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
  return makeTemporaryFolder(PREFIX, directory);
}
