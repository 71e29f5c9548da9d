import { randomUUID } from 'node:crypto';
import { type FileHandle, copyFile, link, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Link, requireHardLinks } from './hard-links.ts';
import { makeFolder } from './make-folder.ts';
import { VersionFolder } from './fs-versions.ts';
import { assertKey } from './keys.ts';
import {
  type ByteRange,
  type ListedObject,
  type ObjectStore,
  ObjectMissing,
  PreconditionFailed,
  type PutOptions,
  type StoredObject,
} from './object-store.ts';

/**
 * A folder as an object store. An object is a file at its key's path; `.tmp` holds what is being written
 * and `.versions` the versions of objects that are changed by compare-and-swap. Bytes are on disk
 * (fdatasync) before a write resolves. A listing holds the names of one folder at a time.
 */
export class FsStore implements ObjectStore {
  readonly uri: string;
  readonly #root: string;
  readonly #link: Link;
  /** Resolves once it is known that there are hard links; undefined before anything is written. */
  #linking: Promise<void> | undefined;

  /** @param makeLink `link(2)`: a test's may be that of a file system without hard links */
  constructor(folder: string, makeLink: Link = link) {
    this.#root = resolve(folder);
    this.#link = makeLink;
    this.uri = pathToFileURL(this.#root).href.replace(/\/$/, '');
  }

  async get(key: string, options?: { range?: ByteRange; signal?: AbortSignal }): Promise<StoredObject> {
    options?.signal?.throwIfAborted();
    assertKey(key);
    const { file, version } = await this.#openLatest(key);
    try {
      const identity = await file.stat({ bigint: true });
      if (!identity.isFile()) throw new ObjectMissing(key);
      const size = Number(identity.size);
      const offset = Math.min(options?.range?.offset ?? 0, size);
      const length = Math.min(options?.range?.length ?? size, size - offset);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) throw new Error(`${key} became shorter while it was read`);
        filled += bytesRead;
      }
      return { bytes, etag: etagOf(version, identity) };
    } finally {
      await file.close();
    }
  }

  async put(key: string, body: Uint8Array, options?: PutOptions): Promise<{ etag: string }> {
    options?.signal?.throwIfAborted();
    assertKey(key);
    const temporary = await this.#temporaryPath();
    try {
      const file = await open(temporary, 'wx');
      let identity: Identity;
      try {
        await file.writeFile(body);
        await file.datasync();
        identity = await file.stat({ bigint: true });
      } finally {
        await file.close();
      }
      const version = await this.#place(key, temporary, options);
      return { etag: etagOf(version, identity) };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async putFile(key: string, path: string, options?: { signal?: AbortSignal }): Promise<void> {
    options?.signal?.throwIfAborted();
    assertKey(key);
    const temporary = await this.#temporaryPath();
    try {
      await copyFile(path, temporary, constants.COPYFILE_FICLONE);
      const file = await open(temporary, 'r+');
      await file.datasync().finally(() => file.close());
      await this.#place(key, temporary, undefined);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async *list(
    prefix: string,
    options?: { delimiter?: '/'; startAfter?: string; signal?: AbortSignal },
  ): AsyncGenerator<ListedObject> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    yield* this.#listFolder(folder, prefix, options ?? {});
  }

  async delete(key: string, options?: { signal?: AbortSignal }): Promise<void> {
    options?.signal?.throwIfAborted();
    assertKey(key);
    await rm(this.#pathOf(key), { force: true });
    await this.#versionsOf(key).remove();
    await this.#removeEmptyFolders(dirname(this.#pathOf(key)));
    await this.#removeEmptyFolders(dirname(join(this.#root, '.versions', key)));
  }

  async #openLatest(key: string): Promise<{ file: FileHandle; version: number }> {
    const versions = this.#versionsOf(key);
    for (;;) {
      const version = await versions.latest();
      try {
        return { file: await open(versions.pathOf(version), 'r'), version };
      } catch (error) {
        if (!isMissing(error)) throw error;
        // A version that is gone was passed by a higher one: look again.
        if (version === 0) throw new ObjectMissing(key, { cause: error });
      }
    }
  }

  /** Moves a written file to where `key` is, as the conditions allow. Returns the version it became. */
  async #place(key: string, temporary: string, options: PutOptions | undefined): Promise<number> {
    const path = this.#pathOf(key);
    if (options?.ifNoneMatch !== undefined) {
      try {
        await inFolderOf(path, () => this.#link(temporary, path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST')
          throw new PreconditionFailed(key, { cause: error });
        throw error;
      }
      return 0;
    }
    const versions = this.#versionsOf(key);
    if (options?.ifMatch !== undefined) {
      const current = await this.#identityOf(key);
      if (current?.etag !== options.ifMatch || !(await versions.swap(current.version, temporary))) {
        throw new PreconditionFailed(key);
      }
      return current.version + 1;
    }
    for (;;) {
      const version = await versions.latest();
      if (version === 0) {
        await inFolderOf(path, () => rename(temporary, path));
        return 0;
      }
      if (await versions.swap(version, temporary)) return version + 1;
    }
  }

  async #identityOf(key: string): Promise<{ version: number; etag: string } | undefined> {
    try {
      const { file, version } = await this.#openLatest(key);
      const identity = await file.stat({ bigint: true }).finally(() => file.close());
      return { version, etag: etagOf(version, identity) };
    } catch (error) {
      if (error instanceof ObjectMissing) return undefined;
      throw error;
    }
  }

  async *#listFolder(
    folder: string,
    prefix: string,
    options: { delimiter?: '/'; startAfter?: string; signal?: AbortSignal },
  ): AsyncGenerator<ListedObject> {
    options.signal?.throwIfAborted();
    const { startAfter } = options;
    for (const name of await this.#namesIn(folder)) {
      const key = folder + name;
      const isFolder = name.endsWith('/');
      if (!key.startsWith(prefix)) continue;
      const below = startAfter !== undefined && startAfter.startsWith(key);
      if (startAfter !== undefined && key <= startAfter && !(isFolder && below)) continue;
      if (!isFolder) {
        const size = await this.#sizeOf(key);
        if (size !== undefined) yield { key, size };
      } else if (options.delimiter === undefined) {
        yield* this.#listFolder(key, prefix, options);
      } else if (!below) {
        yield { key, size: 0 };
      }
    }
  }

  /** Names in a folder in byte order of the keys below them: a folder's name ends with its slash. */
  async #namesIn(folder: string): Promise<string[]> {
    try {
      const entries = await readdir(join(this.#root, folder), { withFileTypes: true });
      return entries
        .filter((entry) => !entry.name.startsWith('.'))
        .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
        .toSorted((a, b) => (a < b ? -1 : 1));
    } catch (error) {
      if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
      throw error;
    }
  }

  async #sizeOf(key: string): Promise<number | undefined> {
    try {
      return (await stat(this.#pathOf(key))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Before the first write, nothing may be written that could not be followed by a commit. */
  async #temporaryPath(): Promise<string> {
    const folder = join(this.#root, '.tmp');
    this.#linking ??= requireHardLinks(this.#root, folder, this.#link);
    await this.#linking.catch((error: unknown) => {
      // A disk may be full for now only.
      this.#linking = undefined;
      throw error;
    });
    await makeFolder(folder);
    return join(folder, `${process.pid}-${randomUUID()}`);
  }

  async #removeEmptyFolders(folder: string): Promise<void> {
    for (
      let current = folder;
      current.startsWith(this.#root) && current !== this.#root;
      current = dirname(current)
    ) {
      try {
        await rmdir(current);
      } catch {
        // Not empty, or gone already: either way there is nothing left to do above it.
        return;
      }
    }
  }

  #pathOf(key: string): string {
    return join(this.#root, key);
  }

  #versionsOf(key: string): VersionFolder {
    return new VersionFolder(join(this.#root, '.versions', key), this.#pathOf(key), this.#link);
  }
}

interface Identity {
  readonly ino: bigint;
  readonly mtimeNs: bigint;
}

/** Each write makes a new file, so its inode and time name the version. */
function etagOf(version: number, { ino, mtimeNs }: Identity): string {
  return `${version}-${ino.toString(36)}-${mtimeNs.toString(36)}`;
}

/** Puts something into the folder of `path`, which a concurrent delete may have found empty and removed. */
async function inFolderOf(path: string, put: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await makeFolder(dirname(path));
    try {
      return await put();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 10) throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
