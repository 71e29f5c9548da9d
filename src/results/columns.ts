/**
 * The types of a result's columns: what an algorithm declares, what Parquet stores, what a row holds.
 *
 * | column type      | value in a row                     | stored in Parquet as          |
 * | ---------------- | ---------------------------------- | ----------------------------- |
 * | `string`         | string                             | BYTE_ARRAY (UTF8)             |
 * | `bytes`          | Uint8Array                         | BYTE_ARRAY                    |
 * | `double`         | number                             | DOUBLE                        |
 * | `float`          | number                             | FLOAT                         |
 * | `int16`, `int32` | number (whole)                     | INT32 (INT_16, INT_32)        |
 * | `int64`          | number (whole, up to 2^53)         | INT64                         |
 * | `boolean`        | boolean                            | BOOLEAN                       |
 * | list             | array, or Int16Array for `int16`   | LIST, three levels            |
 * | struct           | object with one value a field      | group                         |
 *
 * A column is required unless `nullable`, then null stands for a missing value.
 */
export type ColumnType =
  | 'string'
  | 'bytes'
  | 'double'
  | 'float'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'boolean'
  | { readonly list: ColumnType }
  | { readonly struct: readonly Column[] };

/** One column of a result, or one field of a struct. */
export interface Column {
  /** snake_case, with its unit as the last word where it has one: `start_s`, `bitrate_bps`. */
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable?: boolean;
  /** One line: what it holds, in which unit. */
  readonly description: string;
}

/** A value of a column; which one is said by its {@link ColumnType}. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | Int16Array
  | readonly Value[]
  | { readonly [field: string]: Value };

/** A result's own columns: what an algorithm made of one track. Holds one value for each declared column. */
export type Row = Readonly<Record<string, Value>>;

/** What a row becomes for people: plain JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [field: string]: JsonValue };

/** A presented row. */
export type JsonRow = Readonly<Record<string, JsonValue>>;
