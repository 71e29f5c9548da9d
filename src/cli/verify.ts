import { Command, Option } from 'commander';
import { EXIT, type ExitSlot } from './exit.ts';
import { jsonOption, storeOption } from './options.ts';
import { printResult } from './output.ts';
import { jsonDocument } from './render/json.ts';

interface VerifyOptions {
  readonly store: string;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** `backfill verify`. */
export function verifyCommand(exit: ExitSlot): Command {
  return new Command('verify')
    .description('prove that every track has exactly one outcome of each algorithm')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(
      new Option(
        '--deep',
        'read all bytes: every column of the results, and every rendition (a download each)',
      ),
    )
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Reads the plan, the rejected rows, and the track ids of all results and
failures, and compares them one by one. Renditions have to be there and to have
the size that the results name; with --deep, the digest too. Exit code 0:
proven; 1: not so, and what is wrong is listed.

Examples:
  backfill verify
  backfill verify --deep
  backfill verify 20261121-031500-k79e3 --json`,
    )
    .action(async (runId: string | undefined, options: VerifyOptions) => {
      const { openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { verifyRun } = await import('../operations/verify-run.ts');
      const { verificationText } = await import('./render/verification.ts');
      const store = await openStore(options.store);
      const verification = await verifyRun(store, await openRun(store, runId), {
        deep: options.deep ?? false,
      });
      printResult(
        options.json,
        () => jsonDocument(verification),
        () => verificationText(verification),
      );
      if (!verification.proven) exit.code = EXIT.someFailed;
    });
}
