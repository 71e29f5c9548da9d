import type { Benchmark } from './harness/benchmark.ts';
import { catalogueCost } from './catalogue-cost.ts';
import { exportBenchmark } from './export.ts';
import { fingerprintAlone } from './fingerprint.ts';
import { oneDecode } from './one-decode.ts';
import { planning } from './planning.ts';
import { planningMemory } from './planning-memory.ts';
import { retryFailed } from './retry-failed.ts';
import { romanisationSpeed } from './romanisation.ts';
import { status } from './status.ts';
import { transcodeLadder } from './transcode.ts';
import { workerOverhead } from './worker-overhead.ts';
import { prefetch } from './prefetch.ts';

/** All benchmarks, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  planning,
  planningMemory,
  workerOverhead,
  exportBenchmark,
  status,
  retryFailed,
  prefetch,
  romanisationSpeed,
  fingerprintAlone,
  oneDecode,
  transcodeLadder,
  catalogueCost,
];
