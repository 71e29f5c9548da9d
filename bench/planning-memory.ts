import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, Finding } from './harness/benchmark.ts';
import { timeCommand } from './harness/command.ts';
import { backfill } from './harness/product.ts';
import { figure } from './harness/report.ts';
import { writeManifest } from './planning/catalogue-manifest.ts';
import { ANALYSES } from './planning/sizes.ts';

const MILLIONS = [1, 5, 10, 20, 60];
/** Of src/manifest/seen-ids.ts: two words an id, in tables that are 72 % full where the manifest's size is known. */
const BYTES_AN_ID = 8 / 0.72;

export const planningMemory: Benchmark = {
  name: 'planning-memory',
  summary: 'peak memory of backfill plan, up to 60 M rows (needs 6 GB of disk)',
  async run({ scratch, scale, say }) {
    const manifest = join(scratch, 'manifest.csv');
    const findings: Finding[] = [];
    let written = 0;
    for (const millions of MILLIONS) {
      const rows = Math.round(millions * 1e6 * scale);
      say(`${rows.toLocaleString('en')} rows`);
      await writeManifest(manifest, written, rows);
      written = rows;
      const plan = backfill(['plan', manifest, '-a', ANALYSES.join(','), '--executor', 'batch', '--json']);
      const { peakBytes, wallSeconds } = await timeCommand(plan);
      const ids = rows * BYTES_AN_ID;
      findings.push({
        what: `peak of ${figure(millions * scale)} M rows, MB`,
        ours: `${figure(peakBytes / 1e6)} MB, ids ${figure(ids / 1e6)}, rest ${figure((peakBytes - ids) / 1e6)}; ${figure(wallSeconds)} s`,
        value: peakBytes / 1e6,
        ...(millions === 60 ? { goal: { most: 1000 } } : {}),
      });
    }
    await rm(manifest);
    return { findings };
  },
};
