/** The rows that planning has refused: `plan/rejected.csv`, and the limit on how many there may be. */
import { BackfillError } from '../errors.ts';
import { csvRecord } from '../manifest/csv.ts';
import type { RejectedRow } from '../manifest/read-manifest.ts';
import type { RejectionCode } from '../manifest/rejection.ts';
import { FileWriter } from './file-writer.ts';

/** The name of the file, in a scratch folder as in the store. */
export const PLAN_REJECTED_FILE = 'rejected.csv';

/** How many rows may be rejected: so many, or such a part of all rows, from 0 to 1. */
export type RejectionLimit = { readonly count: number } | { readonly fraction: number };

/** Whether `rejected` of `rows` is past the limit. */
export function isPastLimit(limit: RejectionLimit, rejected: number, rows: number): boolean {
  return 'count' in limit ? rejected > limit.count : rejected > limit.fraction * rows;
}

/** How many rejected rows are kept to show, of all and of each kind. */
const SHOWN = 5;

/** Rejected rows of one kind. */
export interface RejectionCount {
  readonly code: RejectionCode;
  readonly rows: number;
  /** The first few lines. */
  readonly lines: readonly number[];
  /** Of the first of them. */
  readonly reason: string;
}

/** What planning has come to know of rejected rows. */
export interface RejectionReport {
  /** Rows that were read. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** By kind, the most frequent first. */
  readonly rejections: readonly RejectionCount[];
  /** The first few of all. */
  readonly firstRejected: readonly RejectedRow[];
}

/** So many rows of a manifest are rejected that nothing is planned. */
export class ManifestRejected extends BackfillError {
  readonly report: RejectionReport;

  constructor(code: string, what: string, report: RejectionReport, hint: string) {
    super(code, 'usage', [what, ...rejectionLines(report.rejections)].join('\n'), { hint });
    this.report = report;
  }
}

/** `  3 field-count: line 2 has 4 fields where the header has 2; also lines 7, 9, ...`, for each kind. */
export function rejectionLines(rejections: readonly RejectionCount[]): string[] {
  const width = Math.max(0, ...rejections.map(({ rows }) => THOUSANDS.format(rows).length));
  return rejections.map(({ code, rows, lines: [first, ...others], reason }) => {
    const unsaid = rows > others.length + 1 ? ', ...' : '';
    const also =
      others.length === 0
        ? ''
        : `; also line${others.length === 1 && unsaid === '' ? '' : 's'} ${others.join(', ')}${unsaid}`;
    return `  ${THOUSANDS.format(rows).padStart(width)} ${code}: line ${first}: ${reason}${also}`;
  });
}

const THOUSANDS = new Intl.NumberFormat('en-US');

/** Writes rejected rows as CSV: line, reason, row. */
export class RejectionWriter {
  readonly #file: FileWriter;
  readonly #first: RejectedRow[] = [];
  readonly #kinds = new Map<
    RejectionCode,
    { rows: number; readonly lines: number[]; readonly reason: string }
  >();
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

  /** By kind, the most frequent first. */
  get kinds(): readonly RejectionCount[] {
    return [...this.#kinds]
      .map(([code, kind]) => ({ code, ...kind }))
      .toSorted((a, b) => b.rows - a.rows || (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
  }

  async add({ line, code, reason, raw }: RejectedRow): Promise<void> {
    this.#count += 1;
    if (this.#first.length < SHOWN) this.#first.push({ line, code, reason, raw });
    const kind = this.#kinds.get(code) ?? { rows: 0, lines: [], reason };
    kind.rows += 1;
    if (kind.lines.length < SHOWN) kind.lines.push(line);
    this.#kinds.set(code, kind);
    await this.#file.append(Buffer.from(csvRecord([String(line), reason, raw])));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
