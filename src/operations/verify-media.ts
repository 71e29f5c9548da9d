/**
 * The files that results name, against what the store holds. A catalogue names hundreds of millions: they are set
 * down in a scratch folder, a file for each folder of `media/` that keys are spread over, and compared with one
 * listing of that folder after the other. Memory: one of those folders, a 256th of them.
 */
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedFile } from '../results/named-files.ts';
import { digestChunks } from '../run/object-digest.ts';
import type { ListedObject, ObjectStore } from '../store/object-store.ts';

const BUFFERED_LINES = 500;
/** A file is read in pieces of so many bytes. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** `media/<algorithm>-<version>-<ladder>/<two digits>/<rest>`, wherever the store was when the row was written. */
const MEDIA_KEY = /(?:^|\/)(media\/[^/]+\/[0-9a-f]{2}\/)([^/].*)$/;

/** A row's file, and whose it is. */
interface Expected {
  readonly rest: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly trackId: string;
}

/** What was found of the files that results name. */
export interface MediaCount {
  readonly files: number;
  readonly bytes: number;
}

/** Collects the files that rows name, and then looks for them in the store. */
export class MediaProof {
  readonly #store: ObjectStore;
  readonly #scratch: string;
  readonly #violate: (message: string) => void;
  /** Lines that are not written yet, by folder. */
  readonly #lines = new Map<string, string[]>();
  #count = { files: 0, bytes: 0 };

  /** @param scratchDirectory exists, is empty, and is the caller's to remove */
  constructor(store: ObjectStore, scratchDirectory: string, violate: (message: string) => void) {
    this.#store = store;
    this.#scratch = scratchDirectory;
    this.#violate = violate;
  }

  /** Takes a file that a track's row names. */
  async expect(trackId: string, { uri, bytes, sha256 }: NamedFile): Promise<void> {
    this.#count = { files: this.#count.files + 1, bytes: this.#count.bytes + bytes };
    const [, folder, rest] = MEDIA_KEY.exec(uri) ?? [];
    if (folder === undefined || rest === undefined) {
      this.#violate(`a row of '${trackId}' names ${uri}, which is no file of this store`);
      return;
    }
    const lines = this.#lines.get(folder) ?? [];
    lines.push(JSON.stringify({ rest, bytes, sha256, trackId } satisfies Expected));
    this.#lines.set(folder, lines);
    if (lines.length % BUFFERED_LINES === 0) await this.#write(folder, lines.splice(0));
  }

  /**
   * Compares with the store.
   * @param deep whether files are read, and their digests compared
   */
  async prove(deep: boolean): Promise<MediaCount> {
    for (const [folder, lines] of this.#lines) {
      await this.#write(folder, lines.splice(0));
      await this.#proveFolder(folder, deep);
    }
    return this.#count;
  }

  async #proveFolder(folder: string, deep: boolean): Promise<void> {
    const path = this.#pathOf(folder);
    // The same file may be named twice: by a retry, or by two rows of one recording.
    const expected = new Map<string, Expected>();
    for (const line of (await readFile(path, 'utf8')).split('\n')) {
      if (line === '') continue;
      const file = JSON.parse(line) as Expected;
      expected.set(file.rest, file);
    }
    await rm(path);
    for await (const listed of this.#store.list(folder)) {
      const file = expected.get(listed.key.slice(folder.length));
      if (file === undefined) continue;
      expected.delete(file.rest);
      await this.#compare(listed, file, deep);
    }
    for (const { rest, trackId } of expected.values()) {
      this.#violate(`${folder}${rest}, which a row of '${trackId}' names, is missing`);
    }
  }

  async #compare({ key, size }: ListedObject, file: Expected, deep: boolean): Promise<void> {
    if (size !== file.bytes) {
      this.#violate(`${key} has ${size} bytes, and a row of '${file.trackId}' says ${file.bytes}`);
    } else if (deep && (await digestChunks(this.#piecesOf(key, size))).sha256 !== file.sha256) {
      this.#violate(`${key} does not have the digest that a row of '${file.trackId}' names`);
    }
  }

  async *#piecesOf(key: string, size: number): AsyncGenerator<Uint8Array> {
    for (let offset = 0; offset < size; offset += PIECE_BYTES) {
      yield (await this.#store.get(key, { range: { offset, length: PIECE_BYTES } })).bytes;
    }
  }

  async #write(folder: string, lines: readonly string[]): Promise<void> {
    await appendFile(this.#pathOf(folder), lines.map((line) => `${line}\n`).join(''));
  }

  #pathOf(folder: string): string {
    return join(this.#scratch, folder.replaceAll('/', '~'));
  }
}
