import { Command, Option } from 'commander';
import type { Course } from '../run/pace.ts';
import type { RunStatus } from '../run/status.ts';
import { EXIT, type ExitSlot } from './exit.ts';
import { jsonOption, storeOption, vcpuPriceOption } from './options.ts';
import { isStdoutBroken, print, printJson, say, sendSequence } from './output.ts';
import { canDrawOn, terminalColumns } from './render/terminal.ts';

interface StatusOptions {
  readonly store: string;
  readonly vcpuPrice: number;
  readonly watch?: boolean;
  readonly json?: boolean;
}

const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** `backfill status`. */
export function statusCommand(exit: ExitSlot): Command {
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
      const { pauseAfterLook } = await import('../operations/shard-states.ts');
      const { paceSince } = await import('../run/pace.ts');
      const { statusDocument, statusText } = await import('./render/summary.ts');
      const store = await openStore(location);
      const { record } = await openRun(store, runId);
      const clock = () => performance.now() / 1000;
      let first: { readonly at: number; readonly course: Course } | undefined;
      for (;;) {
        const began = performance.now();
        const status = await readStatus(store, await openRun(store, record.run), inspectorOf(store));
        const lookMilliseconds = performance.now() - began;
        const last = watch !== true || status.state !== 'running';
        if (json !== true) {
          const course = courseOf(status);
          const { checkpointSeconds } = record.settings;
          const pace = first && paceSince(first.course, course, clock() - first.at, checkpointSeconds);
          const text = statusText(status, vcpuPrice, last ? undefined : pace);
          if (watch === true) sendSequence(beforeLook(process.stdout, first === undefined));
          print(text);
          first ??= { at: clock(), course };
        } else if (last) {
          printJson(statusDocument(status, vcpuPrice));
        }
        if (last && status.damage.length > 0) {
          for (const message of status.damage) say(`backfill: ${message}\n`);
          exit.code = EXIT.unable;
        }
        if (last || isStdoutBroken()) return;
        await new Promise((resolve) =>
          setTimeout(resolve, pauseAfterLook(lookMilliseconds, requestsOf(status))),
        );
      }
    });
}

/** A screen that can be drawn over is cleared; elsewhere one look follows the other, as in a log. */
function beforeLook(stream: NodeJS.WriteStream, isFirst: boolean): string {
  if (canDrawOn(stream) && terminalColumns(stream) !== undefined) return CLEAR_SCREEN;
  return isFirst ? '' : '\n';
}

function courseOf({ progress, shards, work }: RunStatus): Course {
  const unfinishedShards = shards.total - shards.finished;
  return { ...progress, unfinishedShards, workSeconds: work.seconds, workers: work.workers };
}

/** About as many requests as a look takes: two listings by the thousand, and the checkpoints. */
function requestsOf({ shards, progress }: RunStatus): number {
  return shards.total / 500 + progress.sampledShards;
}
