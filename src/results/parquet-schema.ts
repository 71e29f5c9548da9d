/**
 * A result's columns as a Parquet schema, and back.
 *
 * The shape is the one that pyarrow, DuckDB and Spark all read: lists of three levels (`list`, `element`), and
 * converted types instead of logical ones (hyparquet-writer 0.17 writes the logical type INTEGER in a way
 * that pyarrow refuses). See https://github.com/apache/parquet-format/blob/master/LogicalTypes.md.
 */
import type { FieldRepetitionType, SchemaElement } from 'hyparquet';
import type { Column, ColumnType } from './columns.ts';

/** The first column of every file of results. */
export const TRACK_ID_COLUMN: Column = {
  name: 'track_id',
  type: 'string',
  description: 'the track, as the manifest names it',
};

/** The second column; files of before there were sources in S3 lack it. */
export const SOURCE_ETAG_COLUMN: Column = {
  name: 'source_etag',
  type: 'string',
  nullable: true,
  description: 'the ETag of the object in S3 that the row was made of; null for a local file',
};

/** What stands before an algorithm's own columns. */
export const KEY_COLUMNS: readonly Column[] = [TRACK_ID_COLUMN, SOURCE_ETAG_COLUMN];

type ScalarType = Extract<ColumnType, string>;
type PhysicalType = Required<Pick<SchemaElement, 'type'>> & Pick<SchemaElement, 'converted_type'>;

const SCALARS: Readonly<Record<ScalarType, PhysicalType>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  bytes: { type: 'BYTE_ARRAY' },
  double: { type: 'DOUBLE' },
  float: { type: 'FLOAT' },
  int16: { type: 'INT32', converted_type: 'INT_16' },
  int32: { type: 'INT32', converted_type: 'INT_32' },
  int64: { type: 'INT64', converted_type: 'INT_64' },
  boolean: { type: 'BOOLEAN' },
};

/** The schema of files that hold `columns` behind {@link KEY_COLUMNS}, flattened in depth-first order as Parquet has it. */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  const all = [...KEY_COLUMNS, ...columns];
  return [{ name: 'root', num_children: all.length }, ...all.flatMap(elementsOf)];
}

function elementsOf({ name, type, nullable }: Pick<Column, 'name' | 'type' | 'nullable'>): SchemaElement[] {
  const repetition_type: FieldRepetitionType = nullable === true ? 'OPTIONAL' : 'REQUIRED';
  if (typeof type === 'string') return [{ name, repetition_type, ...SCALARS[type] }];
  if ('struct' in type) {
    return [{ name, repetition_type, num_children: type.struct.length }, ...type.struct.flatMap(elementsOf)];
  }
  return [
    { name, repetition_type, num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...elementsOf({ name: 'element', type: type.list }),
  ];
}

/** What a schema of {@link parquetSchema} was made of, without what Parquet does not keep: descriptions. */
export interface ResultColumns {
  /** The algorithm's own. */
  readonly columns: readonly Column[];
  /** Whether there is a {@link SOURCE_ETAG_COLUMN}. */
  readonly hasSourceEtag: boolean;
}

/** @throws where the schema is none of {@link parquetSchema} */
export function columnsOfSchema(schema: readonly SchemaElement[]): ResultColumns {
  const elements = schema.values();
  const root = nextElement(elements);
  const [trackId, ...columns] = childrenOf(root, elements);
  if (trackId?.name !== TRACK_ID_COLUMN.name || trackId.type !== 'string') {
    throw new Error(`a file of results starts with ${TRACK_ID_COLUMN.name}, this one with ${trackId?.name}`);
  }
  const hasSourceEtag = columns[0]?.name === SOURCE_ETAG_COLUMN.name;
  return { columns: hasSourceEtag ? columns.slice(1) : columns, hasSourceEtag };
}

function childrenOf(parent: SchemaElement, elements: Iterator<SchemaElement>): Column[] {
  return Array.from({ length: parent.num_children ?? 0 }, () => columnOf(nextElement(elements), elements));
}

function columnOf(element: SchemaElement, elements: Iterator<SchemaElement>): Column {
  const type = typeOf(element, elements);
  const nullable = element.repetition_type === 'OPTIONAL';
  return { name: element.name, type, ...(nullable ? { nullable } : {}), description: '' };
}

function typeOf(element: SchemaElement, elements: Iterator<SchemaElement>): ColumnType {
  if (element.converted_type === 'LIST') {
    nextElement(elements);
    return { list: columnOf(nextElement(elements), elements).type };
  }
  if (element.type === undefined) return { struct: childrenOf(element, elements) };
  const scalar = (Object.keys(SCALARS) as ScalarType[]).find(
    (name) => SCALARS[name].type === element.type && SCALARS[name].converted_type === element.converted_type,
  );
  if (scalar === undefined) {
    throw new Error(`column ${element.name} has a type that results do not have: ${element.type}`);
  }
  return scalar;
}

function nextElement(elements: Iterator<SchemaElement>): SchemaElement {
  const { done, value } = elements.next();
  if (done === true) throw new Error('the schema breaks off');
  return value;
}
