import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { reasonOf } from '../errors.ts';
import { TrackFailure } from '../failures.ts';
import { systemFailure, wordsOf } from '../system-failures.ts';

/** What a source is, for messages and for the codes of its failures. */
export type SourceRole = 'audio' | 'lyrics';

const READABLE_BY_ANYONE = 0o444;

/** A file that can not be decoded is read so far to see whether it can be read at all. */
const MAX_BYTES_TRIED = 256 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/**
 * Opens a file that the manifest names, and makes sure that it is one that can be worked on: a regular
 * file (never a pipe or device, which could block for ever), with bytes, not over the size limit. A file
 * whose mode lets nobody read it is denied to root too: whoever set that meant it.
 *
 * @throws TrackFailure source-missing, source-denied, source-not-a-file, source-empty, source-too-large,
 * source-unreadable; lyrics-missing and lyrics-unreadable for lyrics; BackfillError where this process may open no more
 * files
 */
export async function openLocalSource(
  path: string,
  options: { readonly role: SourceRole; readonly maxBytes: number },
): Promise<{ readonly file: FileHandle; readonly bytes: number }> {
  const { role, maxBytes } = options;
  let file: FileHandle;
  try {
    // Non-blocking, since opening a pipe would wait for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw systemFailure(error) ?? openFailure(role, path, error as NodeJS.ErrnoException);
  }
  try {
    const stat = await file.stat();
    assertUsable(role, path, stat, maxBytes);
    return { file, bytes: stat.size };
  } catch (error) {
    await file.close();
    if (error instanceof TrackFailure) throw error;
    throw systemFailure(error) ?? unreadableSource(role, path, error as Error);
  }
}

/** Checks an audio file as {@link openLocalSource} does, and leaves its opening to the decoder. */
export async function checkLocalAudio(path: string, maxBytes: number): Promise<{ readonly bytes: number }> {
  const { file, bytes } = await openLocalSource(path, { role: 'audio', maxBytes });
  await file.close();
  return { bytes };
}

/**
 * Makes sure that an audio file is still there and can be read: what its decoder says of a disk that fails looks just
 * like damage.
 *
 * @throws as {@link openLocalSource}
 */
export async function assertReadable(path: string): Promise<void> {
  const { file, bytes } = await openLocalSource(path, { role: 'audio', maxBytes: Number.POSITIVE_INFINITY });
  try {
    const block = Buffer.alloc(BLOCK_BYTES);
    const end = Math.min(bytes, MAX_BYTES_TRIED);
    let bytesRead = 0;
    for (let at = 0; at < end; at += bytesRead) {
      ({ bytesRead } = await file.read(block, 0, BLOCK_BYTES, at));
      if (bytesRead === 0) break;
    }
  } catch (error) {
    throw systemFailure(error) ?? unreadableSource('audio', path, error as Error);
  } finally {
    await file.close();
  }
}

/** Reads a lyrics file whole. */
export async function readLocalLyrics(path: string, maxBytes: number): Promise<Uint8Array> {
  const { file } = await openLocalSource(path, { role: 'lyrics', maxBytes });
  try {
    return await file.readFile();
  } catch (error) {
    throw systemFailure(error) ?? unreadableSource('lyrics', path, error as Error);
  } finally {
    await file.close();
  }
}

/**
 * The failure of a file whose reading broke off: its disk or the network, which may be well again. (Of lyrics too: they
 * are `lyrics-unreadable` for what they are.)
 */
export function unreadableSource(role: SourceRole, path: string, cause: Error): TrackFailure {
  const what = role === 'audio' ? path : `the lyrics ${path}`;
  return new TrackFailure('source-unreadable', `reading ${what} broke off: ${wordsOf(cause)}`, { cause });
}

function openFailure(role: SourceRole, path: string, error: NodeJS.ErrnoException): TrackFailure {
  const options = { cause: error };
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return role === 'audio'
        ? new TrackFailure('source-missing', `there is no file at ${path}`, options)
        : new TrackFailure('lyrics-missing', `there is no lyrics file at ${path}`, options);
    case 'EACCES':
    case 'EPERM':
      return denied(role, path, options);
    case 'ENXIO':
      return notAFile(role, path, options);
    case 'ELOOP':
    case 'ENAMETOOLONG': {
      // What is wrong with a path stays wrong.
      const message = `${path} can not be opened: ${reasonOf(error)}`;
      return new TrackFailure(role === 'audio' ? 'source-unreadable' : 'lyrics-unreadable', message, options);
    }
    default:
      return new TrackFailure('source-unreadable', `${path} can not be opened: ${error.message}`, options);
  }
}

function assertUsable(role: SourceRole, path: string, stat: Stats, maxBytes: number): void {
  if (!stat.isFile()) throw notAFile(role, path);
  if ((stat.mode & READABLE_BY_ANYONE) === 0) throw denied(role, path);
  if (stat.size === 0) {
    throw role === 'audio'
      ? new TrackFailure('source-empty', `${path} has no bytes`)
      : new TrackFailure('lyrics-unreadable', `${path} has no bytes`);
  }
  if (stat.size > maxBytes) {
    const message = `${path} has ${stat.size} bytes, over the limit of ${maxBytes}`;
    throw new TrackFailure(role === 'audio' ? 'source-too-large' : 'lyrics-unreadable', message);
  }
}

function denied(role: SourceRole, path: string, options?: ErrorOptions): TrackFailure {
  const message = `${path} may not be read: change its permissions`;
  return new TrackFailure(role === 'audio' ? 'source-denied' : 'lyrics-unreadable', message, options);
}

function notAFile(role: SourceRole, path: string, options?: ErrorOptions): TrackFailure {
  const message = `${path} is a folder, pipe, socket or device, not a file`;
  return new TrackFailure(role === 'audio' ? 'source-not-a-file' : 'lyrics-unreadable', message, options);
}
