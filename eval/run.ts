/**
 * Scores the algorithms on labelled data: `npm run eval`, or `npm run eval -- NAME...`. eval/README.md tells how.
 *
 * Tables go to stdout, what is going on to stderr, all of it to a JSON file. Exit 0 whatever was scored: figures are
 * for reading. 1 where an evaluation that was asked for could not be run, 2 for wrong usage, 130 when interrupted.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { BackfillError } from '../src/errors.ts';
import { machine } from '../bench/harness/report.ts';
import { findMaterial, type Material } from './data/material.ts';
import { EVALUATIONS } from './evaluations.ts';
import { type Evaluation, type EvaluationReport, Unavailable } from './harness/evaluation.ts';
import { reportJson, reportText } from './harness/report.ts';

interface Options {
  readonly data: string;
  readonly json: string;
  readonly plots?: string;
  readonly arrays?: string;
}

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());

await new Command('npm run eval --')
  .description('Scores the algorithms on labelled songs and lines, beside what others reach.')
  .addArgument(
    new Argument('[name...]', 'which to run; all of them where none is named').choices(
      EVALUATIONS.map(({ name }) => name),
    ),
  )
  .option('--data <dir>', 'folder with songs and lines, in any layout', '../shared/data')
  .option('--json <file>', 'where results go', 'eval-results.json')
  .option('--plots <dir>', 'draw a picture of every song there (SVG)')
  .option('--arrays <dir>', 'write what was scored, found and true, there (JSON), to check the measures')
  .addHelpText(
    'after',
    `\n${EVALUATIONS.map(({ name, summary }) => `${name.padEnd(14)}${summary}`).join('\n')}`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(evaluateAll)
  .parseAsync();

async function evaluateAll(names: readonly string[], options: Options): Promise<void> {
  const material = await findMaterial(options.data).catch((error: unknown) => {
    if (!(error instanceof BackfillError)) throw error;
    process.stderr.write(`${error.message}${error.hint === undefined ? '' : `: ${error.hint}`}\n`);
    process.exit(2);
  });
  const reports: object[] = [];
  for (const evaluation of EVALUATIONS) {
    if (names.length > 0 && !names.includes(evaluation.name)) continue;
    try {
      const report = await evaluate(evaluation, material, options);
      process.stdout.write(`${reportText(evaluation, report)}\n`);
      reports.push(reportJson(evaluation, report));
    } catch (error) {
      if (interruption.signal.aborted) process.exit(130);
      if (!(error instanceof Unavailable)) throw error;
      process.stderr.write(`${evaluation.name} is left out: ${error.message}\n`);
      if (names.length > 0) process.exitCode = 1;
    }
  }
  await writeFile(options.json, `${JSON.stringify(resultsOf(material, reports), null, 2)}\n`);
}

async function evaluate(
  evaluation: Evaluation,
  material: Material,
  { plots, arrays }: Options,
): Promise<EvaluationReport> {
  const scratch = await mkdtemp(join(tmpdir(), `backfill-eval-${evaluation.name}-`));
  try {
    return await evaluation.run({
      material,
      scratch,
      signal: interruption.signal,
      say: (line) => void process.stderr.write(`${evaluation.name}: ${line}\n`),
      draw: plots === undefined ? undefined : (name, svg) => keep(plots, `${name}.svg`, svg),
      keepArrays:
        arrays === undefined
          ? undefined
          : (name, contents) => keep(arrays, `${name}.json`, JSON.stringify(contents)),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Writes a file named after a song, whatever characters its name has. */
async function keep(folder: string, name: string, contents: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(resolve(folder, name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-')), contents);
}

function resultsOf({ folder }: Material, evaluations: readonly object[]): object {
  return {
    schema: 1,
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    data: folder,
    evaluations,
  };
}
