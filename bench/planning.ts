import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Benchmark, type Finding, Unavailable } from './harness/benchmark.ts';
import { type CommandFigures, requireProgram, timeCommand } from './harness/command.ts';
import { medianRatio, pairedRounds } from './harness/paired.ts';
import { backfill } from './harness/product.ts';
import { figure } from './harness/report.ts';
import { writeManifest } from './planning/catalogue-manifest.ts';
import { ANALYSES, gzipSize, planSize } from './planning/sizes.ts';

const ROWS = 10_000_000;
const CSV_PARSE_ROWS = fileURLToPath(new URL('planning/csv-parse-rows.ts', import.meta.url));

export const planning: Benchmark = {
  name: 'planning',
  summary: 'backfill plan of 10 M rows of 100 bytes, against csv-parse only reading them, and DuckDB',
  async run({ scratch, rounds, scale, say }) {
    const rows = Math.round(ROWS * scale);
    const manifest = join(scratch, 'manifest.csv');
    say(`writing ${rows.toLocaleString('en')} rows`);
    await writeManifest(manifest, 0, rows);
    const plan = (): Promise<CommandFigures> =>
      timeCommand(backfill(['plan', manifest, '-a', ANALYSES.join(','), '--executor', 'batch', '--json']));
    const peers: {
      readonly name: string;
      readonly run: () => Promise<CommandFigures>;
      readonly goal?: Finding['goal'];
    }[] = [
      {
        name: 'csv-parse',
        run: () => timeCommand({ program: process.execPath, arguments: [CSV_PARSE_ROWS, manifest] }),
        goal: { least: 5 },
      },
    ];
    const notes = [];
    try {
      const duckdb = requireProgram('duckdb', 'pip install duckdb-cli');
      peers.push({
        name: 'DuckDB read_csv, 2 threads',
        run: () => timeCommand({ program: duckdb, arguments: ['-c', aggregate(manifest)] }),
      });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      notes.push(error.message);
    }
    const findings: Finding[] = [];
    let peakBytes = 0;
    for (const { name, run, goal } of peers) {
      say(`${rounds} rounds beside ${name}`);
      const sides = await pairedRounds({ rounds, ours: plan, peer: run });
      const rate = ({ wallSeconds }: CommandFigures): number => rows / wallSeconds;
      const ratio = medianRatio(sides, rate);
      const cpu = medianRatio(sides, ({ cpuSeconds }) => cpuSeconds);
      const shown = (figures: readonly CommandFigures[]): string =>
        `${figure(figures.map(rate).toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0)} rows/s`;
      findings.push({
        what: `rows/s beside ${name}`,
        ours: shown(sides.ours),
        peer: shown(sides.peer),
        value: ratio.median,
        ...(goal === undefined ? {} : { goal }),
      });
      notes.push(
        `${name}: rounds from ${figure(ratio.low)} to ${figure(ratio.high)}; CPU time ${figure(cpu.median)} times the peer's`,
      );
      peakBytes = Math.max(peakBytes, ...sides.ours.map((figures) => figures.peakBytes));
    }
    say('the size of the plan, and of the manifest by gzip -6');
    const [planBytes, gzipBytes] = [await planSize(manifest), await gzipSize(manifest)];
    findings.push({
      what: 'plan size, of gzip -6 of the manifest',
      ours: `${figure(planBytes / 1e6)} MB`,
      peer: `${figure(gzipBytes / 1e6)} MB`,
      value: planBytes / gzipBytes,
      goal: { most: 1 },
    });
    notes.push(
      `peak memory ${figure(peakBytes / 1e6)} MB; manifest ${figure((await stat(manifest)).size / 1e6)} MB`,
    );
    return { findings, notes };
  },
};

function aggregate(manifest: string): string {
  return `SET threads = 2; SELECT count(*), sum(duration_s), max(length(audio_uri)), max(track_id), max(lyrics_uri), max(language) FROM read_csv('${manifest}')`;
}
