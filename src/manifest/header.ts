/** The header line of a manifest: what must be in it, and what is said when it is not. */
import { isUtf8 } from 'node:buffer';
import { type BackfillError, usageError } from '../errors.ts';
import { MANIFEST_COLUMNS, REQUIRED_COLUMNS, RESERVED_COLUMN } from './columns.ts';
import { parseCsv } from './csv.ts';
import { conversion } from './foreign-formats.ts';

const EXPECTED = `expected a CSV header with the columns ${REQUIRED_COLUMNS.join(' and ')}, then one row a track`;

/**
 * Reads the header line (without its line feed; a byte order mark is dropped, names are trimmed).
 *
 * @param name What messages call the manifest.
 * @throws BackfillError with fault `usage`: no header, a required column missing, a name twice or empty
 */
export function parseHeader(line: Buffer, name: string): readonly string[] {
  const text = line.toString('utf8').replace(/^\uFEFF/, '');
  if (!isUtf8(line)) {
    throw usageError('manifest-encoding', `the header of ${name} is not valid UTF-8: ${quoted(text)}`, {
      hint: 'save it as CSV in UTF-8',
    });
  }
  if (!isHeader(text)) checkKind(text, name);
  const names = fieldsOf(text, name);
  checkRequired(names, name);
  checkNames(names, name);
  return names;
}

/** Whether a line has the columns that a manifest needs. */
export function isHeader(line: string): boolean {
  try {
    const names = namesOf(line);
    return REQUIRED_COLUMNS.every((column) => names.includes(column));
  } catch {
    return false;
  }
}

/** There is no line that could be a header. */
export function emptyManifest(name: string): BackfillError {
  return usageError('manifest-empty', `${name} is empty: ${EXPECTED}`);
}

/** The first line does not end where a header would have. */
export function overlongHeader(name: string): BackfillError {
  return usageError('manifest-header', `the first line of ${name} is longer than 65,536 bytes: ${EXPECTED}`);
}

/**
 * Fields are separated by something else than commas.
 * @param separator one character
 * @param saidSo whether a line `sep=;` before the header says so, which only Excel reads
 */
export function otherSeparator(separator: string, name: string, saidSo: boolean): BackfillError {
  const { word, miller } = SEPARATORS[separator] ?? { word: `'${separator}'`, miller: `'${separator}'` };
  const convert = `mlr --csv --ifs ${miller} --ofs comma cat`;
  const hint = saidSo ? `without its first line: ${convert}` : conversion(convert, name);
  return usageError('manifest-header', `${name} is separated by ${word}, not by commas`, {
    hint: `export it with commas, or convert it: ${hint}`,
  });
}

const SEPARATORS: Readonly<Record<string, { readonly word: string; readonly miller: string }>> = {
  ';': { word: 'semicolons', miller: 'semicolon' },
  '\t': { word: 'tabs', miller: 'tab' },
  '|': { word: 'vertical bars', miller: 'pipe' },
  ':': { word: 'colons', miller: 'colon' },
};

/** A column that is carried along, though its name is almost one that means something. */
export interface LookalikeColumn {
  readonly column: string;
  readonly meant: string;
}

/** Columns such as `Language` or `lyrics-uri`, where there is none of the name that is meant. */
export function lookalikeColumns(header: readonly string[]): LookalikeColumn[] {
  return MANIFEST_COLUMNS.filter((meant) => !header.includes(meant)).flatMap((meant) =>
    header.filter((column) => plainName(column) === meant).map((column) => ({ column, meant })),
  );
}

/** A name without what spreadsheets and word processors make of it: quotes, case, spaces. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\p{Quotation_Mark}\p{Cf}`]/gu, '')
    .trim()
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .replace(/[\s.-]+/g, '_')
    .toLowerCase();
}

function namesOf(line: string): string[] {
  return (parseCsv(line, true)[0] ?? []).map((field) => field.trim());
}

function fieldsOf(text: string, name: string): string[] {
  try {
    return namesOf(text);
  } catch (error) {
    throw usageError('manifest-header', `the header of ${name} is not CSV: ${quoted(text)}`, {
      cause: error,
    });
  }
}

/** What is text, but no CSV with commas. */
function checkKind(text: string, name: string): void {
  const line = text.trimStart().split('\r', 1)[0] ?? '';
  const separator = Object.keys(SEPARATORS).find((candidate) =>
    REQUIRED_COLUMNS.every((column) => line.split(candidate).map(plainName).includes(column)),
  );
  if (separator !== undefined) throw otherSeparator(separator, name, false);
  const structure = /^\s*([{[<])/.exec(text)?.[1];
  if (structure !== undefined) {
    throw usageError(
      'manifest-header',
      `${name} is ${structure === '<' ? 'HTML or XML' : 'JSON'}: ${EXPECTED}`,
    );
  }
}

function checkRequired(names: readonly string[], name: string): void {
  const missing = REQUIRED_COLUMNS.filter((column) => !names.includes(column));
  if (missing.length === 0) return;
  const meant = lookalikeColumns(names).filter((like) => missing.some((column) => column === like.meant));
  if (meant.length > 0) {
    const renamed = meant.map(({ column, meant }) => `${quoted(column)} to ${meant}`).join(', ');
    throw usageError('manifest-header', `${name} has no column ${missing.join(' and ')}: rename ${renamed}`);
  }
  const expected = `expected columns ${REQUIRED_COLUMNS.join(' and ')}; found: ${clipped(names.join(', '))}`;
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

function quoted(text: string): string {
  return `'${clipped(text)}'`;
}

function clipped(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
