/** The rows that planning has refused: `plan/rejected.csv`, and the limit on how many there may be. */
import { csvRecord } from '../manifest/csv.ts';
import type { RejectedRow } from '../manifest/read-manifest.ts';
import { FileWriter } from './file-writer.ts';

/** The name of the file, in a scratch folder as in the store. */
export const PLAN_REJECTED_FILE = 'rejected.csv';

/** How many rows may be rejected: so many, or such a part of all rows, from 0 to 1. */
export type RejectionLimit = { readonly count: number } | { readonly fraction: number };

/** Whether `rejected` of `rows` is past the limit. */
export function isPastLimit(limit: RejectionLimit, rejected: number, rows: number): boolean {
  return 'count' in limit ? rejected > limit.count : rejected > limit.fraction * rows;
}

/** How many rejected rows are kept to show. */
const SHOWN = 5;

/** Writes rejected rows as CSV: line, reason, row. */
export class RejectionWriter {
  readonly #file: FileWriter;
  readonly #first: RejectedRow[] = [];
  #count = 0;

  private constructor(file: FileWriter) {
    this.#file = file;
  }

  static async create(path: string): Promise<RejectionWriter> {
    const file = await FileWriter.create(path);
    await file.append(Buffer.from(csvRecord(['line', 'reason', 'row'])));
    return new RejectionWriter(file);
  }

  get count(): number {
    return this.#count;
  }

  /** The first few. */
  get first(): readonly RejectedRow[] {
    return this.#first;
  }

  async add(row: RejectedRow): Promise<void> {
    this.#count += 1;
    if (this.#first.length < SHOWN) this.#first.push({ line: row.line, reason: row.reason, raw: row.raw });
    await this.#file.append(Buffer.from(csvRecord([String(row.line), row.reason, row.raw])));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
