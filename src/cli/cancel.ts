import { Command } from 'commander';
import type { ExitSlot } from './exit.ts';
import { jsonOption, storeOption } from './options.ts';

/** `backfill cancel`. */
export function cancelCommand(_exit: ExitSlot): Command {
  return new Command('cancel')
    .description('stop a run that is being worked, from any terminal; what is committed stays')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  backfill cancel\n  backfill cancel 20261121-031500-k79e3 --store /data/runs',
    )
    .action(
      async (runId: string | undefined, options: { readonly store: string; readonly json?: boolean }) => {
        const { inspectorOf, openStore, stopBatchJobs } = await import('../compose.ts');
        const { cancelRun } = await import('../operations/cancel-run.ts');
        const { openRun } = await import('../operations/runs.ts');
        const store = await openStore(options.store);
        const run = await openRun(store, runId);
        const { cancelled, state } = await cancelRun(store, run, inspectorOf(store), (record) =>
          stopBatchJobs(store, record),
        );
        const id = run.record.run;
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify({ runId: id, cancelled, state })}\n`
            : cancelled
              ? `run ${id} stops as soon as the tracks in flight are through; backfill resume ${id} goes on with it\n`
              : `run ${id} is ${state}: there is nothing to cancel\n`,
        );
      },
    );
}
