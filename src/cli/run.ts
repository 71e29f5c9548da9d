import { Command, Option } from 'commander';
import { usageError } from '../errors.ts';
import type { PlanTotals } from '../plan/plan-manifest.ts';
import { defaultCheckpointSeconds } from '../run/checkpoint-interval.ts';
import type { ExitSlot } from './exit.ts';
import { byteCount, durationLimit, jsonOption, positiveNumber, storeHint, storeOption } from './options.ts';
import {
  type ExecutorOptions,
  addExecutorOptions,
  batchTarget,
  concurrencyOf,
  requireSharedStore,
} from './executor-options.ts';
import { type PlanningOptions, addPlanningOptions } from './planning-options.ts';
import { VERSION } from './version.ts';

interface RunOptions extends PlanningOptions, ExecutorOptions {
  readonly store: string;
  readonly checkpointSeconds?: number;
  readonly maxSourceBytes: number;
  readonly maxDuration: number;
  readonly new?: boolean;
  readonly sharedFiles?: boolean;
  readonly json?: boolean;
}

/** `backfill run`. */
export function runCommand(exit: ExitSlot): Command {
  const command = addPlanningOptions(new Command('run'))
    .description('plan a manifest and work it to the end')
    .argument('<manifest>', 'CSV file, plain, .gz or .zst; - for stdin')
    .addOption(storeOption())
    .addOption(
      new Option(
        '--checkpoint-seconds <n>',
        'seconds of work between checkpoints (default: 120, and 600 with a store in S3)',
      ).argParser(positiveNumber),
    )
    .addOption(
      new Option('--max-source-bytes <size>', 'larger audio files fail as source-too-large')
        .argParser(byteCount)
        .default(4 * 2 ** 30, '4g'),
    )
    .addOption(
      new Option('--max-duration <seconds>', 'longer tracks fail as too-long')
        .argParser(durationLimit)
        .default(4 * 3600, '14400, 4 hours'),
    )
    .addOption(new Option('--new', 'start even where an unfinished run of the same work exists'))
    .addOption(jsonOption());
  return addExecutorOptions(command)
    .addOption(
      new Option('--shared-files', 'batch: workers see the files of the manifest under the same paths'),
    )
    .addHelpText(
      'after',
      `
The manifest has a header with the columns track_id and audio_uri, and may have
duration_s, lyrics_uri and language; other columns are kept in the plan.

Examples:
  backfill run manifest.csv
  backfill run manifest.csv.zst -a fingerprint,chorus --store /data/runs
  zcat tracks.csv.gz | backfill run - --max-rejected 5% --json > summary.json
  backfill run manifest.csv --executor batch --store s3://music-backfill`,
    )
    .action(async (manifest: string, options: RunOptions) => {
      const { openBatch, openStore, settleOnBatch } = await import('../compose.ts');
      const { createRun } = await import('../operations/start-run.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { readShards } = await import('../operations/plans.ts');
      const { planForCommand, sayRejected } = await import('./planning.ts');
      const { workAndTell } = await import('./work.ts');
      const store = await openStore(options.store);
      const onBatch = options.executor === 'batch';
      if (onBatch) requireSharedStore(store.uri);
      const { draft, algorithms, ladder } = await planForCommand(manifest, {
        ...options,
        parallelism: onBatch ? undefined : concurrencyOf(options),
        forWorkHere: !onBatch,
      });
      try {
        const target = onBatch
          ? batchTarget(options, {
              before: undefined,
              algorithms: algorithms.map(({ name }) => name),
              region: await (await openBatch()).region(),
            })
          : undefined;
        if (onBatch && options.sharedFiles !== true) requireRemoteFiles(draft.totals);
        const execution = target === undefined ? undefined : await settleOnBatch(target);
        sayRejected(draft.totals);
        const { run } = await createRun(store, draft, {
          manifestName: manifest,
          settings: {
            algorithms: algorithms.map(({ name, version }) => ({ name, version })),
            ladder,
            checkpointSeconds: options.checkpointSeconds ?? defaultCheckpointSeconds(store.uri),
            maxSourceBytes: options.maxSourceBytes,
            maxDurationSeconds: options.maxDuration,
          },
          target,
          tool: VERSION,
          storeHint: storeHint(options.store),
          evenIfUnfinished: options.new ?? false,
          now: new Date(),
        });
        await workAndTell(
          {
            store,
            storeArgument: storeHint(options.store),
            run,
            work: { reason: 'run', entries: await readShards(store, await openRun(store, run)), execution },
            executor: options,
            json: options.json ?? false,
            rejections: draft.totals.rejections,
          },
          exit,
        );
      } finally {
        await draft.discard();
      }
    });
}

/** Makes sure that workers on other machines can read the tracks. @throws BackfillError `local-files` */
function requireRemoteFiles({ accepted, withLocalFiles }: PlanTotals): void {
  if (withLocalFiles === 0) return;
  throw usageError(
    'local-files',
    `${withLocalFiles} of ${accepted} tracks name files of this machine, which workers on AWS Batch can not read`,
    {
      hint: 'upload them and name s3://bucket/key in the manifest; --shared-files where workers have the same paths',
    },
  );
}
