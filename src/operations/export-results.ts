import { ALGORITHMS } from '../algorithms/registry.ts';
import { environmentError, usageError } from '../errors.ts';
import type { Column } from '../results/columns.ts';
import { type ExportFormat, type PresentedResult, csvHeader, exportParquet } from '../results/export.ts';
import { FAILURE_COLUMNS } from '../results/failure-columns.ts';
import { ParquetEncoder } from '../results/parquet-encoder.ts';
import type { StoredResult } from '../results/stored-result.ts';
import type { AlgorithmRef } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { encodeText, type TextEncoding } from './encode-row-group.ts';
import { exportText } from './export-text.ts';
import { standingFailures } from './failures.ts';
import { type StoredRowGroup, listRowGroups, readRowGroup } from './read-results.ts';
import type { OpenRun } from './runs.ts';

/** Exports the failures that stand, instead of an algorithm's results. */
export const FAILURES = 'failures';

/**
 * All rows of one algorithm of a run, or all its standing failures, in a format for people or programs. Text comes as
 * UTF-8, whole lines at a time.
 * @param options.forSpreadsheet whether CSV is made harmless for spreadsheets, which changes texts
 * @throws BackfillError `not-in-run` where the run has no such algorithm
 */
export function exportResults(
  store: ObjectStore,
  run: OpenRun,
  algorithm: string,
  format: ExportFormat,
  { forSpreadsheet = false }: { readonly forSpreadsheet?: boolean } = {},
): AsyncIterable<Uint8Array> {
  if (algorithm === FAILURES) {
    const failures = readFailures(store, run);
    return format === 'parquet'
      ? failuresAsParquet(failures)
      : failuresAsText(failures, { format, forSpreadsheet });
  }
  const ref = run.record.settings.algorithms.find(({ name }) => name === algorithm);
  if (ref === undefined) {
    const names = run.record.settings.algorithms.map(({ name }) => name).join(', ');
    throw usageError('not-in-run', `run ${run.record.run} has no results of ${algorithm}: it has ${names}`);
  }
  const groups = listRowGroups(store, run, ref);
  if (format === 'jsonl') return exportText(groups, ref, { format, forSpreadsheet });
  const alike = withSameColumns(groups, algorithm);
  return format === 'csv' ? exportText(alike, ref, { format, forSpreadsheet }) : resultsAsParquet(alike, ref);
}

/** What a table needs: one line of JSON may have other fields than the next. */
async function* withSameColumns(
  groups: AsyncIterable<StoredRowGroup>,
  algorithm: string,
): AsyncGenerator<StoredRowGroup> {
  let first: readonly Column[] | undefined;
  for await (const group of groups) {
    const { columns } = group.reader.contents;
    first ??= columns;
    if (columns !== first && JSON.stringify(columns) !== JSON.stringify(first)) {
      const [one, other] = [first, columns].map((all) => all.map(({ name }) => name).join(', '));
      throw environmentError(
        'columns-differ',
        `the files of ${algorithm}'s results make no table: some have the columns ${one}, and some ${other}`,
        { hint: 'export them with --format jsonl' },
      );
    }
    yield group;
  }
}

/** With the columns that are stored, whatever those of the algorithm are now. */
async function* resultsAsParquet(
  groups: AsyncIterable<StoredRowGroup>,
  { name, version }: AlgorithmRef,
): AsyncGenerator<Uint8Array> {
  const iterator = groups[Symbol.asyncIterator]();
  const first = await iterator.next();
  const columns =
    first.done === true
      ? (ALGORITHMS.find((known) => known.name === name && known.version === version)?.columns ?? [])
      : first.value.reader.contents.columns;
  async function* results(): AsyncGenerator<StoredResult[]> {
    if (first.done === true) return;
    yield await readRowGroup(first.value);
    const rest: AsyncIterable<StoredRowGroup> = { [Symbol.asyncIterator]: () => iterator };
    for await (const group of rest) yield await readRowGroup(group);
  }
  yield* exportParquet({ results: results(), algorithm: name, version, columns });
}

async function* failuresAsText(
  failures: AsyncIterable<readonly StoredResult[]>,
  { format, forSpreadsheet }: Omit<TextEncoding, 'names'>,
): AsyncGenerator<Uint8Array> {
  let names: readonly string[] | undefined;
  for await (const shard of failures) {
    const presented = shard.map(presentFailure);
    if (names === undefined) {
      names = Object.keys(presented[0]?.fields ?? {});
      if (format === 'csv') yield Buffer.from(csvHeader(names));
    }
    yield encodeText(presented, { format, names, forSpreadsheet });
  }
  if (names === undefined && format === 'csv') yield Buffer.from(csvHeader([]));
}

async function* failuresAsParquet(
  failures: AsyncIterable<readonly StoredResult[]>,
): AsyncGenerator<Uint8Array> {
  const encoder = new ParquetEncoder({ columns: FAILURE_COLUMNS });
  for await (const shard of failures) {
    for (const failure of shard) {
      const bytes = encoder.add(failure);
      if (bytes !== undefined) yield bytes;
    }
  }
  yield encoder.finish();
}

/** Shard by shard; none of them is empty. */
async function* readFailures(store: ObjectStore, run: OpenRun): AsyncGenerator<StoredResult[]> {
  for await (const { failures } of standingFailures(store, run)) {
    yield failures.map(({ trackId, sourceEtag, ...row }) => ({ trackId, sourceEtag, row }));
  }
}

function presentFailure({ row, ...key }: StoredResult): PresentedResult {
  const { algorithm, version, ...fields } = row as Record<string, string>;
  return { ...key, algorithm: algorithm ?? '', version: version ?? '', fields };
}
