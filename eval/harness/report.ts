/** An evaluation's report: tables for people, one object of the results file for machines. */
import { reachesGoal } from '../../bench/harness/benchmark.ts';
import { verdict } from '../../bench/harness/report.ts';
import { table } from '../../src/cli/render/table.ts';
import { mean } from '../scores/mean.ts';
import {
  type Column,
  type Evaluation,
  type EvaluationReport,
  type Finding,
  type SongRow,
  type SongTable,
} from './evaluation.ts';

/** The report as text: what the goals are about first, then song by song. */
export function reportText({ name, summary }: Evaluation, report: EvaluationReport): string {
  return [
    `${name}: ${summary}\n`,
    findingsText(report.findings),
    ...report.tables.map(songTableText),
    ...(report.notes.length === 0 ? [] : [report.notes.map((note) => `  ${note}\n`).join('')]),
  ].join('\n');
}

/** The report as it stands in the results file. */
export function reportJson({ name }: Evaluation, report: EvaluationReport): object {
  const { findings, tables, details = [], notes } = report;
  return {
    evaluation: name,
    findings: findings.map((finding) => ({ ...finding, reached: reachesGoal(finding) ?? null })),
    tables: [...tables, ...details].map(({ title, songs, totals }) => ({ title, songs, totals })),
    notes,
  };
}

/** The mean of every column over the songs that have a number there. */
export function meanRow(columns: readonly Column[], songs: readonly SongRow[]): SongRow {
  const values: Record<string, number> = {};
  for (const { name } of columns) {
    const numbers = songs.map((song) => song.values[name]).filter(isFigure);
    if (numbers.length > 0) values[name] = mean(numbers);
  }
  return { name: 'mean', values };
}

function findingsText(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.what,
    anchorText(finding),
    quantity(finding.value, finding),
    goalText(finding),
    verdict(finding),
  ]);
  return table([['what', 'anchor', 'ours', 'goal', ''], ...rows], [2, 3]);
}

function songTableText({ title, columns, songs, totals }: SongTable): string {
  const row = ({ name, values }: SongRow): string[] => [
    name,
    ...columns.map((column) => cell(values[column.name], column)),
  ];
  return table(
    [[title, ...columns.map(({ name }) => name)], ...songs.map(row), ...totals.map(row)],
    columns.map((_, index) => index + 1),
  );
}

function cell(value: number | string | undefined, { digits = 1 }: Column): string {
  if (typeof value === 'string') return value;
  return isFigure(value) ? value.toFixed(digits) : '';
}

/** Of some songs there is no share to take: a chart without a pause has no false alarms. */
function isFigure(value: number | string | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function quantity(value: number, { digits, unit }: Finding): string {
  return `${value.toFixed(digits)}${unit === 'F' ? '' : ` ${unit}`}`;
}

function anchorText(finding: Finding): string {
  const { anchor } = finding;
  return anchor === undefined ? '' : `${quantity(anchor.value, finding)} (${anchor.method})`;
}

function goalText(finding: Finding): string {
  const { goal } = finding;
  if (goal === undefined) return '';
  return 'least' in goal ? `>= ${quantity(goal.least, finding)}` : `<= ${quantity(goal.most, finding)}`;
}
