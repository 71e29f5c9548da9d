import { csvRows, jsonLines, type PresentedResult } from '../results/export.ts';
import type { StoredResult } from '../results/stored-result.ts';
import type { AlgorithmRef } from '../run/records.ts';
import { presentRow } from './present-row.ts';

/** How results are written as text. */
export interface TextEncoding {
  readonly format: 'csv' | 'jsonl';
  /** The fields that a row of CSV has, in their order. */
  readonly names: readonly string[];
  /** Whether CSV is made harmless for spreadsheets, which changes texts. */
  readonly forSpreadsheet: boolean;
}

/** Results as they are shown. @param algorithm What they are of, in the version that made them. */
export function presentResults(results: readonly StoredResult[], algorithm: AlgorithmRef): PresentedResult[] {
  return results.map(({ trackId, sourceEtag, row }) => ({
    trackId,
    sourceEtag,
    algorithm: algorithm.name,
    version: algorithm.version,
    fields: presentRow(algorithm, row),
  }));
}

const UTF8 = new TextEncoder();

/** Presented results as UTF-8, in memory of its own, which can be handed to another thread. */
export function encodeText(
  presented: readonly PresentedResult[],
  { format, names, forSpreadsheet }: TextEncoding,
): Uint8Array<ArrayBuffer> {
  return UTF8.encode(format === 'csv' ? csvRows(presented, names, forSpreadsheet) : jsonLines(presented));
}
