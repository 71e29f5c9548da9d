/** A benchmark's report: one table for people, one JSON line for machines. */
import { cpus } from 'node:os';
import { type Benchmark, type BenchmarkReport, type Finding, type Goal, reachesGoal } from './benchmark.ts';

/** The report as a table. */
export function reportText({ name, summary }: Benchmark, { findings, notes = [] }: BenchmarkReport): string {
  const rows = [
    ['what', 'ours', 'peer', 'figure', 'goal', ''],
    ...findings.map((finding) => [
      finding.what,
      finding.ours,
      finding.peer ?? '',
      figure(finding.value),
      finding.goal === undefined ? '' : goalText(finding.goal),
      verdict(finding),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${name}: ${summary}`, '', ...table, ...notes.map((note) => `  ${note}`), ''].join('\n');
}

/** The report on one line of JSON. */
export function reportLine(
  { name }: Benchmark,
  { findings, notes = [] }: BenchmarkReport,
  options: { readonly rounds: number; readonly scale: number; readonly date: Date },
): string {
  return JSON.stringify({
    benchmark: name,
    date: options.date.toISOString().slice(0, 10),
    machine: machine(),
    rounds: options.rounds,
    scale: options.scale,
    findings: findings.map((finding) => ({ ...finding, reached: reachesGoal(finding) })),
    notes,
  });
}

/** Three significant digits, and no more zeros than that. */
export function figure(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function goalText(goal: Goal): string {
  return 'least' in goal ? `>= ${figure(goal.least)}` : `<= ${figure(goal.most)}`;
}

/** What figures were measured on. */
export function machine(): string {
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
}

/** Whether a goal is reached, in a word; nothing where there is none. */
export function verdict(finding: Pick<Finding, 'value' | 'goal'>): string {
  const reached = reachesGoal(finding);
  if (reached === undefined) return '';
  return reached ? 'reached' : 'missed';
}
