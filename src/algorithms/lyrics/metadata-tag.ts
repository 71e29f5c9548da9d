/** A metadata tag of an LRC file: `[ti:Title]`, `[offset:+250]`, `[#:a comment]`. */
export interface MetadataTag {
  readonly name: string;
  readonly value: string;
}

/** A name's first character, and the others: letters, digits, underscores, spaces and hyphens of any script. */
const NAME = /[\p{L}#][\p{L}\p{N}_ -]*/uy;
const LINE_TERMINATOR = /[\n\r\u2028\u2029]/;

/**
 * The tag that fills a line; undefined where none does. What the line holds is looked at once, from the left: a single
 * expression for all of it tries every way to share blanks between the name and what is around it, which on a long line
 * takes hours.
 */
export function metadataTag(line: string): MetadataTag | undefined {
  const trimmed = line.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return undefined;
  const inside = trimmed.slice(1, -1).trimStart();
  NAME.lastIndex = 0;
  const name = NAME.exec(inside)?.[0];
  if (name === undefined) return undefined;
  const rest = inside.slice(name.length).trimStart();
  if (!rest.startsWith(':') || LINE_TERMINATOR.test(rest)) return undefined;
  return { name: name.trim(), value: rest.slice(1) };
}
