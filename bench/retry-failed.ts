/** Planning a retry of failures that are strewn over all shards of a large run. */
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUN_PLAN, planKey } from '../src/run/keys.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { type CommandFigures, timeCommand } from './harness/command.ts';
import { median } from './harness/paired.ts';
import { FAILED_RUN, storeFailedRun } from './results/failed-run.ts';

const PROGRAM = fileURLToPath(new URL('results/plan-retry-program.ts', import.meta.url));
const SHARDS = 60_000;
const ROWS_PER_SHARD = 1000;
const FAILURES_PER_SHARD = 10;
/** Each takes most of a minute. */
const MOST_ROUNDS = 3;

export const retryFailed: Benchmark = {
  name: 'retry-failed',
  summary: 'planning a retry of 600,000 failures among 60 million tracks, ten in every shard',
  async run({ scratch, rounds, scale, say }) {
    const shards = Math.max(1, Math.round(SHARDS * scale));
    say(`storing a run of ${shards} shards`);
    const store = join(scratch, 'store');
    await storeFailedRun(store, {
      shards,
      rowsPerShard: ROWS_PER_SHARD,
      failuresPerShard: FAILURES_PER_SHARD,
    });
    const plans = dirname(join(store, planKey(FAILED_RUN, RUN_PLAN)));
    const failures = shards * FAILURES_PER_SHARD;
    const figures: CommandFigures[] = [];
    for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round += 1) {
      say(`round ${round + 1}`);
      const timed = await timeCommand({
        program: process.execPath,
        arguments: [PROGRAM, store, FAILED_RUN],
      });
      const planned = JSON.parse(timed.stdout) as { readonly tracks: number };
      if (planned.tracks !== failures) throw new Error(`${planned.tracks} of ${failures} were planned`);
      figures.push(timed);
      for (const name of await readdir(plans)) {
        if (name.startsWith('retry-')) await rm(join(plans, name), { recursive: true });
      }
    }
    const seconds = median(figures.map(({ wallSeconds }) => wallSeconds));
    const cpuSeconds = median(figures.map((one) => one.cpuSeconds));
    const peakBytes = Math.max(...figures.map((one) => one.peakBytes));
    return {
      findings: [
        {
          what: `${failures} failures among ${shards * ROWS_PER_SHARD} tracks, seconds`,
          ours: `${seconds.toFixed(1)} s, of CPU ${cpuSeconds.toFixed(1)} s`,
          value: seconds,
          goal: { most: 60 },
        },
        {
          what: 'peak memory, MB',
          ours: `${Math.round(peakBytes / 1e6)} MB`,
          value: peakBytes / 1e6,
          goal: { most: 1000 },
        },
      ],
      notes: [
        'from the start of a process until the plan of the retry is stored: its work is not begun',
        'a folder store: over S3 each file of failures is a request as well',
        `pieces of the plan and files of failures are those of 300 shards, over and over`,
      ],
    };
  },
};
