/** Results as people and other programs take them: JSON lines, CSV, Parquet. Streams in, streams out. */
import { csvRecord } from '../manifest/csv.ts';
import type { Column, JsonRow, JsonValue } from './columns.ts';
import { ParquetEncoder, type ParquetOptions } from './parquet-encoder.ts';
import type { StoredResult } from './stored-result.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A result as it is shown: what its algorithm's `present` made of the row, and where that came from. */
export interface PresentedResult {
  readonly trackId: string;
  /** Null for a local file. */
  readonly sourceEtag: string | null;
  readonly algorithm: string;
  readonly version: string;
  readonly fields: JsonRow;
}

/** The names before the presented fields. */
const KEY_NAMES = ['track_id', 'source_etag', 'algorithm', 'version'] as const;

/** A result as one object: track_id, source_etag, algorithm, version, then the fields. */
export function presentedRow({ trackId, sourceEtag, algorithm, version, fields }: PresentedResult): JsonRow {
  return { track_id: trackId, source_etag: sourceEtag, algorithm, version, ...fields };
}

/** JSON lines: one result a line. */
export async function* exportJsonLines(results: AsyncIterable<PresentedResult>): AsyncGenerator<string> {
  for await (const result of results) yield `${JSON.stringify(presentedRow(result))}\n`;
}

/**
 * CSV with a header; lists and structs are JSON text, null is an empty field. The columns are the first
 * result's fields: an algorithm presents the same for every track. Without results there is a header of the
 * keys alone.
 */
export async function* exportCsv(results: AsyncIterable<PresentedResult>): AsyncGenerator<string> {
  let names: readonly string[] | undefined;
  for await (const { trackId, sourceEtag, algorithm, version, fields } of results) {
    if (names === undefined) {
      names = Object.keys(fields);
      yield csvRecord([...KEY_NAMES, ...names]);
    }
    const values = names.map((name) => csvText(fields[name] ?? null));
    yield csvRecord([trackId, sourceEtag ?? '', algorithm, version, ...values]);
  }
  if (names === undefined) yield csvRecord(KEY_NAMES);
}

/** One Parquet file of all results, as they are stored: with `algorithm` and `version` as columns of their own. */
export async function* exportParquet(options: {
  readonly results: AsyncIterable<StoredResult>;
  readonly algorithm: string;
  readonly version: string;
  /** The algorithm's columns. */
  readonly columns: readonly Column[];
  readonly metadata?: ParquetOptions['metadata'];
}): AsyncGenerator<Uint8Array> {
  const { results, algorithm, version, columns, metadata = {} } = options;
  const encoder = new ParquetEncoder({ columns: [...PROVENANCE_COLUMNS, ...columns], metadata });
  for await (const { trackId, sourceEtag, row } of results) {
    const bytes = encoder.add({ trackId, sourceEtag, row: { algorithm, version, ...row } });
    if (bytes !== undefined) yield bytes;
  }
  yield encoder.finish();
}

const PROVENANCE_COLUMNS: readonly Column[] = [
  { name: 'algorithm', type: 'string', description: 'the algorithm that made the row' },
  { name: 'version', type: 'string', description: 'its version' },
];

function csvText(value: JsonValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
