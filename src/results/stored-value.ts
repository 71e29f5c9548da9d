/** Values of rows as JSON and back, exactly: for parts, which are not read by anyone but backfill. */
import type { Column, ColumnType, JsonValue, Row, Value } from './columns.ts';

/** A row as JSON: bytes and lists of 16-bit integers become base64. */
export function encodeRow(columns: readonly Column[], row: Row): Record<string, JsonValue> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, encodeValue(type, row[name] ?? null)]));
}

/** The inverse of {@link encodeRow}. */
export function decodeRow(columns: readonly Column[], json: Readonly<Record<string, JsonValue>>): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, decodeValue(type, json[name] ?? null)]));
}

const MINUS_ZERO = '-0';

function encodeValue(type: ColumnType, value: Value): JsonValue {
  if (value === null) return null;
  if (type === 'bytes') return base64Of(value as Uint8Array);
  // JSON has no minus zero.
  if (Object.is(value, -0)) return MINUS_ZERO;
  if (typeof type === 'string') return value as string | number | boolean;
  if ('struct' in type) return encodeRow(type.struct, value as Row);
  if (type.list === 'int16') return base64Of(Int16Array.from(value as readonly number[]));
  return (value as readonly Value[]).map((element) => encodeValue(type.list, element));
}

function decodeValue(type: ColumnType, json: JsonValue): Value {
  if (json === null) return null;
  if (type === 'bytes') return Uint8Array.from(Buffer.from(json as string, 'base64'));
  if (type !== 'string' && json === MINUS_ZERO) return -0;
  if (typeof type === 'string') return json;
  if ('struct' in type) return decodeRow(type.struct, json as Record<string, JsonValue>);
  if (type.list === 'int16')
    return new Int16Array(Uint8Array.from(Buffer.from(json as string, 'base64')).buffer);
  return (json as readonly JsonValue[]).map((element) => decodeValue(type.list, element));
}

function base64Of(array: Uint8Array | Int16Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
}
