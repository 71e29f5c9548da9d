import { type Command, Option } from 'commander';
import type { RejectionLimit } from '../plan/rejections.ts';
import { fileName, nameList, positiveNumber, rejectionLimit } from './options.ts';

/** Options that decide what is planned: `run` and `plan` share them. */
export interface PlanningOptions {
  readonly algorithms?: readonly string[];
  readonly ladder?: string;
  readonly shardMinutes?: number;
  readonly maxRejected: RejectionLimit;
}

/** Adds the options of {@link PlanningOptions}. */
export function addPlanningOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '-a, --algorithms <names>',
        'which algorithms, with commas between them (default: all)',
      ).argParser(nameList),
    )
    .addOption(
      new Option(
        '--ladder <name|file>',
        'what transcode encodes into: a preset, or a JSON file (see docs/algorithms/transcode.md)',
      ).argParser(fileName),
    )
    .addOption(
      new Option(
        '--shard-minutes <n>',
        'CPU minutes of work that a shard aims at (default: 15; less for a small manifest that is worked here, up to 45 for a large one on Batch)',
      ).argParser(positiveNumber),
    )
    .addOption(
      new Option('--max-rejected <n|p%>', 'with more rejected rows in the manifest, nothing is started')
        .argParser(rejectionLimit)
        .default({ fraction: 0.01 } satisfies RejectionLimit, '1%'),
    );
}
