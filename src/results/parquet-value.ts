/**
 * Values of rows as hyparquet takes and gives them: arrays instead of typed arrays, BigInt for INT64. What goes in is
 * checked once more, since Parquet would take a wrong value and store another.
 */
import { INTEGER_LIMITS } from './check-row.ts';
import type { Column, ColumnType, Row, Value } from './columns.ts';

/** A value on the Parquet side. */
export type ParquetValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly ParquetValue[]
  | { readonly [field: string]: ParquetValue };

/**
 * One column's value of a row, ready to be written.
 * @throws TypeError naming the column, where the value is not of its type
 */
export function toParquet(column: Column, row: Row): ParquetValue {
  return encode(column.type, column.nullable === true, row[column.name], column.name);
}

function encode(type: ColumnType, isNullable: boolean, value: Value | undefined, path: string): ParquetValue {
  if (value === null || value === undefined) {
    if (isNullable) return null;
    throw new TypeError(`${path} is missing, and may not be`);
  }
  if (typeof type === 'string') return encodeScalar(type, value, path);
  if ('struct' in type) {
    if (!isStruct(value)) throw wrongType(path, 'a struct', value);
    return Object.fromEntries(
      type.struct.map((field) => [
        field.name,
        encode(field.type, field.nullable === true, value[field.name], `${path}.${field.name}`),
      ]),
    );
  }
  // Nothing to check in a list that can hold nothing else.
  if (value instanceof Int16Array && type.list === 'int16') return Array.from(value);
  if (!Array.isArray(value)) throw wrongType(path, 'a list', value);
  return value.map((element: Value) => encode(type.list, false, element, `${path}[]`));
}

function encodeScalar(type: Extract<ColumnType, string>, value: Value, path: string): ParquetValue {
  switch (type) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(path, 'a string', value);
      return value;
    case 'bytes':
      if (!(value instanceof Uint8Array)) throw wrongType(path, 'bytes', value);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(path, 'a boolean', value);
      return value;
    case 'double':
    case 'float':
      if (typeof value !== 'number') throw wrongType(path, 'a number', value);
      return value;
    default: {
      const limit = INTEGER_LIMITS[type];
      if (!Number.isInteger(value) || (value as number) < -limit || (value as number) >= limit) {
        throw wrongType(path, `a whole number of type ${type}`, value);
      }
      return type === 'int64' ? BigInt(value as number) : (value as number);
    }
  }
}

/** Makes a value of a row out of what Parquet holds. */
export type ValueDecoder = (value: ParquetValue | undefined) => Value;

/**
 * The inverse of {@link toParquet} for one column; undefined where values come out of Parquet as they stood in their
 * rows, so that nothing is to be done for each of millions.
 */
export function valueDecoder({
  type,
  nullable,
}: Pick<Column, 'type' | 'nullable'>): ValueDecoder | undefined {
  const decode = presentValueDecoder(type);
  if (nullable !== true) return decode;
  return (value) => {
    if (value === null || value === undefined) return null;
    return decode === undefined ? (value as Value) : decode(value);
  };
}

function presentValueDecoder(type: ColumnType): ValueDecoder | undefined {
  if (type === 'int64') return Number;
  if (typeof type === 'string') return undefined;
  if ('struct' in type) {
    const fields = type.struct.map((field) => ({ name: field.name, decode: valueDecoder(field) }));
    if (fields.every(({ decode }) => decode === undefined)) return undefined;
    return (value) => {
      const stored = value as Readonly<Record<string, ParquetValue>>;
      return Object.fromEntries(
        fields.map(({ name, decode }) => [
          name,
          decode === undefined ? (stored[name] as Value) : decode(stored[name]),
        ]),
      );
    };
  }
  if (type.list === 'int16') return (value) => Int16Array.from(value as readonly number[]);
  const decode = presentValueDecoder(type.list);
  if (decode === undefined) return undefined;
  return (value) => (value as readonly ParquetValue[]).map(decode);
}

/** Roughly the memory, in bytes, that a value takes while it waits to be written. */
export function estimatedBytes(value: ParquetValue): number {
  if (typeof value === 'string') return value.length + LEAF_BYTES;
  if (value instanceof Uint8Array) return value.byteLength + LEAF_BYTES;
  if (Array.isArray(value)) {
    const [first] = value as readonly ParquetValue[];
    if (typeof first === 'number') return value.length * LEAF_BYTES;
    return (value as readonly ParquetValue[]).reduce<number>(
      (sum, element) => sum + estimatedBytes(element),
      0,
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).reduce<number>((sum, field) => sum + estimatedBytes(field), 0);
  }
  return LEAF_BYTES;
}

/** A number in an array. */
const LEAF_BYTES = 8;

function isStruct(value: Value): value is { readonly [field: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function wrongType(path: string, expected: string, value: unknown): TypeError {
  const shown = typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
  return new TypeError(`${path} is ${shown} where ${expected} is expected`);
}
