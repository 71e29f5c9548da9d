import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { messageOf } from '../../errors.ts';
import { systemFailure } from '../../system-failures.ts';
import {
  type ExecutorMessage,
  type ShardProgress,
  WORKER_EXIT,
  type WorkerMessage,
} from '../../worker/messages.ts';

/** So much of what a worker says is kept for the case that it ends badly. */
const KEPT_LINES = 6;
const KEPT_LINE_LENGTH = 400;

export interface WorkerProcessOptions {
  /** Program and arguments of `backfill worker`. */
  readonly command: readonly string[];
  /** AWS_BATCH_JOB_ARRAY_INDEX; undefined for a lone shard, as in Batch. */
  readonly arrayIndex: number | undefined;
  readonly onProgress: (progress: ShardProgress) => void;
}

/** How a worker ended. */
export interface WorkerEnd {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly lastLines: readonly string[];
}

/** One `backfill worker` as a child process, in a process group of its own: a terminal's Ctrl-C is not for it. */
export class WorkerProcess {
  readonly #options: WorkerProcessOptions;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
  }

  /**
   * Runs the worker to its end. That is: until no process holds its output any more. A worker that is
   * killed leaves its attempt behind, which finishes the track in flight and commits; the next worker
   * has to come after it, or it would do that work again. One that can not be started is {@link WORKER_EXIT}.unable.
   *
   * @param drain aborted: the worker is sent SIGTERM
   * @param stop aborted: the worker and all it started are killed
   */
  async run(drain: AbortSignal, stop: AbortSignal): Promise<WorkerEnd> {
    const [program, ...args] = this.#options.command;
    const { AWS_BATCH_JOB_ARRAY_INDEX: _, ...environment } = process.env;
    const index = this.#options.arrayIndex;
    let child: ChildProcess;
    try {
      child = spawn(program as string, args, {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
        env: index === undefined ? environment : { ...environment, AWS_BATCH_JOB_ARRAY_INDEX: String(index) },
      });
    } catch (error) {
      // Some refusals of the system are thrown, others are told below.
      return notStarted(error);
    }
    const lastLines: string[] = [];
    keepLines(child.stdout, lastLines);
    keepLines(child.stderr, lastLines);
    child.on('message', (message) => this.#options.onProgress(message as WorkerMessage));
    const onDrain = () => child.kill('SIGTERM');
    const onStop = () => stopNow(child);
    drain.addEventListener('abort', onDrain);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    else if (drain.aborted) onDrain();
    try {
      return await new Promise((resolve) => {
        // An error of a process that was started says no more than that a signal could not be sent.
        child.on('error', (error) => child.pid ?? resolve(notStarted(error)));
        child.once('close', (code, signal) =>
          resolve({ code: code ?? undefined, signal: signal ?? undefined, lastLines }),
        );
      });
    } finally {
      drain.removeEventListener('abort', onDrain);
      stop.removeEventListener('abort', onStop);
    }
  }
}

function notStarted(error: unknown): WorkerEnd {
  const failure = systemFailure(error);
  const line = `it can not be started: ${messageOf(failure ?? error)}`;
  const lastLines = failure?.hint === undefined ? [line] : [line, `  ${failure.hint}`];
  return { code: WORKER_EXIT.unable, signal: undefined, lastLines };
}

/** The supervisor is asked to kill its attempt, which is in another process group, before it goes. */
function stopNow(child: ChildProcess): void {
  const message: ExecutorMessage = { kind: 'stop' };
  if (child.connected) child.send(message, () => {});
  else child.kill('SIGKILL');
}

function keepLines(stream: Readable | null, kept: string[]): void {
  stream?.setEncoding('utf8');
  let rest = '';
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-KEPT_LINE_LENGTH);
    for (const line of lines) {
      if (line.trim() === '') continue;
      kept.push(line.slice(0, KEPT_LINE_LENGTH));
      if (kept.length > KEPT_LINES) kept.shift();
    }
  });
}
