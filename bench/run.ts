/**
 * Runs benchmarks: `npm run bench`, or `npm run bench -- NAME...`.
 *
 *     --list              what there is
 *     --rounds N          how often both sides run (5)
 *     --scale F           a trial with F times the work (1)
 *     --recordings DIR    real recordings: a folder with a manifest.csv, for the benchmarks that need them
 *
 * Tables go to stdout, each with a line of JSON behind it; what is going on goes to stderr. Exit 0 whatever was
 * measured: figures are for reading. 1 where a benchmark could not be run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Benchmark, Unavailable } from './harness/benchmark.ts';
import { reportLine, reportText } from './harness/report.ts';
import { BENCHMARKS } from './benchmarks.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    recordings: { type: 'string' },
  },
});
const unknown = positionals.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown !== undefined) {
  process.stderr.write(`there is no benchmark ${unknown}: npm run bench -- --list names them\n`);
  process.exit(2);
}
if (values.list) {
  for (const { name, summary } of BENCHMARKS) process.stdout.write(`${name.padEnd(16)} ${summary}\n`);
} else {
  for (const benchmark of BENCHMARKS) {
    if (positionals.length === 0 || positionals.includes(benchmark.name)) await measure(benchmark);
  }
}

async function measure(benchmark: Benchmark): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), `backfill-bench-${benchmark.name}-`));
  const [rounds, scale] = [Number(values.rounds), Number(values.scale)];
  const say = (line: string): void => void process.stderr.write(`${benchmark.name}: ${line}\n`);
  const recordings = values.recordings === undefined ? undefined : resolve(values.recordings);
  try {
    const report = await benchmark.run({ scratch, rounds, scale, recordings, say });
    process.stdout.write(`${reportText(benchmark, report)}\n`);
    process.stdout.write(`${reportLine(benchmark, report, { rounds, scale, date: new Date() })}\n\n`);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    process.stderr.write(`${benchmark.name} can not be run here: ${error.message}\n`);
    process.exitCode = 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
