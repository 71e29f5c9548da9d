/** Results to a Parquet file of this machine. */
import { type FileHandle, open } from 'node:fs/promises';
import { ParquetEncoder, type ParquetOptions } from './parquet-encoder.ts';
import type { StoredResult } from './stored-result.ts';

/** Writes as row groups fill. The file is whole only once `close` has resolved. */
export class ParquetFileWriter {
  readonly #file: FileHandle;
  readonly #encoder: ParquetEncoder;
  #rows = 0;

  private constructor(file: FileHandle, options: ParquetOptions) {
    this.#file = file;
    this.#encoder = new ParquetEncoder(options);
  }

  /** Creates the file, or empties it. */
  static async create(path: string, options: ParquetOptions): Promise<ParquetFileWriter> {
    return new ParquetFileWriter(await open(path, 'w'), options);
  }

  /** Results taken so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes the next result; awaiting bounds the memory. */
  async add(result: StoredResult): Promise<void> {
    const bytes = this.#encoder.add(result);
    this.#rows += 1;
    if (bytes !== undefined) await this.#file.writeFile(bytes);
  }

  /** Writes the rest, and closes. */
  async close(): Promise<void> {
    try {
      await this.#file.writeFile(this.#encoder.finish());
    } finally {
      await this.#file.close();
    }
  }

  /** Gives up: closes the file as it is, which is no Parquet file. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }
}
