/** What users hand over for a manifest though it is none: told by its first bytes, with the command that helps. */
import { type BackfillError, usageError } from '../errors.ts';

/** As many bytes as the longest signature has. */
export const SIGNATURE_BYTES = 16;

interface Format {
  readonly what: string;
  readonly matches: (head: Buffer) => boolean;
  /** What to do about a manifest of that name. */
  readonly hint: (name: string) => string;
}

const FORMATS: readonly Format[] = [
  encoded('UTF-32LE', (head) => startsWith(head, 'fffe0000') || isZero(head, [1, 2, 3])),
  encoded('UTF-32BE', (head) => startsWith(head, '0000feff') || isZero(head, [0, 1, 2])),
  encoded('UTF-16LE', (head) => startsWith(head, 'fffe') || isZero(head, [1, 3])),
  encoded('UTF-16BE', (head) => startsWith(head, 'feff') || isZero(head, [0, 2])),
  signed('a ZIP archive (workbooks are such)', '504b0304', 'unpack it, or save the workbook as CSV in UTF-8'),
  signed('an old Excel workbook', 'd0cf11e0a1b11ae1', 'save it as CSV in UTF-8'),
  signed('a Parquet file', '50415231', 'write its rows as CSV, with DuckDB: COPY (FROM ...) TO ...'),
  signed('an SQLite database', '53514c69746520666f726d6174', 'write its rows as CSV: sqlite3 -header -csv'),
  signed('a PDF', '255044462d', 'export the table as CSV in UTF-8'),
  compressed('bzip2', '425a68', 'bzcat'),
  compressed('xz', 'fd377a585a00', 'xzcat'),
  compressed('LZ4', '04224d18', 'lz4cat'),
];

/**
 * @param head The first bytes, {@link SIGNATURE_BYTES} if there are as many.
 * @param name What messages call the manifest.
 * @returns the refusal of what is surely no CSV in UTF-8
 */
export function foreignFormat(head: Buffer, name: string): BackfillError | undefined {
  const format = FORMATS.find(({ matches }) => matches(head));
  if (format === undefined) return undefined;
  return usageError('manifest-encoding', `${name} is ${format.what}, not CSV in UTF-8`, {
    hint: format.hint(name),
  });
}

/**
 * The command that makes a manifest of what is none. It is written beside, so that relative paths in it stay right.
 * @param command without the name of the file
 * @param name What messages call the manifest.
 */
export function conversion(command: string, name: string): string {
  if (name === 'stdin') return `${command} | backfill plan -`;
  const better = `${name.replace(/(?:\.csv)?(?:\.(?:bz2|xz|lz4))?$/i, '')}.new.csv`;
  return `${command} ${asArgument(name)} > ${asArgument(better)}`;
}

function asArgument(name: string): string {
  return /^[\w./:@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

function encoded(encoding: string, matches: Format['matches']): Format {
  const command = `iconv -f ${encoding} -t UTF-8`;
  return { what: `${encoding} text`, matches, hint: (name) => conversion(command, name) };
}

function signed(what: string, signature: string, hint: string): Format {
  return { what, matches: (head) => startsWith(head, signature), hint: () => hint };
}

function compressed(what: string, signature: string, program: string): Format {
  return {
    what: `${what}-compressed`,
    matches: (head) => startsWith(head, signature),
    hint: (name) => conversion(program, name),
  };
}

function startsWith(head: Buffer, signature: string): boolean {
  return head.subarray(0, signature.length / 2).toString('hex') === signature;
}

/** Whether of the first four bytes these are zero, and no other: how ASCII looks in wider encodings. */
function isZero(head: Buffer, places: readonly number[]): boolean {
  return head.length >= 4 && [0, 1, 2, 3].every((place) => (head[place] === 0) === places.includes(place));
}
