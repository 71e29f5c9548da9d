/** The files that a row names: by convention, every struct with the fields `uri`, `bytes` and `sha256`. */
import type { Column, ColumnType, Row, Value } from './columns.ts';

export interface NamedFile {
  readonly uri: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** The columns that may name files. */
export function fileColumns(columns: readonly Column[]): readonly Column[] {
  return columns.filter(({ type }) => mayNameFiles(type));
}

/** The files that `columns` of a row name. @param columns of {@link fileColumns} */
export function namedFiles(columns: readonly Column[], row: Row): NamedFile[] {
  return columns.flatMap(({ name, type }) => filesIn(type, row[name] ?? null));
}

function mayNameFiles(type: ColumnType): boolean {
  if (typeof type === 'string') return false;
  if ('list' in type) return mayNameFiles(type.list);
  return namesFile(type.struct) || type.struct.some((field) => mayNameFiles(field.type));
}

function namesFile(fields: readonly Column[]): boolean {
  return ['uri', 'bytes', 'sha256'].every((wanted) => fields.some(({ name }) => name === wanted));
}

function filesIn(type: ColumnType, value: Value): NamedFile[] {
  if (value === null || typeof type === 'string') return [];
  if ('list' in type) return (value as readonly Value[]).flatMap((element) => filesIn(type.list, element));
  const fields = value as Row;
  const inner = type.struct.flatMap((field) => filesIn(field.type, fields[field.name] ?? null));
  return namesFile(type.struct) ? [fields as unknown as NamedFile, ...inner] : inner;
}
