/**
 * One attempt of a job: its task, the signals it is sent, and how its end is told.
 * Sources: docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html (SIGTERM, and SIGKILL after 30
 * seconds), job_retries.html, docs.aws.amazon.com/batch/latest/APIReference/API_AttemptDetail.html.
 */
import type { ReclaimFlavour } from './reclaims.ts';
import type { Ending } from './retry-rules.ts';
import type { RunningTask, TaskEnd } from './runner.ts';

/** Why an attempt is ended from outside. */
export type Cause =
  | { readonly kind: 'terminated'; readonly reason: string }
  | { readonly kind: 'timeout' }
  /** The host is taken away. */
  | { readonly kind: 'reclaim'; readonly flavour: ReclaimFlavour; readonly instance: string }
  /** A SIGKILL out of nowhere, which the host lives to tell; with an instance, the host went with it. */
  | { readonly kind: 'killed'; readonly instance: string | undefined }
  | { readonly kind: 'out-of-memory' };

const EXITED = 'Essential container in task exited';
export const OUT_OF_MEMORY = 'OutOfMemoryError: Container killed due to memory usage';

export class Attempt {
  readonly number: number;
  readonly task: RunningTask;
  readonly logStreamName: string;
  startedAt: number | undefined;
  #cause: Cause | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(number: number, task: RunningTask, logStreamName: string) {
    this.number = number;
    this.task = task;
    this.logStreamName = logStreamName;
  }

  /** Why it was ended from outside, if it was: the first cause counts. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** SIGTERM to the main process, and SIGKILL to all when the grace is over. */
  stop(cause: Cause, graceMilliseconds: number): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.task.terminate();
    this.#grace = setTimeout(() => this.task.kill(), graceMilliseconds);
  }

  /** SIGKILL to all, without a word before. */
  kill(cause: Cause): void {
    this.#cause ??= cause;
    this.task.kill();
  }

  /** The task has ended: how Batch tells it. */
  settle(end: TaskEnd): Ending {
    clearTimeout(this.#grace);
    return endingOf(end, this.#cause);
  }
}

/** How Batch tells the end of a task that ended so, for such a cause. */
export function endingOf(end: TaskEnd, cause: Cause | undefined): Ending {
  if (end.failedToStart !== undefined)
    return { reason: end.failedToStart, statusReason: 'Task failed to start' };
  const own = end.exitCode === undefined ? {} : { exitCode: end.exitCode };
  const reason = end.outOfMemory || cause?.kind === 'out-of-memory' ? { reason: OUT_OF_MEMORY } : {};
  const told = { ...own, ...reason, statusReason: EXITED };
  switch (cause?.kind) {
    case undefined:
    case 'out-of-memory':
      return told;
    case 'terminated':
      return { ...own, statusReason: cause.reason };
    case 'timeout':
      return { ...own, statusReason: 'Job attempt duration exceeded timeout' };
    case 'killed':
      return cause.instance === undefined ? told : { statusReason: hostGone(cause.instance) };
    case 'reclaim': {
      // Work that was done before the host went is done.
      if (end.exitCode === 0 || cause.flavour === 'drained') return told;
      const statusReason =
        cause.flavour === 'fargate' ? 'Your Spot Task was interrupted.' : hostGone(cause.instance);
      // What was killed with its host had no one left to tell its exit code.
      return end.killed ? { statusReason } : { ...own, statusReason };
    }
  }
}

function hostGone(instance: string): string {
  return `Host EC2 (instance ${instance}) terminated.`;
}
