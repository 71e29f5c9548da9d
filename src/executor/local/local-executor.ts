import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Execution, Executor, ExecutorSubmission } from '../executor.ts';
import { makeScratchDirectory } from './scratch.ts';
import { type WorkerEnd, WorkerProcess } from './worker-process.ts';
import { type ShardProgress, WORKER_EXIT } from '../../worker/messages.ts';

/** A worker that ends badly is started again so many times, as long as its shard gets no further. */
const MAX_RESTARTS = 3;

/** A shard that is held longer by a process that was left behind is taken from it. */
const MAX_WAIT_SECONDS = 600;
const POLL_MILLISECONDS = 250;

/** How far a shard is, and a mark that changes whenever it gets further. */
export interface CheckpointProgress extends ShardProgress {
  readonly mark: string;
}

export interface LocalExecutorOptions {
  /** Workers at one time. */
  readonly concurrency: number;
  /** The command line that starts a worker: program first, the submission's URI is added. */
  readonly workerCommand: readonly string[];
  /** Whether a process of this machine works the shard: what a command that was killed has left behind. */
  readonly isBeingWorked: (shard: number) => Promise<boolean>;
  /** How far a shard is by its checkpoint; undefined where it was never taken. */
  readonly readProgress: (shard: number) => Promise<CheckpointProgress | undefined>;
}

/**
 * Runs workers as child processes of this one, as many at a time as there are cores. Each is told its
 * array index as AWS Batch would, and takes its shard from the store; this process passes on nothing
 * that a Batch child would not know.
 */
export class LocalExecutor implements Executor {
  readonly outlives: boolean = false;
  readonly #options: LocalExecutorOptions;

  constructor(options: LocalExecutorOptions) {
    this.#options = options;
  }

  async execute(submission: ExecutorSubmission): Promise<Execution> {
    const limit = pLimit(this.#options.concurrency);
    const scratchDirectory = await makeScratchDirectory(tmpdir(), Date.now() / 1000);
    try {
      const outcomes = await Promise.all(
        submission.entries.map(({ shard }, index) =>
          limit(() => this.#workShard(submission, shard, index, scratchDirectory)),
        ),
      );
      return {
        finished: outcomes.filter((outcome) => outcome === 'finished').length,
        gaveUp: outcomes.flatMap((outcome, index) =>
          typeof outcome === 'string'
            ? []
            : [
                {
                  shard: (submission.entries[index] as { shard: number }).shard,
                  cause: 'failed',
                  ...outcome,
                },
              ],
        ),
        underWay: false,
      };
    } finally {
      await rm(scratchDirectory, { recursive: true, force: true });
    }
  }

  async #workShard(
    submission: ExecutorSubmission,
    shard: number,
    index: number,
    scratchDirectory: string,
  ): Promise<'finished' | 'left' | { readonly reason: string }> {
    const { drain, stop } = submission;
    let mark: string | undefined = '';
    for (let restarts = 0; ; ) {
      await this.#untilFree(shard, AbortSignal.any([drain, stop]));
      if (drain.aborted || stop.aborted) return 'left';
      const worker = new WorkerProcess({
        command: [...this.#options.workerCommand, '--scratch', scratchDirectory, submission.uri],
        arrayIndex: submission.entries.length === 1 ? undefined : index,
        onProgress: submission.onProgress,
      });
      const end = await worker.run(drain, stop);
      // A worker that is killed may not have told how far it was.
      const reached = await this.#options.readProgress(shard);
      if (reached !== undefined) submission.onProgress(reached);
      if (end.code === WORKER_EXIT.finished) return 'finished';
      if (drain.aborted || stop.aborted) return 'left';
      const reason = describeEnd(end);
      submission.onTrouble({ shard, message: reason });
      restarts = reached?.mark === mark ? restarts + 1 : 1;
      mark = reached?.mark;
      if (restarts > MAX_RESTARTS) return { reason };
    }
  }

  /** A worker whose command was killed finishes its track and leaves: to replace it would throw that away. */
  async #untilFree(shard: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + MAX_WAIT_SECONDS * 1000;
    while (!signal.aborted && performance.now() < deadline && (await this.#options.isBeingWorked(shard))) {
      await delay(POLL_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }
}

function describeEnd({ code, signal, lastLines }: WorkerEnd): string {
  const how =
    signal !== undefined
      ? `was ended by ${signal}`
      : code === WORKER_EXIT.drained
        ? 'was told to stop, and left its shard in good order'
        : code === WORKER_EXIT.replaced
          ? 'found its shard taken over by another attempt'
          : `ended with exit code ${code ?? 'unknown'}`;
  const said = lastLines.length === 0 ? '' : `; it said last:\n    ${lastLines.join('\n    ')}`;
  return `the worker ${how}${said}`;
}
