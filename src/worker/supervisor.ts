import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { environmentError, messageOf } from '../errors.ts';
import type { CrashReport } from '../run/checkpoint.ts';
import type { CrashCause } from '../run/records.ts';
import { systemFailure } from '../system-failures.ts';
import { makeTemporaryFolder, temporaryFolderFailure } from '../temporary-folder.ts';
import { heapExhaustionReported, kernelMemoryKills } from './memory-pressure.ts';
import { type AttemptMessage, type ShardProgress, type SupervisorMessage, WORKER_EXIT } from './messages.ts';
import { isThere } from './scratch-room.ts';

/** An attempt that ends with no row in flight is started again so many times. */
const MAX_RESTARTS = 3;

/** From the end of the grace time to the SIGKILL: what a commit may take. */
const COMMIT_SECONDS = 8;

/**
 * So long an attempt may take until it is first heard of: some thirty times what it takes on a busy machine. Node 24
 * itself waits for ever where it may not start all its threads.
 */
const START_SECONDS = 120;

/**
 * What may end a process for what it does to a track: its own faults, and SIGKILL, by which the kernel takes memory
 * back. All others come from people and from limits (SIGXCPU: ulimit -t), whatever track is in work.
 */
const CRASH_SIGNALS: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGKILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]);

export interface SupervisorOptions {
  /** The command line of an attempt, from the program on: `backfill attempt ...`. */
  readonly attemptArguments: readonly string[];
  /** Made where it is missing: those who clean up temporary files may have removed it. */
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
  /** What people should know of an attempt that did not end well, and did not say so itself. */
  readonly onNotice: (message: string) => void;
}

/** How an attempt ended. */
interface AttemptEnd {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly crash: CrashReport;
  /** Whether its folder for temporary files was deleted under it. */
  readonly lostScratch: boolean;
}

/**
 * Runs attempts at one shard until it is finished, and stays alive whatever happens to them: codecs and
 * algorithms may take their process down, and someone has to tell the next attempt which row that was.
 * It costs nothing while all goes well: what is in flight is known here, and stored nowhere.
 *
 * An attempt that leaves by itself, with one of {@link WORKER_EXIT}, is no crash: no row is to blame for what made it
 * leave.
 *
 * @returns the exit code of the worker
 * @throws BackfillError where no attempt can be started
 */
export async function supervise(options: SupervisorOptions): Promise<number> {
  let crash: CrashReport | undefined;
  for (let [restarts, isFirst] = [0, true]; ; isFirst = false) {
    const end = await new Attempt(options, crash, isFirst ? options.reclaims : 0).ended();
    if (options.stop.aborted) return WORKER_EXIT.drained;
    crash = end.crash;
    const mayRestart = restarts < MAX_RESTARTS && !options.drain.aborted;
    if (end.code === WORKER_EXIT.unable && end.lostScratch && mayRestart) {
      restarts += 1;
      continue;
    }
    const known: readonly (number | undefined)[] = Object.values(WORKER_EXIT);
    if (known.includes(end.code)) return end.code as number;
    if (options.drain.aborted) return WORKER_EXIT.drained;
    const { how, row } = crash;
    options.onNotice(`an attempt ${how}${row === undefined ? '' : ` at row ${row} of its shard`}`);
    // A row that crashes is struck out at its second time: only crashes without one could go on for ever.
    if (crash.row === undefined && ++restarts > MAX_RESTARTS) {
      options.onNotice(
        'attempts end before they come to a track: may more processes and threads be started (ulimit -u, the limits of the container), and is there memory?',
      );
      return WORKER_EXIT.unable;
    }
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
    const { drain, stop, graceSeconds } = this.#options;
    const scratchDirectory = await this.#makeScratch();
    const killsBefore = kernelMemoryKills();
    const child = await this.#start(scratchDirectory);
    const exited = exitOf(child);
    const onDrain = () => {
      send(child, { kind: 'drain', graceSeconds });
      this.#watch(child, graceSeconds + COMMIT_SECONDS);
    };
    const onStop = () => killGroup(child);
    drain.addEventListener('abort', onDrain);
    stop.addEventListener('abort', onStop);
    child.on('message', (message) => this.#receive(child, message as AttemptMessage));
    this.#watch(child, START_SECONDS);
    if (drain.aborted) onDrain();
    if (stop.aborted) onStop();
    try {
      const { code, signal } = await exited;
      killGroup(child);
      const outOfMemory =
        kernelMemoryKills() > killsBefore || (await heapExhaustionReported(scratchDirectory));
      const cause: CrashCause = this.#hung ? 'timeout' : outOfMemory ? 'out-of-memory' : 'crashed';
      const isCrash = signal === undefined || CRASH_SIGNALS.has(signal);
      const row = isCrash ? this.#row : undefined;
      const how = signal === undefined ? `exited with code ${code}` : `was ended by ${signal}`;
      const lostScratch = !(await isThere(scratchDirectory));
      return { code, signal, crash: { attempt: this.#attempt, row, cause, how }, lostScratch };
    } finally {
      clearTimeout(this.#deadline);
      drain.removeEventListener('abort', onDrain);
      stop.removeEventListener('abort', onStop);
      await rm(scratchDirectory, { recursive: true, force: true }).catch(() => {});
    }
  }

  async #makeScratch(): Promise<string> {
    const { scratchDirectory: parent } = this.#options;
    await mkdir(parent, { recursive: true }).catch((error: unknown) => {
      throw temporaryFolderFailure(error, parent);
    });
    return makeTemporaryFolder('shard-', parent);
  }

  /** @throws BackfillError `attempt-not-started`, or the limit that keeps it from being started */
  async #start(scratchDirectory: string): Promise<ChildProcess> {
    try {
      return await spawned(() =>
        spawn(process.execPath, this.#arguments(scratchDirectory), {
          // A group of its own, so that its codecs can be ended with it.
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
          detached: true,
        }),
      );
    } catch (error) {
      await rm(scratchDirectory, { recursive: true, force: true }).catch(() => {});
      const message = `an attempt can not be started: ${messageOf(error)}`;
      throw systemFailure(error) ?? environmentError('attempt-not-started', message, { cause: error });
    }
  }

  #arguments(scratchDirectory: string): readonly string[] {
    return [
      '--report-on-fatalerror',
      '--report-compact',
      `--report-directory=${scratchDirectory}`,
      ...this.#options.attemptArguments,
      '--attempt',
      this.#attempt,
      '--scratch',
      scratchDirectory,
      ...(this.#reclaims === 0 ? [] : ['--reclaims', String(this.#reclaims)]),
      ...(this.#crash === undefined ? [] : ['--crash', JSON.stringify(this.#crash)]),
    ];
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

/** Waits until the kernel has, or has not, started a process: some refusals are thrown, others told later. */
async function spawned(start: () => ChildProcess): Promise<ChildProcess> {
  const child = start();
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  // A later error says that a signal or message could not be sent: the process is gone then.
  child.on('error', () => {});
  return child;
}

async function exitOf(
  child: ChildProcess,
): Promise<{ readonly code: number | undefined; readonly signal: NodeJS.Signals | undefined }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
  });
}
