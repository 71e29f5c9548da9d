/** `results export` against DuckDB's COPY of the same files of results. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext, Finding } from './harness/benchmark.ts';
import { type CommandFigures, type TimedCommand, requireProgram, timeCommand } from './harness/command.ts';
import { median, medianRatio, pairedRounds } from './harness/paired.ts';
import { backfill } from './harness/product.ts';
import type { ROW_MAKERS } from './results/result-rows.ts';
import { type StoredResults, storeResults } from './results/stored-results.ts';

/** What a shard of a quarter of an hour holds. */
const ROWS_PER_SHARD = 1000;

interface Case {
  readonly algorithm: keyof typeof ROW_MAKERS;
  readonly rows: number;
  readonly format: 'csv' | 'jsonl' | 'parquet';
  /** What DuckDB selects, and what it writes. */
  readonly select: string;
  readonly copyFormat: string;
  readonly goal: boolean;
}

/** DuckDB writes a blob byte by byte as text; base64, which ours is, is what it is asked for as well. */
const FINGERPRINT = '* REPLACE (base64(fingerprint) AS fingerprint)';

const CASES: readonly Case[] = [
  { algorithm: 'chorus', rows: 1e6, format: 'csv', select: '*', copyFormat: 'csv', goal: true },
  { algorithm: 'chorus', rows: 1e6, format: 'jsonl', select: '*', copyFormat: 'json', goal: true },
  {
    algorithm: 'chorus',
    rows: 1e6,
    format: 'parquet',
    select: '*',
    copyFormat: 'parquet, COMPRESSION zstd',
    goal: false,
  },
  {
    algorithm: 'fingerprint',
    rows: 2e5,
    format: 'csv',
    select: FINGERPRINT,
    copyFormat: 'csv',
    goal: true,
  },
  {
    algorithm: 'fingerprint',
    rows: 2e5,
    format: 'jsonl',
    select: FINGERPRINT,
    copyFormat: 'json',
    goal: true,
  },
];

export const exportBenchmark: Benchmark = {
  name: 'export',
  summary: "`results export` of a run's results against DuckDB's COPY of the same Parquet",
  async run(context) {
    const duckdb = requireProgram('duckdb', 'https://duckdb.org/install');
    const findings: Finding[] = [];
    const notes = [
      `files of ${ROWS_PER_SHARD} rows in a folder store, output to a file of the same disk`,
      "DuckDB with two threads, and with one; whole commands, start included; both keep the files' order",
    ];
    for (const algorithm of ['chorus', 'fingerprint'] as const) {
      const cases = CASES.filter((one) => one.algorithm === algorithm);
      const rows =
        Math.max(1, Math.round(((cases[0]?.rows ?? 0) * context.scale) / ROWS_PER_SHARD)) * ROWS_PER_SHARD;
      context.say(`storing ${rows} results of ${algorithm}`);
      const folder = join(context.scratch, algorithm);
      const results = await storeResults({
        folder,
        algorithm,
        shards: rows / ROWS_PER_SHARD,
        rowsPerShard: ROWS_PER_SHARD,
      });
      notes.push(`${algorithm}: ${rows} rows in ${megabytes(results.bytes)} of Parquet`);
      for (const one of cases) findings.push(...(await compare(context, duckdb, results, one, rows)));
      await rm(folder, { recursive: true });
    }
    return { findings, notes };
  },
};

async function compare(
  context: BenchmarkContext,
  duckdb: string,
  results: StoredResults,
  { algorithm, format, select, copyFormat, goal }: Case,
  rows: number,
): Promise<Finding[]> {
  const output = join(context.scratch, 'exported');
  const copy = (threads: number): TimedCommand => ({
    program: duckdb,
    arguments: [
      '-c',
      `SET threads = ${threads}; COPY (SELECT ${select} FROM '${results.pattern}') TO '${output}' (FORMAT ${copyFormat})`,
    ],
  });
  const args = ['results', 'export', results.run, '--store', results.store];
  const ours = backfill([...args, '--algorithm', algorithm, '--format', format, '-o', output]);
  const timed = async (command: TimedCommand): Promise<CommandFigures & { bytes: number }> => {
    const figures = await timeCommand(command);
    const { size: bytes } = await stat(output);
    await rm(output);
    return { ...figures, bytes };
  };
  context.say(`${algorithm} as ${format}`);
  const alone: CommandFigures[] = [];
  const rounds = await pairedRounds({
    rounds: context.rounds,
    warmUp: true,
    ours: () => timed(ours),
    peer: async () => {
      alone.push(await timed(copy(1)));
      return timed(copy(2));
    },
  });
  const rate = ({ wallSeconds }: CommandFigures): number => rows / wallSeconds;
  const ratio = medianRatio(rounds, rate);
  const shown = (figures: readonly CommandFigures[]): string =>
    `${Math.round(median(figures.map(rate))).toLocaleString('en')} rows/s`;
  const memory = Math.max(...rounds.ours.map(({ peakBytes }) => peakBytes));
  const [oursBytes, peerBytes] = [rounds.ours[0]?.bytes ?? 0, rounds.peer[0]?.bytes ?? 0];
  return [
    {
      what: `${algorithm} as ${format}, DuckDB with 2 threads (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`,
      ours: `${shown(rounds.ours)}, ${megabytes(oursBytes)}`,
      peer: `${shown(rounds.peer)}, ${megabytes(peerBytes)}`,
      value: ratio.median,
      ...(goal ? { goal: { least: 0.5 } } : {}),
    },
    {
      what: `  DuckDB with 1 thread`,
      ours: shown(rounds.ours),
      peer: shown(alone),
      value: median(rounds.ours.map(rate)) / median(alone.map(rate)),
    },
    {
      what: '  CPU seconds; peak memory of ours',
      ours: `${median(rounds.ours.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1)} s, ${megabytes(memory)}`,
      peer: `${median(rounds.peer.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1)} s`,
      value: medianRatio(rounds, ({ cpuSeconds }) => cpuSeconds).median,
    },
  ];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
