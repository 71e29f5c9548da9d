import { Command } from 'commander';
import type { ExitSlot } from './exit.ts';
import { concurrencyOption, graceOption, jsonOption, storeHint, storeOption } from './options.ts';

/** Options of the commands that work shards of a run that is there. */
export interface WorkingOptions {
  readonly store: string;
  readonly concurrency: number;
  readonly grace: number;
  readonly json?: boolean;
}

/** `backfill resume`. */
export function resumeCommand(exit: ExitSlot): Command {
  return addWorkingOptions(new Command('resume'))
    .description('go on with a run that was interrupted, from its last checkpoints')
    .argument('[run]', 'which run (default: the newest)')
    .addHelpText(
      'after',
      `
Examples:
  backfill resume
  backfill resume 20261121-031500-k79e3 --concurrency 1`,
    )
    .action(async (runId: string | undefined, options: WorkingOptions) => {
      const { openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { selectUnfinished } = await import('../operations/select-unfinished.ts');
      const { workAndTell } = await import('./work.ts');
      const store = openStore(options.store);
      const run = await openRun(store, runId);
      const entries = await selectUnfinished(store, run);
      if (entries.length === 0) process.stderr.write('no shard is unfinished: there is nothing to resume\n');
      await workAndTell(
        {
          ...options,
          store,
          storeArgument: storeHint(options.store),
          run: run.record.run,
          reason: 'resume',
          entries,
          json: options.json ?? false,
        },
        exit,
      );
    });
}

/** Adds the options of {@link WorkingOptions}. */
export function addWorkingOptions(command: Command): Command {
  return command
    .addOption(storeOption())
    .addOption(concurrencyOption())
    .addOption(graceOption())
    .addOption(jsonOption());
}
