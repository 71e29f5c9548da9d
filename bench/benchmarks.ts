import type { Benchmark } from './harness/benchmark.ts';

/** All benchmarks, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [];
