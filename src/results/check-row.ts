/**
 * Whether a row can be stored, and will be read back as it was: asked where the row is made, so that what an algorithm
 * returns wrongly fails its own track, and not the file that all tracks of a shard share.
 */
import type { Column, ColumnType, Row, Value } from './columns.ts';

/** Of one track and algorithm. The longest of ours is the melody of four hours, 3 MB. */
const MAX_ROW_BYTES = 64 * 1024 * 1024;

/** A whole number is at least minus its limit, and less than it. */
export const INTEGER_LIMITS: Readonly<Record<'int16' | 'int32' | 'int64', number>> = {
  int16: 2 ** 15,
  int32: 2 ** 31,
  int64: 2 ** 53,
};

/**
 * @param row whatever an algorithm has returned
 * @throws TypeError naming the column, where a value is missing, is not of its column's type, or is too large
 */
export function checkRow(columns: readonly Column[], row: unknown): asserts row is Row {
  const bytes = checkStruct(columns, row, '');
  if (bytes > MAX_ROW_BYTES) {
    throw new TypeError(`the row has ${bytes} bytes, and at most ${MAX_ROW_BYTES} can be stored`);
  }
}

/** @returns about how many bytes the fields take */
function checkStruct(fields: readonly Column[], value: unknown, path: string): number {
  if (!isStruct(value)) throw wrongType(path === '' ? 'the row' : path, 'a struct', value);
  let bytes = 0;
  for (const field of fields) {
    const place = path === '' ? field.name : `${path}.${field.name}`;
    bytes += checkValue(field, value[field.name], place);
  }
  for (const name of Object.keys(value)) {
    if (!fields.some((field) => field.name === name)) {
      throw new TypeError(`${path === '' ? name : `${path}.${name}`} is no column of the algorithm`);
    }
  }
  return bytes;
}

function checkValue(
  { type, nullable }: Pick<Column, 'type' | 'nullable'>,
  value: unknown,
  path: string,
): number {
  if (value === null || value === undefined) {
    if (nullable === true) return 1;
    throw new TypeError(`${path} is missing, and may not be`);
  }
  if (typeof type === 'string') return checkScalar(type, value, path);
  if ('struct' in type) return checkStruct(type.struct, value, path);
  // Nothing to check in a list that can hold nothing else.
  if (value instanceof Int16Array && type.list === 'int16') return value.byteLength;
  if (!Array.isArray(value)) throw wrongType(path, 'a list', value);
  let bytes = 0;
  const place = `${path}[]`;
  for (const element of value as readonly unknown[]) bytes += checkValue({ type: type.list }, element, place);
  return bytes;
}

function checkScalar(type: Extract<ColumnType, string>, value: unknown, path: string): number {
  switch (type) {
    case 'string':
      if (typeof value !== 'string') throw wrongType(path, 'a string', value);
      if (!value.isWellFormed()) throw new TypeError(`${path} holds half a surrogate pair, which is no text`);
      return value.length;
    case 'bytes':
      if (!(value instanceof Uint8Array)) throw wrongType(path, 'bytes', value);
      return value.byteLength;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(path, 'a boolean', value);
      return 1;
    case 'double':
    case 'float':
      if (!isFiniteNumber(value)) throw wrongType(path, 'a finite number', value);
      if (type === 'float' && !isFiniteNumber(Math.fround(value))) {
        throw wrongType(path, 'a number of single precision', value);
      }
      return 8;
    default: {
      const limit = INTEGER_LIMITS[type];
      if (!Number.isInteger(value) || (value as number) < -limit || (value as number) >= limit) {
        throw wrongType(path, `a whole number of type ${type}`, value);
      }
      return 8;
    }
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isStruct(value: unknown): value is Readonly<Record<string, Value | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function wrongType(path: string, expected: string, value: unknown): TypeError {
  const shown = typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
  return new TypeError(`${path} is ${shown} where ${expected} is expected`);
}
