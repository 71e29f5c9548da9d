import { Command } from 'commander';
import { EXIT, type ExitSlot } from './exit.ts';
import { jsonOption, storeOption } from './options.ts';

/** `backfill doctor`. */
export function doctorCommand(exit: ExitSlot): Command {
  return new Command('doctor')
    .description('say what is missing on this machine, and the command that mends it')
    .addOption(storeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit code 3 where something is missing.\n\nExamples:\n  backfill doctor\n  backfill doctor --store /data/runs --json',
    )
    .action(async (options: { readonly store: string; readonly json?: boolean }) => {
      const { ALGORITHMS } = await import('../algorithms/registry.ts');
      const { openStore } = await import('../compose.ts');
      const { diagnose } = await import('../operations/diagnose.ts');
      const checks = await diagnose(await openStore(options.store), ALGORITHMS);
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ checks }, undefined, 2)}\n`);
      } else {
        const width = Math.max(...checks.map(({ name }) => name.length));
        for (const { name, ok, found, mend } of checks) {
          process.stdout.write(`${ok ? 'ok     ' : 'missing'}  ${name.padEnd(width)}  ${found}\n`);
          if (mend !== undefined) process.stdout.write(`${' '.repeat(width + 11)}${mend}\n`);
        }
      }
      if (!checks.every(({ ok }) => ok)) exit.code = EXIT.unable;
    });
}
