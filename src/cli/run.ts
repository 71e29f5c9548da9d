import { Command, Option } from 'commander';
import type { ExitSlot } from './exit.ts';
import {
  byteCount,
  durationLimit,
  graceOption,
  jsonOption,
  positiveNumber,
  storeHint,
  storeOption,
} from './options.ts';
import { type PlanningOptions, addPlanningOptions } from './planning-options.ts';
import { VERSION } from './version.ts';

interface RunOptions extends PlanningOptions {
  readonly store: string;
  readonly checkpointSeconds: number;
  readonly maxSourceBytes: number;
  readonly maxDuration: number;
  readonly grace: number;
  readonly new?: boolean;
  readonly json?: boolean;
}

/** `backfill run`. */
export function runCommand(exit: ExitSlot): Command {
  return addPlanningOptions(new Command('run'))
    .description('plan a manifest and work it to the end')
    .argument('<manifest>', 'CSV file, plain, .gz or .zst; - for stdin')
    .addOption(storeOption())
    .addOption(
      new Option('--checkpoint-seconds <n>', 'seconds of work between checkpoints')
        .argParser(positiveNumber)
        .default(120),
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
    .addOption(graceOption())
    .addOption(new Option('--new', 'start even where an unfinished run of the same work exists'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The manifest has a header with the columns track_id and audio_uri, and may have
duration_s, lyrics_uri and language; other columns are carried along.

Examples:
  backfill run manifest.csv
  backfill run manifest.csv.zst -a fingerprint,chorus --store /data/runs
  zcat tracks.csv.gz | backfill run - --max-rejected 5% --json > summary.json`,
    )
    .action(async (manifest: string, options: RunOptions) => {
      const { openStore } = await import('../compose.ts');
      const { createRun } = await import('../operations/start-run.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { readShards } = await import('../operations/plans.ts');
      const { planForThisMachine, sayRejected } = await import('./planning.ts');
      const { workAndTell } = await import('./work.ts');
      const store = openStore(options.store);
      const { draft, algorithms, ladder } = await planForThisMachine(manifest, { ...options, forWork: true });
      try {
        sayRejected(draft.totals);
        const { run } = await createRun(store, draft, {
          manifestName: manifest,
          settings: {
            algorithms: algorithms.map(({ name, version }) => ({ name, version })),
            ladder,
            checkpointSeconds: options.checkpointSeconds,
            maxSourceBytes: options.maxSourceBytes,
            maxDurationSeconds: options.maxDuration,
          },
          tool: VERSION,
          storeHint: storeHint(options.store),
          evenIfUnfinished: options.new ?? false,
          now: new Date(),
        });
        await workAndTell(
          {
            ...options,
            store,
            storeArgument: storeHint(options.store),
            run,
            reason: 'run',
            entries: await readShards(store, await openRun(store, run)),
            json: options.json ?? false,
          },
          exit,
        );
      } finally {
        await draft.discard();
      }
    });
}
