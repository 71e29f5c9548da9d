import { readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Link } from './hard-links.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Compare-and-swap on a plain file system, without locks that a killed process would leave behind.
 *
 * Each swap of an object creates the next numbered version file by `link(2)`, which is atomic and
 * exclusive, on NFS too: whoever creates version n+1 has won the swap from n. The highest version is the
 * object. The file at the object's own path is a copy for people and for version 0. Versions below the
 * highest are removed by whoever made the highest, so a late loser may still succeed in linking a number
 * that has been passed: it finds the higher one by looking once more, and takes its own back.
 * See docs/decisions/2026-11-21-swaps-on-a-file-system.md.
 */
export class VersionFolder {
  readonly #folder: string;
  readonly #plainPath: string;
  readonly #link: Link;

  /**
   * @param folder where this object's versions are, whether it exists or not
   * @param plainPath the object's own path
   * @param link `link(2)`
   */
  constructor(folder: string, plainPath: string, link: Link) {
    this.#folder = folder;
    this.#plainPath = plainPath;
    this.#link = link;
  }

  /** The highest version; 0 where the object was never swapped. */
  async latest(): Promise<number> {
    return (await this.#versions()).reduce((highest, version) => Math.max(highest, version), 0);
  }

  /** The file that holds a version. */
  pathOf(version: number): string {
    return version === 0 ? this.#plainPath : join(this.#folder, String(version));
  }

  /**
   * Makes the file at `temporaryPath` version `from + 1`, and removes `temporaryPath`.
   * @returns whether this swap won; if not, nothing has changed.
   */
  async swap(from: number, temporaryPath: string): Promise<boolean> {
    const version = from + 1;
    await makeFolder(this.#folder);
    try {
      await this.#link(temporaryPath, this.pathOf(version));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    if ((await this.latest()) !== version) {
      await rm(this.pathOf(version), { force: true });
      return false;
    }
    await this.#publish(version, temporaryPath);
    return true;
  }

  /** Removes all versions. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Renews the copy at the object's own path, and removes the versions below. */
  async #publish(version: number, temporaryPath: string): Promise<void> {
    await makeFolder(dirname(this.#plainPath));
    await rename(temporaryPath, this.#plainPath);
    for (const older of await this.#versions()) {
      if (older < version) await unlink(join(this.#folder, String(older))).catch(ignoreMissing);
    }
  }

  async #versions(): Promise<number[]> {
    try {
      return (await readdir(this.#folder)).map(Number).filter(Number.isSafeInteger);
    } catch (error) {
      ignoreMissing(error);
      return [];
    }
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
