/** Any columns an algorithm may declare, with rows that fit them. */
import fc from 'fast-check';
import type { Column, ColumnType, Row, Value } from '../../src/results/columns.ts';

const SCALARS: Readonly<Record<Extract<ColumnType, string>, fc.Arbitrary<Value>>> = {
  string: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constant('\uFEFFmark')),
  bytes: fc.uint8Array({ maxLength: 40 }),
  double: fc.double(),
  float: fc.float(),
  int16: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  int64: fc.maxSafeInteger(),
  boolean: fc.boolean(),
};

const scalarType = fc.constantFrom(...(Object.keys(SCALARS) as (keyof typeof SCALARS)[]));

function columnType(depth: number): fc.Arbitrary<ColumnType> {
  if (depth === 0) return scalarType;
  return fc.oneof(
    { weight: 3, arbitrary: scalarType },
    { weight: 2, arbitrary: columnType(depth - 1).map((list) => ({ list })) },
    { weight: 1, arbitrary: columnList(depth - 1).map((struct) => ({ struct })) },
  );
}

/** One to four columns, nested up to `depth` levels, with distinct names. */
export function columnList(depth: number): fc.Arbitrary<readonly Column[]> {
  return fc
    .array(fc.record({ type: columnType(depth), nullable: fc.boolean() }), { minLength: 1, maxLength: 4 })
    .map((columns) =>
      columns.map(({ type, nullable }, index) => ({
        name: `field_${index}`,
        type,
        ...(nullable ? { nullable } : {}),
        description: '',
      })),
    );
}

/** A row that fits `columns`. */
export function rowOf(columns: readonly Column[]): fc.Arbitrary<Row> {
  return fc.record(
    Object.fromEntries(columns.map((column) => [column.name, valueOf(column.type, column.nullable)])),
    {
      noNullPrototype: true,
    },
  );
}

function valueOf(type: ColumnType, nullable = false): fc.Arbitrary<Value> {
  const present = presentValue(type);
  return nullable ? fc.option(present, { nil: null }) : present;
}

function presentValue(type: ColumnType): fc.Arbitrary<Value> {
  if (typeof type === 'string') return SCALARS[type];
  if ('struct' in type) return rowOf(type.struct);
  if (type.list === 'int16') return fc.int16Array({ maxLength: 20 });
  return fc.array(valueOf(type.list), { maxLength: 5 });
}
