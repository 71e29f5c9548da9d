/**
 * The CSV dialect of every table that backfill reads or writes: RFC 4180 with commas, and either CRLF or
 * LF at the end of a record. csv-parse reads it; writing is quoting, and lives here.
 */
import { parse } from 'csv-parse/sync';

const NEEDS_QUOTES = /[",\r\n]/;

/** One field, quoted where RFC 4180 asks for it. */
export function csvField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line feed. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}

/**
 * Parses whole records. Records may differ in their number of fields; an empty line is a record of one
 * empty field, so that without quotes the n-th record is the n-th line.
 *
 * @param quotes Whether a quote is special; false where the caller knows that there is none (faster).
 * @throws CsvError where quotes are misplaced
 */
export function parseCsv(bytes: Uint8Array | string, quotes: boolean): string[][] {
  return parse(bytes, {
    quote: quotes ? '"' : null,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: false,
  });
}
