import { Command, Option } from 'commander';
import type { ExitSlot } from './exit.ts';
import { jsonOption, storeOption } from './options.ts';

interface StatusOptions {
  readonly store: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

const WATCH_MILLISECONDS = 2000;

/** `backfill status`. */
export function statusCommand(_exit: ExitSlot): Command {
  return new Command('status')
    .description('show how far a run is, from what the store knows')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(storeOption())
    .addOption(new Option('-w, --watch', 'show it again every two seconds until the run ends'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  backfill status
  backfill status --watch
  backfill status 20261121-031500-ab12 --json`,
    )
    .action(async (runId: string | undefined, { store: location, watch, json }: StatusOptions) => {
      const { openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { readStatus } = await import('../operations/read-status.ts');
      const { statusDocument, statusText } = await import('./render/summary.ts');
      const store = openStore(location);
      const { record } = await openRun(store, runId);
      for (;;) {
        const status = await readStatus(store, await openRun(store, record.run));
        if (watch === true && process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[H');
        process.stdout.write(json === true ? statusDocument(status) : statusText(status));
        if (watch !== true || status.state !== 'running') return;
        await new Promise((resolve) => setTimeout(resolve, WATCH_MILLISECONDS));
      }
    });
}
