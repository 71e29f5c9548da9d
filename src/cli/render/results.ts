import type { ResultsSummary } from '../../operations/read-results.ts';
import { bytes, count } from './quantities.ts';
import { table } from './table.ts';

/** What results there are, for people. */
export function resultsText(summaries: readonly ResultsSummary[]): string {
  return table(
    [
      ['algorithm', 'version', 'files', 'rows', 'size', 'where'],
      ...summaries.map((summary) => [
        summary.algorithm,
        summary.version,
        count(summary.files),
        count(summary.rows),
        bytes(summary.bytes),
        summary.uri,
      ]),
    ],
    [2, 3, 4],
  );
}
