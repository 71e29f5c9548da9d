/**
 * Reads a CSV manifest as a stream: tracks and rejected rows in the order of their lines, in batches, with
 * memory that grows only by the set of ids (11 to 14 bytes each).
 */
import { RowRules } from './accept-row.ts';
import { parseCsv } from './csv.ts';
import { ManifestBytes, type ManifestSource } from './manifest-bytes.ts';
import { type ManifestHead, readHead } from './manifest-head.ts';
import { RecordSplitter, type Split } from './record-splitter.ts';
import { SeenIds } from './seen-ids.ts';
import type { Track } from './track.ts';

export interface AcceptedRow {
  /** Physical line on which the record starts, from 1 (the header's, mostly). */
  readonly line: number;
  readonly track: Track;
}

export interface RejectedRow {
  readonly line: number;
  /** Follows "the row" in a sentence: `track_id is missing`, `has 4 fields where the header has 5`. */
  readonly reason: string;
  /** The row as it stands (bytes that are no UTF-8 replaced, at most its first 1,024 bytes if no record). */
  readonly raw: string;
}

export type ManifestRow =
  | ({ readonly kind: 'accepted' } & AcceptedRow)
  | ({ readonly kind: 'rejected' } & RejectedRow);

export interface ManifestReader {
  /** What messages call the manifest: its path, or `stdin`. */
  readonly name: string;
  /** Column names, trimmed, in the manifest's order. */
  readonly header: readonly string[];
  /** The rows, once, in batches. */
  rows(): AsyncIterable<readonly ManifestRow[]>;
  /** SHA-256 in hex of the manifest's bytes, decompressed; known once `rows()` is through. */
  digest(): string;
}

/**
 * Reads the header; the rows follow through the reader.
 *
 * @throws BackfillError with fault `usage`: empty, no header, a required column missing, broken compression
 */
export async function openManifest(source: ManifestSource): Promise<ManifestReader> {
  const bytes = new ManifestBytes(source);
  try {
    const head = await readHead(bytes, source.name);
    return new StreamedManifest(source.name, head, bytes);
  } catch (error) {
    source.stream.destroy();
    throw error;
  }
}

class StreamedManifest implements ManifestReader {
  readonly name: string;
  readonly header: readonly string[];
  readonly #head: ManifestHead;
  readonly #bytes: ManifestBytes;
  readonly #rules: RowRules;
  readonly #seen = new SeenIds();

  constructor(name: string, head: ManifestHead, bytes: ManifestBytes) {
    this.name = name;
    this.header = head.header;
    this.#head = head;
    this.#bytes = bytes;
    this.#rules = new RowRules(head.header);
  }

  digest(): string {
    return this.#bytes.digest();
  }

  async *rows(): AsyncGenerator<readonly ManifestRow[]> {
    const splitter = new RecordSplitter(this.#head.nextLine, (record) =>
      this.#rules.spansLinesPlausibly(parseCsv(record, true)[0] ?? []),
    );
    try {
      let chunk: Buffer | undefined = this.#head.rest;
      while (chunk !== undefined) {
        yield this.#judged(splitter.push(chunk));
        chunk = await this.#bytes.next();
      }
      yield this.#judged(splitter.end());
    } finally {
      await this.#bytes.close();
    }
  }

  #judged(splits: readonly Split[]): ManifestRow[] {
    const rows: ManifestRow[] = [];
    for (const split of splits) {
      switch (split.kind) {
        case 'refused':
          rows.push({
            kind: 'rejected',
            line: split.line,
            reason: split.reason,
            raw: split.raw.toString('utf8'),
          });
          break;
        case 'lines':
          parseCsv(split.bytes, false).forEach((fields, index) => {
            const isBlankLine = fields.length === 1 && fields[0] === '';
            if (!isBlankLine) rows.push(this.#judge(split.line + index, fields, () => fields.join(',')));
          });
          break;
        case 'records':
          parseCsv(split.bytes, true).forEach((fields, index) => {
            rows.push(this.#judge(split.lines[index] ?? 0, fields, () => recordText(split, index)));
          });
          break;
      }
    }
    return rows;
  }

  #judge(line: number, fields: readonly string[], raw: () => string): ManifestRow {
    const verdict = this.#rules.judge(fields);
    if (verdict.kind === 'reason') return { kind: 'rejected', line, reason: verdict.reason, raw: raw() };
    if (this.#seen.add(verdict.track.trackId)) return { kind: 'accepted', line, track: verdict.track };
    return { kind: 'rejected', line, reason: 'track_id repeats that of an earlier row', raw: raw() };
  }
}

function recordText(split: Split & { kind: 'records' }, index: number): string {
  const bytes = split.bytes.subarray(split.starts[index], split.starts[index + 1]);
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}
