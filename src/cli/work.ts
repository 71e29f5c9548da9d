/** What `run`, `resume` and `retry-failed` have in common: shards are worked, watched, and told about. */
import { BackfillError, environmentError } from '../errors.ts';
import { createBatchExecutor, createLocalExecutor, inspectorOf } from '../compose.ts';
import type { Executor } from '../executor/executor.ts';
import type { SubmissionEnd } from '../operations/execute.ts';
import { openRun } from '../operations/runs.ts';
import { readStatus } from '../operations/read-status.ts';
import { type Handover, workShards } from '../operations/work-shards.ts';
import type { RejectionCount } from '../plan/rejections.ts';
import type { BatchExecution, SubmissionRecord } from '../run/records.ts';
import type { RunStatus } from '../run/status.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { systemFailure } from '../system-failures.ts';
import { thisProcess } from '../worker/liveness.ts';
import { type ExecutorOptions, concurrencyOf } from './executor-options.ts';
import { EXIT, type ExitSlot } from './exit.ts';
import { listenForInterrupts } from './interrupt.ts';
import { printResult, say } from './output.ts';
import { ProgressView } from './render/progress.ts';
import { SELF_COMMAND } from './self-command.ts';
import { statusDocument, statusText, workersText } from './render/summary.ts';
import { visible } from '../visible-text.ts';

export interface WorkOptions {
  readonly store: ObjectStore;
  /** As the user says it: part of the hint how to resume. */
  readonly storeArgument: string;
  readonly run: string;
  /** What is worked: shards anew, or a submission that is there already. */
  readonly work:
    | {
        readonly reason: SubmissionRecord['reason'];
        readonly entries: readonly SubmissionEntry[];
        /** On AWS Batch; undefined: on this machine. */
        readonly execution: BatchExecution | undefined;
      }
    | {
        readonly adopted: SubmissionRecord;
        readonly entries: readonly SubmissionEntry[];
        /** How what it has left unfinished is worked once more; undefined: it is left. */
        readonly anew: BatchExecution | undefined;
      };
  /** Who worked the run last, where it could not be seen whether that has ended. */
  readonly unseen?: string | undefined;
  readonly executor: ExecutorOptions;
  readonly json: boolean;
  /** Of a run that was planned just now: the rows that were left out. They become a part of the document. */
  readonly rejections?: readonly RejectionCount[];
}

/**
 * Works shards to their end, or hands them over; shows it, prints the run's status, and sets the exit code.
 *
 * @throws BackfillError whose hint says how the run is resumed, where this process itself could not go on
 */
export async function workAndTell(options: WorkOptions, exit: ExitSlot): Promise<void> {
  const { run, unseen } = options;
  if (unseen !== undefined) {
    say(
      `run ${run} was worked by ${unseen}, which can not be seen from here: it is taken to have ended (if it has not, nothing is lost or doubled, but both do the same work)\n`,
    );
  }
  try {
    await workShardsAndReport(options, exit);
  } catch (error) {
    throw withResumeHint(error, options);
  }
}

/** What is committed stays whatever happens, and how to go on from there is what has to be known then. */
function withResumeHint(error: unknown, { store, run, storeArgument }: WorkOptions): unknown {
  const failure = error instanceof BackfillError ? error : systemFailure(error);
  if (failure === undefined) return error;
  const resume = `what is committed stays: backfill resume ${run}${storeArgument} resumes the run`;
  if (failure.code === 'no-such-run') {
    const message = `run ${run} is no longer in ${store.uri}: was that deleted or unmounted?`;
    return environmentError('store-gone', message, { cause: error, hint: `once it is back, ${resume}` });
  }
  if (failure.fault !== 'environment') return failure;
  const hint = failure.hint === undefined ? resume : `${failure.hint}; ${resume}`;
  return environmentError(failure.code, failure.message, { cause: error, hint });
}

