import { Command } from 'commander';
import type { ExitSlot } from './exit.ts';
import { jsonOption } from './options.ts';
import { printResult } from './output.ts';

/** `backfill algorithms`. */
export function algorithmsCommand(_exit: ExitSlot): Command {
  return new Command('algorithms')
    .description('list what can run: versions, needs, costs; with --json, columns')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  backfill algorithms\n  backfill algorithms --json')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { ALGORITHMS } = await import('../algorithms/registry.ts');
      const { algorithmsDocument, algorithmsText } = await import('./render/algorithms.ts');
      printResult(
        json,
        () => algorithmsDocument(ALGORITHMS),
        () => algorithmsText(ALGORITHMS),
      );
    });
}
