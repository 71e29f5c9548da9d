import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { medianRatio, pairedRounds } from '../harness/paired.ts';
import { writeManifest } from '../planning/catalogue-manifest.ts';
import { gzipSize, planOf, planSize } from '../planning/sizes.ts';
import { allocatedBytes } from './allocated-bytes.ts';
import type { Check } from './check.ts';

const ROWS = 300_000;
/** A third off what was measured: less than that is a machine's mood. */
const CPU_OF_CSV_PARSE = 2;

export const PLANNING_CHECKS: readonly Check[] = [
  {
    name: 'planning: bytes of the plan, of gzip -6 of its manifest',
    limit: { most: 1 },
    reason: 'the goal: a plan is smaller than its manifest by gzip -6',
    look: 'src/plan/packed-plan.ts: what is stored of a row, and how shards are compressed',
    async measure(scratch) {
      const manifest = await manifestOf(scratch);
      return (await planSize(manifest)) / (await gzipSize(manifest));
    },
  },
  {
    name: 'planning: heap bytes allocated a row',
    limit: { most: 300 },
    reason:
      'it was 215 when the limit was set, within a few per cent; a string for each cell would be 500 more',
    look: 'src/manifest/plain-rows.ts: a row that is plainly good takes no string but its id, and no object',
    async measure(scratch) {
      const manifest = await manifestOf(scratch);
      return (await allocatedBytes(async () => (await planOf(manifest)).discard())) / ROWS;
    },
  },
  {
    name: 'planning: rows a CPU second, of csv-parse only reading them',
    limit: { least: CPU_OF_CSV_PARSE },
    reason:
      'it was 3.0 when the limit was set; CPU of all threads, so the compression of the plan counts too',
    look: 'node --cpu-prof bin/backfill.js plan; npm run bench -- planning',
    async measure(scratch) {
      const manifest = await manifestOf(scratch);
      const sides = await pairedRounds({
        rounds: 3,
        warmUp: true,
        ours: () => cpuSeconds(async () => (await planOf(manifest)).discard()),
        peer: () => cpuSeconds(() => readOnly(manifest)),
      });
      return 1 / medianRatio(sides, (seconds) => seconds).median;
    },
  },
];

async function manifestOf(scratch: string): Promise<string> {
  const path = join(scratch, 'manifest.csv');
  await writeManifest(path, 0, ROWS);
  return path;
}

async function readOnly(manifest: string): Promise<void> {
  for await (const _ of createReadStream(manifest, { highWaterMark: 256 * 1024 }).pipe(parse()));
}

async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
