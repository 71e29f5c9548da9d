import type { Algorithm } from '../algorithms/algorithm.ts';
import { csvRows, jsonLines, type PresentedResult } from '../results/export.ts';
import type { StoredResult } from '../results/stored-result.ts';

/** How results are written as text. */
export interface TextEncoding {
  readonly format: 'csv' | 'jsonl';
  /** The fields that a row of CSV has, in their order. */
  readonly names: readonly string[];
}

/** Results as they are shown. @param version Of the results, whatever that of the algorithm is now. */
export function presentResults(
  results: readonly StoredResult[],
  algorithm: Algorithm,
  version: string,
): PresentedResult[] {
  return results.map(({ trackId, sourceEtag, row }) => ({
    trackId,
    sourceEtag,
    algorithm: algorithm.name,
    version,
    fields: algorithm.present(row),
  }));
}

const UTF8 = new TextEncoder();

/** Presented results as UTF-8, in memory of its own, which can be handed to another thread. */
export function encodeText(
  presented: readonly PresentedResult[],
  { format, names }: TextEncoding,
): Uint8Array<ArrayBuffer> {
  return UTF8.encode(format === 'csv' ? csvRows(presented, names) : jsonLines(presented));
}
