/** Results as people and other programs take them: JSON lines, CSV, Parquet. A row group's worth at a time. */
import { csvRecord } from '../manifest/csv.ts';
import type { Column, JsonRow, JsonValue } from './columns.ts';
import { ParquetEncoder, type ParquetOptions } from './parquet-encoder.ts';
import { visibleJson } from '../visible-text.ts';
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

/** JSON lines: one result a line, and none that a terminal or a reader of lines could take for more. */
export function jsonLines(results: readonly PresentedResult[]): string {
  let text = '';
  for (const result of results) text += `${JSON.stringify(presentedRow(result))}\n`;
  return visibleJson(text);
}

/**
 * The header of a CSV of presented results.
 * @param names Of the fields: those of the first result, since an algorithm presents the same for every track.
 * Without results there are none.
 */
export function csvHeader(names: readonly string[]): string {
  return csvRecord([...KEY_NAMES, ...names]);
}

/**
 * CSV below {@link csvHeader}: lists and structs are JSON text, null is an empty field.
 * @param forSpreadsheet whether texts that a spreadsheet would run are made harmless, which changes them
 */
export function csvRows(
  results: readonly PresentedResult[],
  names: readonly string[],
  forSpreadsheet = false,
): string {
  const csvText = forSpreadsheet ? harmlessText : exactText;
  let text = '';
  for (const { trackId, sourceEtag, algorithm, version, fields } of results) {
    text += `${csvText(trackId)},${csvText(sourceEtag ?? '')},${csvText(algorithm)},${csvText(version)}`;
    for (const name of names) text += `,${csvValue(fields[name] ?? null, csvText)}`;
    text += '\n';
  }
  return text;
}

/** One Parquet file of all results, as they are stored: with `algorithm` and `version` as columns of their own. */
export async function* exportParquet(options: {
  readonly results: AsyncIterable<readonly StoredResult[]>;
  readonly algorithm: string;
  readonly version: string;
  /** Of the rows. */
  readonly columns: readonly Column[];
  readonly metadata?: ParquetOptions['metadata'];
}): AsyncGenerator<Uint8Array> {
  const { results, algorithm, version, columns, metadata = {} } = options;
  const encoder = new ParquetEncoder({ columns: [...PROVENANCE_COLUMNS, ...columns], metadata });
  for await (const group of results) {
    for (const { trackId, sourceEtag, row } of group) {
      const bytes = encoder.add({ trackId, sourceEtag, row: { algorithm, version, ...row } });
      if (bytes !== undefined) yield bytes;
    }
  }
  yield encoder.finish();
}

const PROVENANCE_COLUMNS: readonly Column[] = [
  { name: 'algorithm', type: 'string', description: 'the algorithm that made the row' },
  { name: 'version', type: 'string', description: 'its version' },
];

/**
 * RFC 4180 asks for quotes around commas, quotes and line breaks. Readers part lines at other characters, too (Python's
 * splitlines at U+0085, U+2028, and C0's separators), and some strip spaces at the ends.
 */
// oxlint-disable-next-line no-control-regex -- they are what is quoted
const NEEDS_QUOTES = /[",\u0000-\u001f\u007f-\u009f\u2028\u2029]|^\s|\s$/;

/** A text as a field that every reader gives back as it is. */
function exactText(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What spreadsheets take for a formula, full-width as well: https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function harmlessText(text: string): string {
  return exactText(FORMULA.test(text) ? `'${text}` : text);
}

function csvValue(value: JsonValue, csvText: (text: string) => string): string {
  if (value === null) return '';
  if (typeof value === 'string') return csvText(value);
  // A number or a boolean has nothing to quote; JSON of a list or a struct is full of quotes.
  return typeof value === 'object' ? `"${withDoubledQuotes(JSON.stringify(value))}"` : String(value);
}

const QUOTE = 0x22;

/** Byte by byte: replacing takes three times as long where every tenth character is a quote. */
function withDoubledQuotes(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const doubled = Buffer.allocUnsafe(2 * bytes.length);
  let length = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    doubled[length++] = byte;
    if (byte === QUOTE) doubled[length++] = QUOTE;
  }
  return doubled.toString('utf8', 0, length);
}
