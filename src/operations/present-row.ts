import { ALGORITHMS } from '../algorithms/registry.ts';
import type { JsonRow, JsonValue, Row, Value } from '../results/columns.ts';
import type { AlgorithmRef } from '../run/records.ts';

/**
 * A stored row as people read it: by its algorithm, if that is here in the row's own version, and the row has the
 * columns that it declares. What another version stored means what that version meant: such a row is shown as it
 * stands, value by value.
 */
export function presentRow({ name, version }: AlgorithmRef, row: Row): JsonRow {
  const installed = ALGORITHMS.find((algorithm) => algorithm.name === name);
  if (installed === undefined || installed.version !== version) return plainRow(row);
  const stored = Object.keys(row);
  const isOurs =
    stored.length === installed.columns.length && installed.columns.every((column) => column.name in row);
  return isOurs ? installed.present(row) : plainRow(row);
}

/** Bytes as base64, and numbers that JSON does not have by their names; all else is JSON as it is. */
function plainRow(row: Row): JsonRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: Value): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (value instanceof Int16Array) return Array.from(value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(plainValue);
  return plainRow(value as Row);
}
