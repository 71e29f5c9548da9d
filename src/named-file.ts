/**
 * Files that a user names to be written. What stands under the name decides how: a regular file is replaced whole, by
 * one rename, and keeps its mode; a link stays and what it points to is replaced; a FIFO, a terminal or a device is
 * written into.
 */
import { randomUUID } from 'node:crypto';
import { constants, rmSync, type Stats } from 'node:fs';
import { access, type FileHandle, lstat, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type BackfillError, environmentError, reasonOf, usageError } from './errors.ts';

/** A file that can be written, as far as that is known before it is. */
export interface NamedFile {
  /** Writes all of it. What goes wrong with the chunks is thrown as it is, and leaves what was there before. */
  write(chunks: AsyncIterable<string | Uint8Array>): Promise<void>;
}

/** Names of open descriptors: a shell has opened those, and what was written there before stays. */
const DESCRIPTOR = /^\/(?:dev\/(?:fd\/\d+|stdout|stderr)|proc\/(?:self|\d+)\/fd\/\d+)$/;

/**
 * Looks at a place before the work for it begins. Nothing is written yet.
 * @throws BackfillError `not-writable` where it is a folder, its folder is missing, or may not be written
 */
export async function openNamedFile(path: string): Promise<NamedFile> {
  if (DESCRIPTOR.test(path)) return into(path, constants.O_APPEND);
  const found = await statOf(path);
  if (found?.isDirectory() === true) {
    throw unwritable(`'${path}' is a folder`, 'name a file in it');
  }
  if (found?.isSocket() === true) throw unwritable(`'${path}' is a socket`, 'name a file');
  if (found !== undefined && !found.isFile()) return into(path, 0);
  if (/\/\.{0,2}$/.test(path)) throw unwritable(`there is no folder '${path}'`, 'name a file');
  const target = await targetOf(path, path);
  await allowed(target, found, path);
  return { write: (chunks) => replace(target, found, path, chunks) };
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw notWritten(path, error);
  }
}

/** The path of the file itself, in a folder that is there: links are followed, one that leads nowhere yet as well. */
async function targetOf(path: string, named: string): Promise<string> {
  const folder = dirname(path);
  let real: string;
  try {
    real = await realpath(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw unwritable(`there is no folder '${folder}' to write '${named}' in`, 'make it, or name another');
    }
    if (code === 'ENOTDIR') throw unwritable(`'${folder}' is no folder`, 'name a file in a folder');
    throw notWritten(named, error);
  }
  const file = join(real, basename(path));
  if (!(await statOf(real))?.isDirectory()) {
    throw unwritable(`'${folder}' is no folder`, 'name a file in a folder');
  }
  const isLink = await lstat(file).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (!isLink) return file;
  const link = await readlink(file);
  // Not joined: the system goes through links before it goes up from them.
  return targetOf(link.startsWith('/') ? link : `${real}/${link}`, named);
}

async function allowed(target: string, found: Stats | undefined, path: string): Promise<void> {
  try {
    if (found !== undefined) await access(target, constants.W_OK);
    await access(dirname(target), constants.W_OK);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Writes into what stands there. A reader that leaves early is no error. */
function into(path: string, flag: number): NamedFile {
  return {
    async write(chunks) {
      const file = await open(path, constants.O_WRONLY | flag).catch((error: unknown) => {
        throw notWritten(path, error);
      });
      try {
        await writeChunks(file, chunks);
      } catch (error) {
        if (!(error instanceof WriteFailed)) throw error;
        if (error.reason.code !== 'EPIPE') throw notWritten(path, error.reason);
      } finally {
        await file.close();
      }
    },
  };
}

/** Writes beside the file and takes its place in one step. */
async function replace(
  target: string,
  before: Stats | undefined,
  path: string,
  chunks: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  // Of a name that nobody has: it is made, or there is an error.
  const temporary = join(dirname(target), `.backfill-${randomUUID()}.part`);
  const release = removeOnSignal(temporary);
  try {
    const file = await open(temporary, 'wx', before === undefined ? 0o666 : 0o600).catch(failedWrite);
    try {
      await writeChunks(file, chunks);
      await settle(file, before).catch(failedWrite);
    } finally {
      await file.close();
    }
    await rename(temporary, target).catch(failedWrite);
  } catch (error) {
    throw error instanceof WriteFailed ? notWritten(path, error.reason) : error;
  } finally {
    await rm(temporary, { force: true });
    release();
  }
}

/** The owner, where that may be given, the mode, and all bytes on the disk. */
async function settle(file: FileHandle, before: Stats | undefined): Promise<void> {
  if (before !== undefined) {
    await file.chown(before.uid, before.gid).catch(() => {});
    await file.chmod(before.mode & 0o7777);
  }
  await file.datasync();
}

async function writeChunks(file: FileHandle, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  for await (const chunk of chunks) await file.writeFile(chunk).catch(failedWrite);
}

/** What the file was to blame for, not what was to be written. */
class WriteFailed extends Error {
  readonly reason: NodeJS.ErrnoException;
  constructor(reason: NodeJS.ErrnoException) {
    super(reason.message, { cause: reason });
    this.reason = reason;
  }
}

function failedWrite(error: NodeJS.ErrnoException): never {
  throw new WriteFailed(error);
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whoever interrupts the writing finds nothing half-made. Returns what ends that. */
function removeOnSignal(path: string): () => void {
  const remove = (signal: NodeJS.Signals): void => {
    rmSync(path, { force: true });
    release();
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, remove);
  };
  for (const signal of SIGNALS) process.on(signal, remove);
  return release;
}

function unwritable(what: string, hint: string): BackfillError {
  return usageError('not-writable', what, { hint });
}

function notWritten(path: string, cause: unknown): BackfillError {
  return environmentError('not-writable', `could not write '${path}': ${reasonOf(cause)}`, { cause });
}
