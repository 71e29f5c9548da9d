import { Command } from 'commander';
import { LADDER_PRESETS } from '../algorithms/transcode/ladder.ts';
import { defaultCheckpointSeconds } from '../run/checkpoint-interval.ts';
import type { ExitSlot } from './exit.ts';
import {
  type ExecutorOptions,
  concurrencyOf,
  concurrencyOption,
  executorOption,
} from './executor-options.ts';
import { jsonOption, vcpuPriceOption } from './options.ts';
import { printResult } from './output.ts';
import { type PlanningOptions, addPlanningOptions } from './planning-options.ts';

interface PlanOptions extends PlanningOptions, Pick<ExecutorOptions, 'executor' | 'concurrency'> {
  readonly vcpuPrice: number;
  readonly json?: boolean;
}

/** `backfill plan`. */
export function planCommand(_exit: ExitSlot): Command {
  return addPlanningOptions(new Command('plan'))
    .description('show what would run: rows, shards, hours, dollars; change nothing')
    .argument('<manifest>', 'CSV file, plain, .gz or .zst; - for stdin')
    .addOption(executorOption())
    .addOption(concurrencyOption())
    .addOption(vcpuPriceOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  backfill plan manifest.csv
  backfill plan manifest.csv -a pitch --json
  backfill plan s3-manifest.csv --executor batch --vcpu-price 0.015
  zcat tracks.csv.gz | backfill plan -`,
    )
    .action(async (manifest: string, options: PlanOptions) => {
      const { planForCommand } = await import('./planning.ts');
      const concurrency = options.executor === 'batch' ? undefined : concurrencyOf(options);
      const { planDocument, planText } = await import('./render/plan.ts');
      const { draft, algorithms, ladder } = await planForCommand(manifest, {
        ...options,
        parallelism: concurrency,
        forWorkHere: false,
      });
      try {
        const { estimateCompute } = await import('../plan/compute-estimate.ts');
        const { estimateRequests } = await import('../plan/request-estimate.ts');
        const { totals } = draft;
        const requests =
          options.executor === 'batch'
            ? estimateRequests({
                totals,
                algorithms,
                checkpointSeconds: defaultCheckpointSeconds('s3://'),
                renditions: (ladder ?? LADDER_PRESETS.standard).length,
              })
            : undefined;
        const compute = estimateCompute(totals, algorithms);
        const cost = { compute, vcpuPrice: options.vcpuPrice, requests };
        const shown = { totals, algorithms, concurrency, cost };
        printResult(
          options.json,
          () => planDocument(shown),
          () => planText(shown),
        );
      } finally {
        await draft.discard();
      }
    });
}
