import { Command } from 'commander';
import type { Cancellation } from '../operations/cancel-run.ts';
import type { ExitSlot } from './exit.ts';
import { jsonOption, storeOption } from './options.ts';
import { printResult } from './output.ts';

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
        const cancellation = await cancelRun(store, run, inspectorOf(store), (record) =>
          stopBatchJobs(store, record),
        );
        const id = run.record.run;
        printResult(
          options.json,
          () => `${JSON.stringify({ runId: id, ...cancellation })}\n`,
          () => cancellationText(id, cancellation),
        );
      },
    );
}

/** What is so now: jobs of AWS Batch have ended by then, while workers of a machine may take a moment more. */
export function cancellationText(run: string, { cancelled, state, draining, unseen }: Cancellation): string {
  if (!cancelled) return `run ${run} is ${state}: there is nothing to cancel\n`;
  const rest = draining
    ? 'its workers leave when the tracks in flight are through, or their grace time is over'
    : unseen === undefined
      ? 'nothing works on it any more'
      : `${unseen} can not be seen from here; if it still works, it leaves when the tracks in flight are through`;
  return `run ${run} is cancelled: ${rest}; backfill resume ${run} goes on with it\n`;
}
