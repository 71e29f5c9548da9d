import { Command, Option } from 'commander';
import type { ExitSlot } from './exit.ts';
import { jsonOption, positiveInteger, storeOption } from './options.ts';
import { printResult } from './output.ts';
import { jsonDocument } from './render/json.ts';

/** Without --shard, the words of so many failed shards are shown. */
const SHARDS_SHOWN = 5;

interface LogsOptions {
  readonly store: string;
  readonly shard?: number;
  readonly lines: number;
  readonly json?: boolean;
}

/** `backfill logs`. */
export function logsCommand(_exit: ExitSlot): Command {
  return new Command('logs')
    .description('show what workers on AWS Batch said last: those that failed, or those of a shard')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(new Option('--shard <n>', 'of this shard, all attempts').argParser(shardNumber))
    .addOption(
      new Option('-n, --lines <n>', 'of each attempt, the last ones').argParser(positiveInteger).default(20),
    )
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  backfill logs --store s3://music-backfill
  backfill logs --shard 17 --lines 200`,
    )
    .action(async (runId: string | undefined, { store: location, shard, lines, json }: LogsOptions) => {
      const { openBatch, openJobLogs, openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { readFailureLogs, readShardLogs } = await import('../operations/shard-logs.ts');
      const { logsText } = await import('./render/logs.ts');
      const store = await openStore(location);
      const { run } = (await openRun(store, runId)).record;
      const options = { store, run, openBatch, openLogs: openJobLogs, lines };
      const logs = await (shard === undefined
        ? readFailureLogs(options, SHARDS_SHOWN)
        : readShardLogs(options, shard));
      printResult(
        json,
        () => jsonDocument({ runId: run, ...logs }),
        () => logsText(logs),
      );
    });
}

function shardNumber(text: string): number {
  return text === '0' ? 0 : positiveInteger(text);
}
