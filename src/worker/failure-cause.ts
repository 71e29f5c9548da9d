/**
 * Whose failure it is. What goes wrong while a track is in work may be the track's own; or its source was taken away
 * or can not be read; or it is this machine's, and then it is nobody's but stops the attempt.
 */
import { mkdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { BackfillError, environmentError, messageOf } from '../errors.ts';
import { type FailureCode, TrackFailure } from '../failures.ts';
import { systemErrorOf, systemFailure } from '../system-failures.ts';
import { temporaryFolderFailure } from '../temporary-folder.ts';
import { assertReadable, unreadableSource } from './local-source.ts';
import { LOST_FOLDER, explainScratchFailure, isThere, lostFolder } from './scratch-room.ts';

export interface WorkedTrack {
  /** The audio file; undefined where there was none. */
  readonly path: string | undefined;
  /** Where it is, if it was downloaded, and renditions are made. */
  readonly scratchDirectory: string;
}

/** How decoding ends where its file is taken away, or its disk fails. */
const MAY_BE_THE_DISK: ReadonlySet<FailureCode> = new Set(['decode-failed', 'unsupported-format']);

/** Runs a step of an algorithm: a limit of this process that it runs into is no bug of the algorithm. */
export async function exceptSystemFailures<T>(step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw systemFailure(error) ?? error;
  }
}

/** Runs a step that reads an audio file itself: what the system says then is of that file, or of a limit. */
export async function whileReading<T>(
  { path, scratchDirectory }: WorkedTrack & { readonly path: string },
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const cause = systemErrorOf(error);
    if (cause === undefined || error instanceof BackfillError || error instanceof TrackFailure) throw error;
    if (isInside(path, scratchDirectory)) throw await downloadFailure(cause, path, scratchDirectory);
    throw systemFailure(cause) ?? unreadableSource('audio', path, cause);
  }
}

/**
 * The failure of a track by what its work threw.
 *
 * @throws BackfillError where it is this machine's
 */
export async function trackFailureOf(error: unknown, track: WorkedTrack): Promise<TrackFailure> {
  if (error instanceof BackfillError) throw error;
  const { path, scratchDirectory } = track;
  if (!(await isThere(scratchDirectory))) throw lostFolder(scratchDirectory, error);
  if (error instanceof TrackFailure) {
    if (path === undefined || !MAY_BE_THE_DISK.has(error.code)) return error;
    return (await sourceProblem(path, scratchDirectory)) ?? error;
  }
  // Of the source it was told where it was read.
  if (systemErrorOf(error) !== undefined) throw await explainScratchFailure(error, scratchDirectory);
  return new TrackFailure('algorithm-error', `the track could not be worked: ${messageOf(error)}`, {
    cause: error,
  });
}

/**
 * Makes the scratch folder again where it was deleted.
 *
 * @returns whether that is why the track's work failed, and all that it needs is there again
 */
export async function restoreScratch(
  error: unknown,
  { path, scratchDirectory }: WorkedTrack,
): Promise<boolean> {
  const isLost =
    (error instanceof BackfillError && error.code === LOST_FOLDER) || !(await isThere(scratchDirectory));
  if (!isLost || path === undefined || isInside(path, scratchDirectory)) return false;
  await mkdir(scratchDirectory, { recursive: true });
  return true;
}

/** What storing a rendition threw: the store's failure, never the track's. */
export function renditionNotStored(trackId: string, error: unknown): BackfillError {
  if (error instanceof BackfillError) return error;
  const message = `a rendition of '${trackId}' could not be stored: ${messageOf(error)}`;
  return systemFailure(error) ?? environmentError('rendition-not-stored', message, { cause: error });
}

/** What is wrong with a file that could not be decoded, if it is not what it holds. */
async function sourceProblem(path: string, scratchDirectory: string): Promise<TrackFailure | undefined> {
  if (isInside(path, scratchDirectory)) {
    if (!(await isThere(path))) throw lostFolder(scratchDirectory);
    return undefined;
  }
  try {
    await assertReadable(path);
    return undefined;
  } catch (problem) {
    if (problem instanceof TrackFailure) return problem;
    throw problem;
  }
}

async function downloadFailure(cause: Error, path: string, scratchDirectory: string): Promise<Error> {
  return (await isThere(path))
    ? temporaryFolderFailure(cause, scratchDirectory)
    : lostFolder(scratchDirectory, cause);
}

function isInside(path: string, folder: string): boolean {
  return !relative(folder, path).startsWith('..');
}
