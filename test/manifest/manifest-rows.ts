import { expect } from 'vitest';
import { RowRules } from '../../src/manifest/accept-row.ts';
import { parseCsv } from '../../src/manifest/csv.ts';
import { PLAIN } from '../../src/manifest/plain-rows.ts';
import type { ManifestReader, ManifestRow } from '../../src/manifest/read-manifest.ts';
import { hasS3Scheme } from '../../src/manifest/resolve-uri.ts';

/**
 * All rows of a manifest, one by one. What the quick way has accepted is parsed by csv-parse and judged by the rules in
 * full: they have to agree.
 */
export async function readRows(reader: ManifestReader): Promise<ManifestRow[]> {
  const rules = new RowRules(reader.header);
  const found: ManifestRow[] = [];
  for await (const batch of reader.batches()) {
    if (batch.kind === 'records') {
      found.push(...batch.rows);
      continue;
    }
    const { bytes, count, ends, verdicts, durations, withLyrics, withLocalFiles } = batch.rows;
    for (let index = 0; index < count; index += 1) {
      const judged = batch.judged.get(index);
      if (judged !== undefined) found.push(judged);
      if (verdicts[index] !== PLAIN) continue;
      expect(judged).toBeUndefined();
      const line = bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
      const verdict = rules.judge(parseCsv(line, true)[0] ?? []);
      if (verdict.kind !== 'track') throw new Error(`${line.toString()} is accepted, and ${verdict.reason}`);
      const { track } = verdict;
      expect(durations[index]).toBe(track.durationSeconds ?? Number.NaN);
      expect(withLyrics[index]).toBe(track.lyricsUri === undefined ? 0 : 1);
      const isLocal = [track.audioUri, track.lyricsUri ?? 's3://'].some((uri) => !hasS3Scheme(uri));
      expect(withLocalFiles[index]).toBe(isLocal ? 1 : 0);
      found.push({ kind: 'accepted', line: batch.firstLine + index, track });
    }
  }
  return found;
}
