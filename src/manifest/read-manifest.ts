/**
 * Reads a CSV manifest as a stream: tracks and rejected rows in the order of their lines, in batches, with
 * memory that grows only by the set of ids (11 to 14 bytes each).
 *
 * Lines without quotes go the quick way (plain-rows.ts), and nothing is made of them; csv-parse reads all
 * that the quick way has doubts about, and the rules of accept-row.ts judge it.
 */
import { RowRules, type RowVerdict } from './accept-row.ts';
import { REQUIRED_COLUMNS } from './columns.ts';
import { parseCsv } from './csv.ts';
import { hashId } from './id-hash.ts';
import { ManifestBytes, type ManifestSource } from './manifest-bytes.ts';
import { type ManifestHead, readHead } from './manifest-head.ts';
import type { Rejection } from './rejection.ts';
import { BLANK, DOUBTFUL, type PlainRows, PlainRowScanner, REPEATED } from './plain-rows.ts';
import { RecordSplitter, type Split } from './record-splitter.ts';
import { SeenIds } from './seen-ids.ts';
import type { Track } from './track.ts';

export interface AcceptedRow {
  /** Physical line on which the record starts, from 1 (the header's, mostly). */
  readonly line: number;
  readonly track: Track;
}

export interface RejectedRow extends Rejection {
  readonly line: number;
  /** The row as it stands (bytes that are no UTF-8 replaced, at most its first 1,024 bytes if no record). */
  readonly raw: string;
}

export type ManifestRow =
  | ({ readonly kind: 'accepted' } & AcceptedRow)
  | ({ readonly kind: 'rejected' } & RejectedRow);

/** A stretch of a manifest. It holds until the next one is asked for. */
export type ManifestBatch =
  /**
   * Lines, the n-th of them line `firstLine + n` of the manifest: a PLAIN one is an accepted row; any other that is a
   * row at all stands in `judged`, by its n.
   */
  | {
      readonly kind: 'lines';
      readonly firstLine: number;
      readonly rows: PlainRows;
      readonly judged: ReadonlyMap<number, ManifestRow>;
    }
  | { readonly kind: 'records'; readonly rows: readonly ManifestRow[] };

export interface ManifestReader {
  /** What messages call the manifest: its path, or `stdin`. */
  readonly name: string;
  /** Column names, trimmed, in the manifest's order. */
  readonly header: readonly string[];
  /** The rows, once, in order. */
  batches(): AsyncIterable<ManifestBatch>;
  /** SHA-256 in hex of the manifest's bytes, decompressed; known once `batches()` is through. */
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
    return new StreamedManifest(source, head, bytes);
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

const [ID_COLUMN] = REQUIRED_COLUMNS;
const REPEATED_ID = {
  kind: 'rejected',
  code: 'track-id-repeated',
  reason: 'track_id repeats that of an earlier row',
} as const;
const HEADER_AGAIN = {
  kind: 'rejected',
  code: 'header-repeated',
  reason: 'is the header once more: files were joined here',
} as const;

/** Ids for which room is made at once: where a size promises more, it is believed only so far. */
const MAX_RESERVED_IDS = 100_000_000;

class StreamedManifest implements ManifestReader {
  readonly name: string;
  readonly header: readonly string[];
  readonly #head: ManifestHead;
  readonly #bytes: ManifestBytes;
  readonly #sizeBytes: number | undefined;
  readonly #rules: RowRules;
  readonly #scanner: PlainRowScanner;
  readonly #seen = new SeenIds();
  readonly #idHash = new Uint32Array(2);
  #hasReserved = false;
  /** Whether there was a track whose id is the name of its column. */
  #hasIdOfHeader = false;
  #digest: string | undefined;

  constructor({ name, sizeBytes }: ManifestSource, head: ManifestHead, bytes: ManifestBytes) {
    this.name = name;
    this.header = head.header;
    this.#head = head;
    this.#bytes = bytes;
    this.#sizeBytes = sizeBytes;
    this.#rules = new RowRules(head.header);
    this.#scanner = new PlainRowScanner(head.header);
    // So that the header is noticed where it comes once more, without a look at every row.
    this.#see(ID_COLUMN);
  }

