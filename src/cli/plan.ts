import { Command } from 'commander';
import type { ExitSlot } from './exit.ts';
import { jsonOption } from './options.ts';
import { type PlanningOptions, addPlanningOptions } from './planning-options.ts';

/** `backfill plan`. */
export function planCommand(_exit: ExitSlot): Command {
  return addPlanningOptions(new Command('plan'))
    .description('show what would run: rows, shards, hours, dollars; change nothing')
    .argument('<manifest>', 'CSV file, plain, .gz or .zst; - for stdin')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  backfill plan manifest.csv
  backfill plan manifest.csv -a pitch --json
  zcat tracks.csv.gz | backfill plan -`,
    )
    .action(async (manifest: string, options: PlanningOptions & { readonly json?: boolean }) => {
      const { planForThisMachine } = await import('./planning.ts');
      const { planDocument, planText } = await import('./render/plan.ts');
      const { draft, algorithms } = await planForThisMachine(manifest, { ...options, forWork: false });
      try {
        const shown = { totals: draft.totals, algorithms, concurrency: options.concurrency };
        process.stdout.write(options.json === true ? planDocument(shown) : planText(shown));
      } finally {
        await draft.discard();
      }
    });
}
