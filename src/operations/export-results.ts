import { selectAlgorithms } from '../algorithms/registry.ts';
import { usageError } from '../errors.ts';
import type { JsonRow, Row } from '../results/columns.ts';
import {
  type ExportFormat,
  type PresentedResult,
  exportCsv,
  exportJsonLines,
  exportParquet,
} from '../results/export.ts';
import { ParquetEncoder } from '../results/parquet-encoder.ts';
import { FAILURE_COLUMNS } from '../results/failure-columns.ts';
import type { StoredResult } from '../results/stored-result.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { standingFailures } from './failures.ts';
import { readResults } from './read-results.ts';
import type { OpenRun } from './runs.ts';

/** Exports the failures that stand, instead of an algorithm's results. */
export const FAILURES = 'failures';

/**
 * All rows of one algorithm of a run, or all its standing failures, in a format for people or programs.
 * @throws BackfillError `not-in-run` where the run has no such algorithm
 */
export function exportResults(
  store: ObjectStore,
  run: OpenRun,
  algorithm: string,
  format: ExportFormat,
): AsyncIterable<string | Uint8Array> {
  if (algorithm === FAILURES) return exportFailures(store, run, format);
  const ref = run.record.settings.algorithms.find(({ name }) => name === algorithm);
  const [known] = selectAlgorithms([algorithm]);
  if (ref === undefined || known === undefined) {
    const names = run.record.settings.algorithms.map(({ name }) => name).join(', ');
    throw usageError('not-in-run', `run ${run.record.run} has no results of ${algorithm}: it has ${names}`);
  }
  const { version } = ref;
  const results = readResults(store, run.record.run, ref);
  if (format === 'parquet') return exportParquet({ results, algorithm, version, columns: known.columns });
  const presented = presentAll(results, algorithm, version, (row) => known.present(row));
  return format === 'csv' ? exportCsv(presented) : exportJsonLines(presented);
}

async function* presentAll(
  results: AsyncIterable<StoredResult>,
  algorithm: string,
  version: string,
  present: (row: Row) => JsonRow,
): AsyncGenerator<PresentedResult> {
  for await (const { row, ...key } of results) yield { ...key, algorithm, version, fields: present(row) };
}

async function* exportFailures(
  store: ObjectStore,
  run: OpenRun,
  format: ExportFormat,
): AsyncGenerator<string | Uint8Array> {
  if (format !== 'parquet') {
    const presented = presentFailures(readFailures(store, run));
    yield* format === 'csv' ? exportCsv(presented) : exportJsonLines(presented);
    return;
  }

  const encoder = new ParquetEncoder({ columns: FAILURE_COLUMNS });
  for await (const failure of readFailures(store, run)) {
    const bytes = encoder.add(failure);
    if (bytes !== undefined) yield bytes;
  }
  yield encoder.finish();
}

async function* readFailures(store: ObjectStore, run: OpenRun): AsyncGenerator<StoredResult> {
  for await (const { failures } of standingFailures(store, run)) {
    for (const { trackId, sourceEtag, ...row } of failures) yield { trackId, sourceEtag, row };
  }
}

async function* presentFailures(failures: AsyncIterable<StoredResult>): AsyncGenerator<PresentedResult> {
  for await (const { row, ...key } of failures) {
    const { algorithm, version, ...fields } = row as Record<string, string>;
    yield { ...key, algorithm: algorithm ?? '', version: version ?? '', fields };
  }
}
