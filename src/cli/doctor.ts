import { Command, Option } from 'commander';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { usageError } from '../errors.ts';
import type { Check } from '../operations/diagnose.ts';
import { definitionName } from '../executor/batch/stack-names.ts';
import { EXIT, type ExitSlot } from './exit.ts';
import {
  BATCH_GROUP,
  DEFAULT_QUEUE,
  type ExecutorOptions,
  addPlacementOptions,
  executorOption,
  requireSharedStore,
} from './executor-options.ts';
import { listenForInterrupts } from './interrupt.ts';
import { jsonOption, positiveInteger, storeOption, vcpuPriceOption } from './options.ts';
import { printResult, say } from './output.ts';
import { jsonDocument } from './render/json.ts';
import { VERSION } from './version.ts';

interface DoctorOptions
  extends Pick<ExecutorOptions, 'executor' | 'queue' | 'fallbackQueue' | 'definition' | 'shareIdentifier'> {
  readonly store: string;
  readonly vcpus?: number;
  readonly canary?: boolean;
  readonly vcpuPrice: number;
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
    .addOption(
      new Option(
        '--canary',
        'send one worker with one short track the whole way: submitted, started, read, written, logged; say what it cost',
      ).helpGroup(BATCH_GROUP),
    )
    .addOption(vcpuPriceOption().helpGroup(BATCH_GROUP))
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exit code 3 where something is missing. A canary is sent where nothing is; it
takes as long as a machine takes to start, and removes what it has written.

Examples:
  backfill doctor
  backfill doctor --store /data/runs --json
  backfill doctor --executor batch --store s3://music-backfill
  backfill doctor --executor batch --vcpus 4000
  backfill doctor --executor batch --canary`,
    )
    .action(async (options: DoctorOptions) => {
      if (options.canary === true && options.executor !== 'batch') {
        throw usageError('canary-not-on-batch', '--canary sends a worker to AWS Batch', {
          hint: 'add --executor batch',
        });
      }
      const { openStore } = await import('../compose.ts');
      const { diagnoseHere } = await import('../operations/diagnose.ts');
      const { diagnoseStore } = await import('../operations/diagnose-store.ts');
      const checks: Check[] = [
        ...(options.executor === 'batch'
          ? await checkBatch(options)
          : await diagnoseHere(await algorithms())),
        await diagnoseStore(options.store, openStore),
      ];
      if (options.canary === true) checks.push(...(await canary(options, checks)));
      printResult(
        options.json,
        () => jsonDocument({ checks }),
        () => text(checks),
      );
      if (!checks.every(({ ok }) => ok)) exit.code = EXIT.unable;
    });
}

async function algorithms(): Promise<readonly Algorithm[]> {
  return (await import('../algorithms/registry.ts')).ALGORITHMS;
}

/** Where it is looked, where nothing else was said. */
function placementOf(options: DoctorOptions) {
  const {
    queue = DEFAULT_QUEUE,
    definition = definitionName('all'),
    fallbackQueue,
    shareIdentifier,
  } = options;
  return { queue, definition, fallbackQueue, shareIdentifier };
}

async function checkBatch(options: DoctorOptions): Promise<Check[]> {
  const { openBatchAccount } = await import('../compose.ts');
  const { diagnoseBatch } = await import('../operations/diagnose-batch.ts');
  return diagnoseBatch({
    ...(await openBatchAccount()),
    target: { ...placementOf(options), vcpus: options.vcpus },
  });
}

/** Sends a worker the whole way, where all else is as it should be. */
async function canary(options: DoctorOptions, checks: readonly Check[]): Promise<readonly Check[]> {
  if (!checks.every(({ ok }) => ok)) {
    return [{ name: 'canary', ok: false, found: 'not sent', mend: 'correct what is missing above first' }];
  }
  const { canaryParts, openStore } = await import('../compose.ts');
  const { sendCanary } = await import('../operations/canary.ts');
  const { bundledDefinition } = await import('../executor/batch/job-definition-file.ts');
  const { definition, queue, shareIdentifier } = placementOf(options);
  const all = await algorithms();
  const bundled = bundledDefinition(definition.replace(/:\d+$/, ''));
  // A definition of another team has an image of ours below it, as a rule.
  const named = all.filter(({ name }) => name === (bundled ?? 'fingerprint'));
  const store = await openStore(options.store);
  requireSharedStore(store.uri);
  const parts = await canaryParts({ queue, definition, shareIdentifier });
  const interrupts = listenForInterrupts(() => say('backfill: the canary is called back\n'));
  try {
    return await sendCanary({
      ...parts,
      store,
      openStore,
      algorithms: named.length === 0 ? all : named,
      tool: VERSION,
      vcpuPrice: options.vcpuPrice,
      signal: interrupts.drain,
      onProgress: (message) => say(`${message}\n`),
    });
  } finally {
    interrupts.release();
  }
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
