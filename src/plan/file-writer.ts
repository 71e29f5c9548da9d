/** Appending to a file in large writes, with memory bounded by one of them. */
import { type FileHandle, open } from 'node:fs/promises';

const BUFFERED_BYTES = 1024 * 1024;

export class FileWriter {
  readonly #file: FileHandle;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #written = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Creates the file, or empties it. */
  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await open(path, 'w'));
  }

  /** Bytes appended so far. */
  get bytes(): number {
    return this.#written + this.#buffered;
  }

  /** Appends; the bytes are the writer's from then on. */
  async append(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
    this.#buffered += bytes.byteLength;
    if (this.#buffered >= BUFFERED_BYTES) await this.#flush();
  }

  /** Writes over the start of the file what was not known when it was begun. */
  async overwriteStart(bytes: Uint8Array): Promise<void> {
    await this.#flush();
    await this.#file.write(bytes, 0, bytes.byteLength, 0);
  }

  /** Writes what is buffered and closes. */
  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#buffered = 0;
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, this.#written);
      done += bytesWritten;
      this.#written += bytesWritten;
    }
  }
}
