import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrashReport } from '../run/checkpoint.ts';
import type { CrashCause } from '../run/records.ts';
import { heapExhaustionReported, kernelMemoryKills } from './memory-pressure.ts';
import { type AttemptMessage, type ShardProgress, type SupervisorMessage, WORKER_EXIT } from './messages.ts';

/** An attempt that ends with no row in flight is started again so many times. */
const MAX_RESTARTS = 3;

/** From the end of the grace time to the SIGKILL: what a commit may take. */
const COMMIT_SECONDS = 8;

export interface SupervisorOptions {
  /** The command line of an attempt, from the program on: `backfill attempt ...`. */
  readonly attemptArguments: readonly string[];
  readonly scratchDirectory: string;
  /**
   * How often this worker was started again, where that tells that its machine was taken away: a job
   * definition has nothing else tried again. Told to the first attempt, and 0 is not told.
   */
  readonly reclaims: number;
  /** How long a track in flight may go on when the worker is told to drain. */
  readonly graceSeconds: number;
  /** Aborted: drain. */
  readonly drain: AbortSignal;
  /** Aborted: kill the attempt, and go. */
  readonly stop: AbortSignal;
  readonly onProgress: (progress: ShardProgress) => void;
}

/** How an attempt ended. */
interface AttemptEnd {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly crash: CrashReport;
}

/**
 * Runs attempts at one shard until it is finished, and stays alive whatever happens to them: codecs and
 * algorithms may take their process down, and someone has to tell the next attempt which row that was.
 * It costs nothing while all goes well: what is in flight is known here, and stored nowhere.
 *
 * @returns the exit code of the worker
 */
export async function supervise(options: SupervisorOptions): Promise<number> {
  let crash: CrashReport | undefined;
  for (let [idleCrashes, isFirst] = [0, true]; ; isFirst = false) {
    const end = await new Attempt(options, crash, isFirst ? options.reclaims : 0).ended();
    if (options.stop.aborted) return WORKER_EXIT.drained;
    const known: readonly (number | undefined)[] = Object.values(WORKER_EXIT);
    if (known.includes(end.code)) return end.code as number;
    if (options.drain.aborted) return WORKER_EXIT.drained;
    crash = end.crash;
    // A row that crashes is struck out at its second time: only crashes without one could go on for ever.
    if (crash.row === undefined && ++idleCrashes > MAX_RESTARTS) return WORKER_EXIT.unable;
  }
}

class Attempt {
  readonly #options: SupervisorOptions;
  readonly #crash: CrashReport | undefined;
  readonly #reclaims: number;
  readonly #attempt = randomUUID().slice(0, 8);
  #row: number | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #hung = false;

  constructor(options: SupervisorOptions, crash: CrashReport | undefined, reclaims: number) {
    this.#reclaims = reclaims;
    this.#options = options;
    this.#crash = crash;
  }

  async ended(): Promise<AttemptEnd> {
    const { attemptArguments, drain, stop, graceSeconds } = this.#options;
    const scratchDirectory = await mkdtemp(join(this.#options.scratchDirectory, 'shard-'));
    const killsBefore = kernelMemoryKills();
    const child = spawn(
      process.execPath,
      [
        '--report-on-fatalerror',
        '--report-compact',
        `--report-directory=${scratchDirectory}`,
        ...attemptArguments,
        '--attempt',
        this.#attempt,
        '--scratch',
        scratchDirectory,
        ...(this.#reclaims === 0 ? [] : ['--reclaims', String(this.#reclaims)]),
        ...(this.#crash === undefined ? [] : ['--crash', JSON.stringify(this.#crash)]),
      ],
      // A group of its own, so that its codecs can be ended with it.
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true },
    );
    const onDrain = () => {
      send(child, { kind: 'drain', graceSeconds });
      this.#watch(child, graceSeconds + COMMIT_SECONDS);
    };
    const onStop = () => killGroup(child);
    drain.addEventListener('abort', onDrain);
    stop.addEventListener('abort', onStop);
    child.on('message', (message) => this.#receive(child, message as AttemptMessage));
    if (drain.aborted) onDrain();
    if (stop.aborted) onStop();
    try {
      const { code, signal } = await exitOf(child);
      killGroup(child);
      const outOfMemory =
        kernelMemoryKills() > killsBefore || (await heapExhaustionReported(scratchDirectory));
      const cause: CrashCause = this.#hung ? 'timeout' : outOfMemory ? 'out-of-memory' : 'crashed';
      return { code, signal, crash: { attempt: this.#attempt, row: this.#row, cause } };
    } finally {
      clearTimeout(this.#deadline);
      drain.removeEventListener('abort', onDrain);
      stop.removeEventListener('abort', onStop);
      await rm(scratchDirectory, { recursive: true, force: true });
    }
  }

  #receive(child: ChildProcess, message: AttemptMessage): void {
    switch (message.kind) {
      case 'row':
        this.#row = message.row;
        if (!this.#options.drain.aborted) this.#watch(child, message.deadlineSeconds);
        break;
      case 'idle':
        this.#row = undefined;
        if (!this.#options.drain.aborted) clearTimeout(this.#deadline);
        break;
      case 'progress':
        this.#options.onProgress(message);
        break;
    }
  }

  /** Ends an attempt that does not come to its end by itself. */
  #watch(child: ChildProcess, seconds: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      this.#hung = true;
      killGroup(child);
    }, seconds * 1000);
  }
}

function send(child: ChildProcess, message: SupervisorMessage): void {
  // The attempt may be gone already; its exit says so.
  if (child.connected) child.send(message, () => {});
}

/** Kills an attempt and every codec that it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function exitOf(
  child: ChildProcess,
): Promise<{ readonly code: number | undefined; readonly signal: NodeJS.Signals | undefined }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
  });
}
