/** What `run`, `resume` and `retry-failed` have in common: shards are worked, watched, and told about. */
import { createLocalExecutor } from '../compose.ts';
import { executeSubmission } from '../operations/execute.ts';
import { openRun } from '../operations/runs.ts';
import { readStatus } from '../operations/read-status.ts';
import type { SubmissionRecord } from '../run/records.ts';
import type { RunStatus } from '../run/status.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { EXIT, type ExitSlot } from './exit.ts';
import { listenForInterrupts } from './interrupt.ts';
import { ProgressView } from './render/progress.ts';
import { SELF_COMMAND } from './self-command.ts';
import { statusDocument, statusText } from './render/summary.ts';

export interface WorkOptions {
  readonly store: ObjectStore;
  /** As the user says it: part of the hint how to resume. */
  readonly storeArgument: string;
  readonly run: string;
  readonly reason: SubmissionRecord['reason'];
  readonly entries: readonly SubmissionEntry[];
  readonly concurrency: number;
  readonly grace: number;
  readonly json: boolean;
}

/** Works shards to their end, shows it, prints the run's status, and sets the exit code. */
export async function workAndTell(options: WorkOptions, exit: ExitSlot): Promise<void> {
  const { store, run, concurrency, grace } = options;
  const view = new ProgressView(process.stderr);
  const interrupts = listenForInterrupts(() =>
    view.say(`draining: tracks in flight may take up to ${grace} s more; Ctrl-C again stops at once`),
  );
  try {
    const ended = await executeSubmission({
      ...options,
      executor: createLocalExecutor({
        store,
        run,
        concurrency,
        graceSeconds: grace,
        selfCommand: SELF_COMMAND,
      }),
      drain: interrupts.drain,
      stop: interrupts.stop,
      onProgress: (progress) => view.update(progress),
      onTrouble: ({ shard, message }) => view.say(`shard ${shard}: ${message}`),
    });
    view.close();
    const status = await readStatus(store, await openRun(store, run));
    process.stdout.write(options.json ? statusDocument(status) : statusText(status));
    exit.code = exitCodeOf(status, ended.outcome);
    const resume = `backfill resume ${run}${options.storeArgument}`;
    for (const { shard, reason } of ended.gaveUp) {
      process.stderr.write(`backfill: shard ${shard} could not be finished: ${reason}\n`);
    }
    if (ended.outcome !== 'finished') {
      process.stderr.write(`backfill: ${ended.outcome}; what is committed stays: ${resume} goes on\n`);
    }
  } finally {
    view.close();
    interrupts.release();
  }
}

function exitCodeOf(
  status: RunStatus,
  outcome: 'finished' | 'interrupted' | 'cancelled' | 'gave-up',
): number {
  if (outcome === 'interrupted' || outcome === 'cancelled') return EXIT.interrupted;
  if (outcome === 'gave-up') return EXIT.unable;
  return Object.keys(status.failures).length > 0 ? EXIT.someFailed : EXIT.done;
}
