import { Command, Option } from 'commander';
import { BackfillError, usageError } from '../errors.ts';
import type { ExitSlot } from './exit.ts';
import { fileName, jsonOption, storeOption } from './options.ts';
import { printChunks, printResult } from './output.ts';
import { jsonDocument } from './render/json.ts';

interface ExportOptions {
  readonly store: string;
  readonly run?: string;
  readonly algorithm: string;
  readonly format: 'jsonl' | 'csv' | 'parquet';
  readonly output?: string;
  readonly spreadsheet?: boolean;
}

interface GetOptions {
  readonly store: string;
  readonly json?: boolean;
}

/** `backfill results`. */
export function resultsCommand(_exit: ExitSlot): Command {
  return new Command('results')
    .description('list, export or look up the results of a run')
    .helpCommand(false)
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(exportCommand())
    .addCommand(getCommand())
    .addHelpText(
      'after',
      `
Examples:
  backfill results                             which result files there are
  backfill results export --algorithm chorus   as JSON lines
  backfill results get track-17                all that is known of one track

backfill results alone means backfill results list.`,
    );
}

function listCommand(): Command {
  return new Command('list')
    .description('list the files of results, which DuckDB, pandas, Spark and Athena read')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  backfill results list\n  backfill results list 20261121-031500-k79e3 --json',
    )
    .action(
      async (runId: string | undefined, options: { readonly store: string; readonly json?: boolean }) => {
        const { openStore } = await import('../compose.ts');
        const { openRun } = await import('../operations/runs.ts');
        const { summariseResults } = await import('../operations/read-results.ts');
        const { resultsText } = await import('./render/results.ts');
        const store = await openStore(options.store);
        const run = await openRun(store, runId).catch(hintAtCommands);
        const summary = await summariseResults(store, run);
        printResult(
          options.json,
          () => jsonDocument(summary),
          () => resultsText(summary),
        );
      },
    );
}

function exportCommand(): Command {
  return new Command('export')
    .description('write the rows of one algorithm to stdout or a file')
    .argument('[run]', 'which run (default: the newest)')
    .requiredOption('--algorithm <name>', 'whose results; or failures, for those of all algorithms')
    .addOption(
      new Option('--format <format>', 'what rows are written as')
        .choices(['jsonl', 'csv', 'parquet'])
        .default('jsonl'),
    )
    .addOption(
      new Option(
        '-o, --output <file>',
        'write to a file, which is replaced whole, or into a FIFO or a device (default: -, stdout)',
      ).argParser(fileName),
    )
    .addOption(
      new Option(
        '--spreadsheet',
        "csv: put ' before texts that begin with = + - @ or a tab, which a spreadsheet would run as formulas; this changes them",
      ),
    )
    .addOption(storeOption())
    .addHelpText(
      'after',
      `
Values are exact, unless --spreadsheet is given.

Examples:
  backfill results export --algorithm chorus | head
  backfill results export --algorithm pitch --format parquet -o pitch.parquet
  backfill results export --algorithm failures --format csv -o failures.csv`,
    )
    .action(async (runId: string | undefined, options: ExportOptions) => {
      const { openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { exportResults } = await import('../operations/export-results.ts');
      const { openNamedFile } = await import('../named-file.ts');
      const forSpreadsheet = options.spreadsheet ?? false;
      if (forSpreadsheet && options.format !== 'csv') {
        throw usageError('not-csv', '--spreadsheet is for CSV alone', { hint: 'add --format csv' });
      }
      const file = fileOf(options.output);
      if (file === undefined && options.format === 'parquet' && process.stdout.isTTY) {
        throw usageError('not-text', 'Parquet is not for a terminal', {
          hint: 'name a file with -o, or redirect it: > results.parquet',
        });
      }
      const output = file === undefined ? undefined : await openNamedFile(file);
      const store = await openStore(options.store);
      const run = await openRun(store, runId);
      const chunks = exportResults(store, run, options.algorithm, options.format, { forSpreadsheet });
      await (output === undefined ? printChunks(chunks) : output.write(chunks));
    });
}

function getCommand(): Command {
  return new Command('get')
    .description('show all outcomes of one track')
    .argument('<track>', 'its track_id')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(storeOption())
    .addOption(new Option('--json', 'as JSON lines, whole; without, long values are cut'))
    .addHelpText(
      'after',
      '\nExamples:\n  backfill results get track-17\n  backfill results get track-17 20261121-031500-k79e3 --json\n  backfill results get --json -- -a-track_id-with-a-dash-first',
    )
    .action(async (trackId: string, runId: string | undefined, options: GetOptions) => {
      const { openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { getTrack } = await import('../operations/get-track.ts');
      const store = await openStore(options.store);
      const { rowText } = await import('./render/row.ts');
      for await (const row of getTrack(store, await openRun(store, runId), trackId)) {
        printResult(
          options.json,
          () => `${JSON.stringify(row)}\n`,
          () => `${rowText(row)}\n`,
        );
      }
    });
}

/** Undefined for the names of stdout, which is open already and is written as ever. */
function fileOf(output: string | undefined): string | undefined {
  return ['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'].includes(output ?? '-') ? undefined : output;
}

/** Whoever misspells `export` asks to list a run of that name. */
function hintAtCommands(error: unknown): never {
  if (!(error instanceof BackfillError) || error.code !== 'no-such-run') throw error;
  throw usageError(error.code, error.message, {
    cause: error,
    hint: 'backfill status shows the newest run; backfill results --help lists what results can do',
  });
}