async function workShardsAndReport(options: WorkOptions, exit: ExitSlot): Promise<void> {
  const { store, run, work } = options;
  const { handover, executor } = await prepare(options);
  const view = new ProgressView(process.stderr);
  const interrupts = listenForInterrupts(() => view.say(interruptText(executor, options)));
  try {
    const ended =
      work.entries.length === 0
        ? ({ outcome: 'finished', gaveUp: [] } as const)
        : await workShards({
            store,
            run,
            handover,
            entries: work.entries,
            executor,
            detach: options.executor.detach ?? false,
            drain: interrupts.drain,
            stop: interrupts.stop,
            onSubmission: (readProgress) => view.follow(readProgress),
            onTrouble: ({ shard, message }) => view.say(visible(`shard ${shard}: ${message}`)),
            onNotice: (message) => view.say(visible(message)),
            onWorkers: (workers) => view.note(visible(workersText(workers))),
          });
    view.close();
    const status = await readStatus(store, await openRun(store, run), inspectorOf(store));
    printResult(
      options.json,
      () => statusDocument({ ...status, ...rejectionsOf(options) }, options.executor.vcpuPrice),
      () => statusText(status, options.executor.vcpuPrice),
    );
    exit.code = exitCodeOf(status, ended.outcome, interrupts.drain.aborted);
    const command = (name: string) => `backfill ${name} ${run}${options.storeArgument}`;
    for (const { shard, reason } of ended.gaveUp.slice(0, GIVEN_UP_TOLD)) {
      say(`backfill: shard ${shard} could not be finished: ${reason}\n`);
    }
    if (ended.gaveUp.length > GIVEN_UP_TOLD) {
      say(`backfill: and ${ended.gaveUp.length - GIVEN_UP_TOLD} more shards\n`);
    }
    if (ended.outcome === 'under-way') {
      say(
        `backfill: AWS Batch goes on with it: ${command('status')} --watch shows it, ${command('resume')} sees it through, ${command('cancel')} stops it\n`,
      );
    } else if (ended.outcome === 'finished' && status.state !== 'finished') {
      say(
        `backfill: shards of earlier submissions are not finished: ${command('resume')} goes on with them\n`,
      );
    } else if (ended.outcome !== 'finished') {
      say(`backfill: ${ended.outcome}; what is committed stays: ${command('resume')} goes on\n`);
    }
  } finally {
    view.close();
    interrupts.release();
  }
}

function rejectionsOf({ rejections }: WorkOptions): Pick<WorkOptions, 'rejections'> {
  return rejections === undefined ? {} : { rejections };
}

/** So many given-up shards are told of one by one. */
const GIVEN_UP_TOLD = 10;

/** Finds out who works the shards. */
async function prepare(
  options: WorkOptions,
): Promise<{ readonly handover: Handover; readonly executor: Executor }> {
  const { store, run, work, executor: chosen } = options;
  if ('adopted' in work) {
    const { adopted, anew } = work;
    const executor = await createBatchExecutor({ store, region: regionOf(adopted) });
    return { handover: { kind: 'adopted', record: adopted, anew }, executor };
  }
  const { reason } = work;
  if (work.execution !== undefined) {
    const { execution } = work;
    const executor = await createBatchExecutor({ store, region: execution.target.region });
    return { handover: { kind: 'new', reason, execution }, executor };
  }
  const concurrency = concurrencyOf(chosen);
  const execution = { kind: 'local', ...thisProcess(), concurrency } as const;
  const graceSeconds = chosen.grace;
  const executor = createLocalExecutor({ store, run, concurrency, graceSeconds, selfCommand: SELF_COMMAND });
  return { handover: { kind: 'new', reason, execution }, executor };
}

function regionOf({ executor }: SubmissionRecord): string {
  if (executor.kind === 'batch') return executor.target.region;
  throw new Error('only submissions to AWS Batch outlive the command that made them');
}

function interruptText({ outlives }: Executor, { executor: { grace } }: WorkOptions): string {
  return outlives
    ? 'leaving: the jobs go on'
    : `draining: tracks in flight may take up to ${grace} s more; Ctrl-C again stops at once`;
}

function exitCodeOf(status: RunStatus, outcome: SubmissionEnd['outcome'], interrupted: boolean): number {
  switch (outcome) {
    case 'finished':
      if (status.state !== 'finished') return EXIT.unable;
      return Object.keys(status.failures).length > 0 ? EXIT.someFailed : EXIT.done;
    case 'gave-up':
      return EXIT.unable;
    case 'under-way':
      return interrupted ? EXIT.interrupted : EXIT.done;
    case 'interrupted':
    case 'cancelled':
      return EXIT.interrupted;
  }
}
