import { Command } from 'commander';
import type { OpenRun } from '../operations/runs.ts';
import type { BatchExecution, BatchTarget } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ExitSlot } from './exit.ts';
import {
  type ExecutorOptions,
  addExecutorOptions,
  batchTarget,
  executorOf,
  requireSharedStore,
} from './executor-options.ts';
import { jsonOption, storeHint, storeOption } from './options.ts';
import { say } from './output.ts';

/** Options of the commands that work shards of a run that is there. */
export interface WorkingOptions extends ExecutorOptions {
  readonly store: string;
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
A run goes on where it was worked last; on AWS Batch, jobs that are there
already are watched, and none that Batch lists is submitted again.

Examples:
  backfill resume
  backfill resume 20261121-031500-k79e3 --concurrency 1
  backfill resume --store s3://music-backfill --detach`,
    )
    .action(async (runId: string | undefined, options: WorkingOptions) => {
      const { inspectorOf, openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { selectUnfinished } = await import('../operations/select-unfinished.ts');
      const { workAndTell } = await import('./work.ts');
      const store = await openStore(options.store);
      const run = await openRun(store, runId);
      const { entries, adopted, isOver, unseen } = await selectUnfinished(
        store,
        run,
        inspectorOf(store),
        options.executor !== 'local',
      );
      if (entries.length === 0) say('no shard is unfinished: there is nothing to resume\n');
      await workAndTell(
        {
          store,
          storeArgument: storeHint(options.store),
          run: run.record.run,
          work:
            adopted === undefined
              ? { reason: 'resume', entries, execution: await settleOnBatchFor(store, run, options) }
              : {
                  adopted,
                  entries,
                  anew: isOver ? await settleOnBatchFor(store, run, options) : undefined,
                },
          unseen,
          executor: options,
          json: options.json ?? false,
        },
        exit,
      );
    });
}

/** Adds the options of {@link WorkingOptions}. */
export function addWorkingOptions(command: Command): Command {
  return addExecutorOptions(command.addOption(storeOption()).addOption(jsonOption()));
}

/** How a run goes on on AWS Batch; undefined: on this machine. */
export async function settleOnBatchFor(
  store: ObjectStore,
  { record }: OpenRun,
  options: ExecutorOptions,
): Promise<BatchExecution | undefined> {
  const { settleOnBatch } = await import('../compose.ts');
  const { listSubmissions, readSubmission } = await import('../operations/runs.ts');
  const last = (await listSubmissions(store, record.run)).at(-1);
  const execution = last === undefined ? undefined : (await readSubmission(store, record.run, last)).executor;
  if (executorOf(options, execution, record.target) === 'local') return undefined;
  requireSharedStore(store.uri);
  const before = execution?.kind === 'batch' ? execution.target : record.target;
  const algorithms = record.settings.algorithms.map(({ name }) => name);
  return settleOnBatch(batchTarget(options, { before, algorithms, region: await regionOf(before) }));
}

/** Of the run, unless another is named. */
async function regionOf(before: BatchTarget | undefined): Promise<string> {
  const { openBatch } = await import('../compose.ts');
  return process.env.AWS_REGION === undefined && before !== undefined
    ? before.region
    : (await openBatch()).region();
}
