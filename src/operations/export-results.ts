import { selectAlgorithms } from '../algorithms/registry.ts';
import { usageError } from '../errors.ts';
import { type ExportFormat, type PresentedResult, csvHeader, exportParquet } from '../results/export.ts';
import { FAILURE_COLUMNS } from '../results/failure-columns.ts';
import { ParquetEncoder } from '../results/parquet-encoder.ts';
import type { StoredResult } from '../results/stored-result.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { encodeText } from './encode-row-group.ts';
import { exportText } from './export-text.ts';
import { standingFailures } from './failures.ts';
import { type StoredRowGroup, damageNamed, listRowGroups } from './read-results.ts';
import type { OpenRun } from './runs.ts';

/** Exports the failures that stand, instead of an algorithm's results. */
export const FAILURES = 'failures';

/**
 * All rows of one algorithm of a run, or all its standing failures, in a format for people or programs. Text comes as
 * UTF-8, whole lines at a time.
 * @throws BackfillError `not-in-run` where the run has no such algorithm
 */
export function exportResults(
  store: ObjectStore,
  run: OpenRun,
  algorithm: string,
  format: ExportFormat,
): AsyncIterable<Uint8Array> {
  if (algorithm === FAILURES) {
    const failures = readFailures(store, run);
    return format === 'parquet' ? failuresAsParquet(failures) : failuresAsText(failures, format);
  }
  const ref = run.record.settings.algorithms.find(({ name }) => name === algorithm);
  const [known] = selectAlgorithms([algorithm]);
  if (ref === undefined || known === undefined) {
    const names = run.record.settings.algorithms.map(({ name }) => name).join(', ');
    throw usageError('not-in-run', `run ${run.record.run} has no results of ${algorithm}: it has ${names}`);
  }
  const { version } = ref;
  const groups = listRowGroups(store, run, ref);
  if (format !== 'parquet') return exportText(groups, known, { version, format });
  return exportParquet({ results: readGroups(groups), algorithm, version, columns: known.columns });
}

async function* readGroups(groups: AsyncIterable<StoredRowGroup>): AsyncGenerator<StoredResult[]> {
  for await (const { key, reader, index } of groups) {
    yield await damageNamed(key, () => reader.rowGroup(index));
  }
}

async function* failuresAsText(
  failures: AsyncIterable<readonly StoredResult[]>,
  format: Exclude<ExportFormat, 'parquet'>,
): AsyncGenerator<Uint8Array> {
  let names: readonly string[] | undefined;
  for await (const shard of failures) {
    const presented = shard.map(presentFailure);
    if (names === undefined) {
      names = Object.keys(presented[0]?.fields ?? {});
      if (format === 'csv') yield Buffer.from(csvHeader(names));
    }
    yield encodeText(presented, { format, names });
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
