import type { Anchor, Finding, Goal, SongTable } from '../harness/evaluation.ts';
import type { Reading } from '../scores/error-rate.ts';

/** The fields of a line, as its table has them. */
export type Fields = readonly string[];

/** How the lines of one language are scored: what is read of them, ours and a library's, against the truth. */
export interface LineMeasure<T extends ArrayLike<string>> {
  /** What is measured: `kana CER`. */
  readonly what: string;
  readonly truth: (fields: Fields) => T;
  readonly ours: (fields: Fields) => T;
  readonly library: (fields: Fields) => T;
  /** The library that is measured beside: `kuromoji alone`. */
  readonly libraryName: string;
  readonly rate: (readings: readonly Reading<T>[]) => number;
  readonly goal: Goal;
}

/** What lines come to: a figure, and those that are not as they should be. */
export interface ScoredLines {
  readonly finding: Finding;
  readonly misses: SongTable;
}

/** Scores the lines of one table. */
export function scoreLines<T extends ArrayLike<string>>(
  name: string,
  lines: readonly Fields[],
  measure: LineMeasure<T>,
): ScoredLines {
  const readings = lines.map((fields): Reading<T> => [measure.ours(fields), measure.truth(fields)]);
  const libraryReadings = lines.map((fields): Reading<T> => [measure.library(fields), measure.truth(fields)]);
  const anchor: Anchor = { method: measure.libraryName, value: measure.rate(libraryReadings) };
  return {
    finding: {
      what: `${name}: ${measure.what}, ${lines.length} lines`,
      value: measure.rate(readings),
      unit: '%',
      digits: 2,
      anchor,
      goal: measure.goal,
    },
    misses: missTable(
      name,
      lines.map(([text = ''], index) => [text, ...(readings[index] as Reading<T>)] as const),
    ),
  };
}

/** The lines that were not read as they should be. */
export function missTable<T extends ArrayLike<string>>(
  name: string,
  lines: readonly (readonly [text: string, found: T, truth: T])[],
): SongTable {
  const missed = lines.filter(([, found, truth]) => shown(found) !== shown(truth));
  return {
    title: `${name}: lines missed`,
    columns: [{ name: 'found' }, { name: 'truth' }],
    songs: missed.map(([text, found, truth]) => ({
      name: text,
      values: { found: shown(found), truth: shown(truth) },
    })),
    totals: [],
  };
}

/** Per cent of lines read as they should be. */
export function shareRight(readings: readonly Reading<string>[]): number {
  return (100 * readings.filter(([found, truth]) => found === truth).length) / readings.length;
}

function shown(reading: ArrayLike<string>): string {
  return typeof reading === 'string' ? reading : Array.from(reading).join(' ');
}