  digest(): string {
    if (this.#digest === undefined) throw new Error('a manifest has no digest before it is read to its end');
    return this.#digest;
  }

  async *batches(): AsyncGenerator<ManifestBatch> {
    const splitter = new RecordSplitter(this.#head.nextLine, (record) =>
      this.#rules.spansLinesPlausibly(parseCsv(record, true)[0] ?? []),
    );
    try {
      let chunk: Buffer | undefined = this.#head.rest;
      while (chunk !== undefined) {
        yield* this.#judged(splitter.push(chunk), splitter);
        chunk = await this.#bytes.next();
      }
      yield* this.#judged(splitter.end(), splitter);
      this.#digest = await this.#bytes.digest();
    } finally {
      await this.#bytes.close();
    }
  }

  *#judged(splits: Iterable<Split>, splitter: RecordSplitter): Generator<ManifestBatch> {
    for (const split of splits) {
      switch (split.kind) {
        case 'refused': {
          const { line, rejection, raw } = split;
          const row = { kind: 'rejected', line, ...rejection, raw: raw.toString('utf8') } as const;
          yield { kind: 'records', rows: [row] };
          break;
        }
        case 'lines': {
          const rows = this.#scanner.scan(split.bytes);
          splitter.passLines(rows.count);
          this.#reserve(rows);
          const { line: firstLine } = split;
          yield { kind: 'lines', firstLine, rows, judged: this.#judgeLines(rows, firstLine) };
          break;
        }
        case 'records': {
          const rows = parseCsv(split.bytes, true).map((fields, index) =>
            this.#judge(split.lines[index] ?? 0, fields, () => recordText(split, index)),
          );
          yield { kind: 'records', rows };
          break;
        }
      }
    }
  }

  /** Looks for ids that were seen before, and has the doubtful lines judged. */
  #judgeLines(rows: PlainRows, firstLine: number): Map<number, ManifestRow> {
    const { bytes, count, ends, verdicts, idHashes } = rows;
    const judged = new Map<number, ManifestRow>();
    const doubtful = doubtfulFields(rows);
    this.#seen.prefetch(idHashes, count);
    for (let index = 0; index < count; index += 1) {
      const verdict = verdicts[index] as number;
      if (verdict === BLANK) continue;
      const line = firstLine + index;
      if (verdict === DOUBTFUL) {
        const fields = doubtful.next().value ?? [];
        judged.set(
          index,
          this.#judge(line, fields, () => fields.join(',')),
        );
      } else if (!this.#seen.add(idHashes[2 * index] as number, idHashes[2 * index + 1] as number)) {
        verdicts[index] = REPEATED;
        const raw = bytes.toString('utf8', index === 0 ? 0 : ends[index - 1], (ends[index] as number) - 1);
        judged.set(
          index,
          this.#repeated(line, parseCsv(raw, false)[0] ?? [], () => raw),
        );
      }
    }
    return judged;
  }

  #judge(line: number, fields: readonly string[], raw: () => string): ManifestRow {
    const verdict = this.#headerAgain(fields, this.#rules.judge(fields));
    if (verdict.kind === 'rejected') return { ...verdict, line, raw: raw() };
    return this.#see(verdict.track.trackId)
      ? { kind: 'accepted', line, track: verdict.track }
      : this.#repeated(line, fields, raw);
  }

  /** A row whose id was seen: in an earlier row, or in the header. */
  #repeated(line: number, fields: readonly string[], raw: () => string): ManifestRow {
    const id = fields[this.header.indexOf(ID_COLUMN)];
    const verdict = id === ID_COLUMN && !this.#hasIdOfHeader ? this.#rules.judge(fields) : REPEATED_ID;
    const found = this.#headerAgain(fields, verdict);
    if (found.kind === 'rejected') return { ...found, line, raw: raw() };
    this.#hasIdOfHeader = true;
    return { kind: 'accepted', line, track: found.track };
  }

  /** The verdict of a row, unless it is the header once more: of a file that was joined to the one before it. */
  #headerAgain<Verdict extends RowVerdict>(
    fields: readonly string[],
    verdict: Verdict,
  ): Verdict | typeof HEADER_AGAIN {
    const isHeader =
      fields.length === this.header.length &&
      this.header.every((name, index) => fields[index]?.trim() === name);
    return isHeader ? HEADER_AGAIN : verdict;
  }

  /** Whether an id is new. */
  #see(trackId: string): boolean {
    const id = Buffer.from(trackId);
    hashId(id, 0, id.length, this.#idHash, 0);
    const [high = 0, low = 0] = this.#idHash;
    return this.#seen.add(high, low);
  }

  /** Once it is known how long rows are, and how long the manifest is: makes room for all ids. */
  #reserve({ bytes, count }: PlainRows): void {
    if (this.#hasReserved || this.#sizeBytes === undefined) return;
    this.#hasReserved = true;
    this.#seen.reserve(Math.min((this.#sizeBytes / bytes.length) * count, MAX_RESERVED_IDS));
  }
}

/** The fields of all doubtful lines, in order: csv-parse is called once for all of them. */
function* doubtfulFields({ bytes, count, ends, verdicts }: PlainRows): Generator<string[], undefined> {
  const lines: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    if (verdicts[index] === DOUBTFUL)
      lines.push(bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]));
  }
  if (lines.length > 0) yield* parseCsv(Buffer.concat(lines), false);
  return undefined;
}

function recordText(split: Split & { kind: 'records' }, index: number): string {
  const bytes = split.bytes.subarray(split.starts[index], split.starts[index + 1]);
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}
