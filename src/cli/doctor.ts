import { Command, Option } from 'commander';
import type { ALGORITHMS } from '../algorithms/registry.ts';
import type { Check } from '../operations/diagnose.ts';
import { definitionName } from '../executor/batch/stack-names.ts';
import { EXIT, type ExitSlot } from './exit.ts';
import {
  BATCH_GROUP,
  DEFAULT_QUEUE,
  type ExecutorOptions,
  addPlacementOptions,
  executorOption,
} from './executor-options.ts';
import { jsonOption, positiveInteger, storeOption } from './options.ts';
import { printResult } from './output.ts';
import { jsonDocument } from './render/json.ts';

interface DoctorOptions
  extends Pick<ExecutorOptions, 'executor' | 'queue' | 'fallbackQueue' | 'definition' | 'shareIdentifier'> {
  readonly store: string;
  readonly vcpus?: number;
  readonly json?: boolean;
}

/** `backfill doctor`. */
export function doctorCommand(exit: ExitSlot): Command {
  const command = new Command('doctor')
    .description('say what is missing here or in AWS, and the command that mends it')
    .addOption(executorOption());
  return addPlacementOptions(command)
    .addOption(
      new Option(
        '--vcpus <n>',
        'workers at one time that quotas and subnets must have room for (default: as many as the queue allows, as advice)',
      )
        .argParser(positiveInteger)
        .helpGroup(BATCH_GROUP),
    )
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exit code 3 where something is missing.

Examples:
  backfill doctor
  backfill doctor --store /data/runs --json
  backfill doctor --executor batch --store s3://music-backfill
  backfill doctor --executor batch --vcpus 4000`,
    )
    .action(async (options: DoctorOptions) => {
      const { openStore } = await import('../compose.ts');
      const { diagnoseHere } = await import('../operations/diagnose.ts');
      const { diagnoseStore } = await import('../operations/diagnose-store.ts');
      const checks = [
        ...(options.executor === 'batch'
          ? await checkBatch(options)
          : await diagnoseHere(await algorithms())),
        await diagnoseStore(options.store, openStore),
      ];
      printResult(
        options.json,
        () => jsonDocument({ checks }),
        () => text(checks),
      );
      if (!checks.every(({ ok }) => ok)) exit.code = EXIT.unable;
    });
}

async function algorithms(): Promise<typeof ALGORITHMS> {
  return (await import('../algorithms/registry.ts')).ALGORITHMS;
}

async function checkBatch(options: DoctorOptions): Promise<Check[]> {
  const { openBatchAccount } = await import('../compose.ts');
  const { diagnoseBatch } = await import('../operations/diagnose-batch.ts');
  const {
    queue = DEFAULT_QUEUE,
    definition = definitionName('all'),
    fallbackQueue,
    shareIdentifier,
    vcpus,
  } = options;
  return diagnoseBatch({
    ...(await openBatchAccount()),
    target: { queue, definition, fallbackQueue, shareIdentifier, vcpus },
  });
}

function text(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, ok, found, mend }) => {
      const line = `${ok ? 'ok     ' : 'missing'}  ${name.padEnd(width)}  ${found}\n`;
      return mend === undefined ? line : `${line}${' '.repeat(width + 11)}${mend}\n`;
    })
    .join('');
}
