import { Command, Option } from 'commander';
import type { ExitSlot } from './exit.ts';
import { jsonOption, storeOption, vcpuPriceOption } from './options.ts';
import { isStdoutBroken, print, printJson, sendSequence } from './output.ts';

interface StatusOptions {
  readonly store: string;
  readonly vcpuPrice: number;
  readonly watch?: boolean;
  readonly json?: boolean;
}

const WATCH_MILLISECONDS = 2000;
/** Looking takes a twentieth of the time at most: on S3, a look at many shards is many requests. */
const WATCH_LOOKS = 20;
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** `backfill status`. */
export function statusCommand(_exit: ExitSlot): Command {
  return new Command('status')
    .description('show how far a run is, from what the store knows')
    .argument('[run]', 'which run (default: the newest)')
    .addOption(storeOption())
    .addOption(
      new Option(
        '-w, --watch',
        'show it every two seconds (large runs on S3: less often) until the run ends; with --json, wait and show its end',
      ),
    )
    .addOption(vcpuPriceOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  backfill status
  backfill status --watch
  backfill status 20261121-031500-k79e3 --json`,
    )
    .action(async (runId: string | undefined, { store: location, watch, json, vcpuPrice }: StatusOptions) => {
      const { inspectorOf, openStore } = await import('../compose.ts');
      const { openRun } = await import('../operations/runs.ts');
      const { readStatus } = await import('../operations/read-status.ts');
      const { statusDocument, statusText } = await import('./render/summary.ts');
      const store = await openStore(location);
      const { record } = await openRun(store, runId);
      for (;;) {
        const started = performance.now();
        const status = await readStatus(store, await openRun(store, record.run), inspectorOf(store));
        const lookMilliseconds = performance.now() - started;
        const last = watch !== true || status.state !== 'running';
        if (json !== true) {
          if (watch === true && process.stdout.isTTY) sendSequence(CLEAR_SCREEN);
          print(statusText(status, vcpuPrice));
        } else if (last) {
          printJson(statusDocument(status, vcpuPrice));
        }
        if (last || isStdoutBroken()) return;
        await new Promise((resolve) => setTimeout(resolve, pauseAfter(lookMilliseconds)));
      }
    });
}

/** Milliseconds between two looks, of which the last took so many. */
export function pauseAfter(lookMilliseconds: number): number {
  return Math.max(WATCH_MILLISECONDS, WATCH_LOOKS * lookMilliseconds);
}
