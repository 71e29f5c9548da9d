/** The folder for temporary files of an attempt: whether it is still there, and whether tracks still fit. */
import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackfillError, environmentError } from '../errors.ts';
import { fileSystemOf, systemErrorOf, systemFailure } from '../system-failures.ts';
import { temporaryFiles, temporaryFolderFailure } from '../temporary-folder.ts';

/** The renditions of an ordinary track fit: 17 MB by the standard ladder, some 50 with FLAC. */
const ORDINARY_TRACK_BYTES = 64 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** Whether a folder, or file, has not been deleted. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

/**
 * Makes sure that a track that ran out of space did so by its own size: that an ordinary one would fit, now that its
 * files are gone. Otherwise the disk is full for all of them, and to fail one after the other would say that it was
 * they. It is found out by writing, since what a quota leaves shows nowhere else. (On a small file system half of it
 * has to be free.)
 *
 * @throws BackfillError `disk-full`, and what else keeps the folder from being written
 */
export async function assertRoomForOthers(folder: string): Promise<void> {
  const half = (fileSystemOf(folder)?.totalBytes ?? Number.POSITIVE_INFINITY) / 2;
  const path = join(folder, 'room');
  try {
    await fill(path, Math.min(ORDINARY_TRACK_BYTES, half));
  } catch (error) {
    // Before the free space is told.
    await rm(path, { force: true });
    throw temporaryFolderFailure(error, folder);
  }
  await rm(path, { force: true });
}

/** Random bytes: others may be compressed to nothing. */
async function fill(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    const block = randomBytes(BLOCK_BYTES);
    for (let left = bytes; left > 0; left -= BLOCK_BYTES) {
      await file.write(block, 0, Math.min(Math.ceil(left), BLOCK_BYTES));
    }
  } finally {
    await file.close();
  }
}

/** The code of {@link lostFolder}. */
export const LOST_FOLDER = 'temporary-folder-lost';

/** The folder was deleted, as by something that cleans up temporary files. */
export function lostFolder(folder: string, cause?: unknown): BackfillError {
  return environmentError(LOST_FOLDER, `${folder} was deleted while it was in use`, {
    cause,
    hint: 'keep backfill-scratch-* from being cleaned up while a run is at work, or set TMPDIR to another folder',
  });
}

/**
 * What an error of an attempt comes to, where it is one of its scratch folder (sources and stores explain their own):
 * that it is gone or can not be used. Anything else is left as it is.
 */
export async function explainScratchFailure(error: unknown, folder: string): Promise<unknown> {
  const cause = systemErrorOf(error);
  if (cause === undefined) return error;
  if (!(await isThere(folder))) return lostFolder(folder, error);
  if (cause.path?.startsWith(folder) === true) return temporaryFolderFailure(error, folder);
  return systemFailure(error, temporaryFiles(folder)) ?? error;
}
