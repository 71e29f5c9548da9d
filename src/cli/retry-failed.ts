import { Command, Option } from 'commander';
import type { ExitSlot } from './exit.ts';
import { nameList, storeHint } from './options.ts';
import { say } from './output.ts';
import { type WorkingOptions, addWorkingOptions, settleOnBatchFor } from './resume.ts';
import { concurrencyOf } from './executor-options.ts';

interface RetryFailedOptions extends WorkingOptions {
  readonly code?: readonly string[];
  readonly algorithms?: readonly string[];
  readonly transient?: boolean;
}

/** `backfill retry-failed`. */
export function retryFailedCommand(exit: ExitSlot): Command {
  return addWorkingOptions(new Command('retry-failed'))
    .description('work failed tracks once more, and only them')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(
      new Option('--code <codes>', 'only failures with these codes, with commas between them').argParser(
        nameList,
      ),
    )
    .addOption(new Option('--transient', 'only failures that may pass though nothing is mended'))
    .addOption(
      new Option('-a, --algorithms <names>', 'only failures of these algorithms').argParser(nameList),
    )
    .addHelpText(
      'after',
      `
Examples:
  backfill retry-failed
  backfill retry-failed --code source-missing,source-denied
  backfill retry-failed --transient -a transcode`,
    )
    .action(async (runId: string | undefined, options: RetryFailedOptions) => {
      const { inspectorOf, openStore } = await import('../compose.ts');
      const { selectAlgorithms } = await import('../algorithms/registry.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { planRetry } = await import('../operations/plan-retry.ts');
      const { refuseWhileActive } = await import('../operations/select-unfinished.ts');
      const { assertFailureCodes } = await import('./failure-codes.ts');
      const { workAndTell } = await import('./work.ts');
      const { code, transient, algorithms } = options;
      assertFailureCodes(code ?? []);
      selectAlgorithms(algorithms ?? []);
      const store = await openStore(options.store);
      const run = await openRun(store, runId);
      const { settings } = run.record;
      const unseen = await refuseWhileActive(store, run, inspectorOf(store));
      const execution = await settleOnBatchFor(store, run, options);
      const entries = await planRetry(store, run, {
        wanted: (failure) =>
          (code?.includes(failure.code) ?? true) &&
          (algorithms?.includes(failure.algorithm) ?? true) &&
          (transient !== true || failure.transient),
        algorithms: selectAlgorithms(
          settings.algorithms.map(({ name }) => name),
          settings.ladder,
        ),
        parallelism: execution === undefined ? concurrencyOf(options) : undefined,
        now: new Date().toISOString(),
      });
      if (entries.length === 0) say('no failures of that kind: there is nothing to retry\n');
      await workAndTell(
        {
          store,
          storeArgument: storeHint(options.store),
          run: run.record.run,
          work: { reason: 'retry-failed', entries, execution },
          unseen,
          executor: options,
          json: options.json ?? false,
        },
        exit,
      );
    });
}
