/** The header line of a manifest: what must be in it, and what is said when it is not. */
import { isUtf8 } from 'node:buffer';
import { type BackfillError, usageError } from '../errors.ts';
import { REQUIRED_COLUMNS, RESERVED_COLUMN } from './columns.ts';
import { parseCsv } from './csv.ts';

const EXPECTED = `expected a CSV header with the columns ${REQUIRED_COLUMNS.join(' and ')}, then one row a track`;
const UTF16_MARKS = ['fffe', 'feff'];

/**
 * Reads the header line (without its line feed; a byte order mark is dropped, names are trimmed).
 *
 * @param name What messages call the manifest.
 * @throws BackfillError with fault `usage`: no header, a required column missing, a name twice or empty
 */
export function parseHeader(line: Buffer, name: string): readonly string[] {
  if (UTF16_MARKS.includes(line.subarray(0, 2).toString('hex'))) {
    throw usageError('manifest-encoding', `${name} is UTF-16 text: save it as CSV in UTF-8`);
  }
  const text = line.toString('utf8').replace(/^\uFEFF/, '');
  if (!isUtf8(line)) {
    throw usageError('manifest-encoding', `the header of ${name} is not valid UTF-8: ${quoted(text)}`);
  }
  const names = fieldsOf(text, name).map((field) => field.trim());
  checkRequired(names, text, name);
  checkNames(names, name);
  return names;
}

/** There is no line that could be a header. */
export function emptyManifest(name: string): BackfillError {
  return usageError('manifest-empty', `${name} is empty: ${EXPECTED}`);
}

/** The first line does not end where a header would have. */
export function overlongHeader(name: string): BackfillError {
  return usageError('manifest-header', `the first line of ${name} is longer than 65,536 bytes: ${EXPECTED}`);
}

function fieldsOf(text: string, name: string): string[] {
  try {
    return parseCsv(text, true)[0] ?? [];
  } catch (error) {
    throw usageError('manifest-header', `the header of ${name} is not CSV: ${quoted(text)}`, {
      cause: error,
    });
  }
}

function checkRequired(names: readonly string[], text: string, name: string): void {
  const missing = REQUIRED_COLUMNS.filter((column) => !names.includes(column));
  if (missing.length === 0) return;
  const expected = `expected columns ${REQUIRED_COLUMNS.join(' and ')}; found: ${clipped(names.join(', '))}`;
  const separator = otherSeparator(text);
  if (separator !== undefined && names.length === 1) {
    throw usageError('manifest-header', `${name} is separated by ${separator}, not by commas: ${expected}`);
  }
  if (missing.length === REQUIRED_COLUMNS.length) {
    throw usageError('manifest-header', `the first line of ${name} is not a header: ${expected}`);
  }
  throw usageError('manifest-header', `${name} has no column ${missing.join(' and ')}: ${expected}`);
}

function checkNames(names: readonly string[], name: string): void {
  const unnamed = names.indexOf('');
  if (unnamed >= 0) {
    throw usageError('manifest-header', `column ${unnamed + 1} of ${name} has no name: name it or remove it`);
  }
  const twice = names.find((column, index) => names.indexOf(column) !== index);
  if (twice !== undefined) {
    throw usageError(
      'manifest-header',
      `${name} has the column ${twice} more than once: rename or remove one`,
    );
  }
  if (names.includes(RESERVED_COLUMN)) {
    throw usageError(
      'manifest-header',
      `${name} has a column ${RESERVED_COLUMN}, a name that backfill keeps for its plans: rename the column`,
    );
  }
}

function otherSeparator(text: string): string | undefined {
  if (text.includes(';')) return 'semicolons';
  if (text.includes('\t')) return 'tabs';
  return undefined;
}

function quoted(text: string): string {
  return `'${clipped(text)}'`;
}

function clipped(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
