import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Execution, Executor, ExecutorSubmission, GivenUpShard } from '../executor.ts';
import { makeScratchDirectory } from './scratch.ts';
import { type WorkerEnd, WorkerProcess } from './worker-process.ts';
import { type ShardProgress, WORKER_EXIT } from '../../worker/messages.ts';

/** A worker that ends badly is started again so many times, as long as its shard gets no further. */
const MAX_RESTARTS = 3;

/**
 * So many shards whose workers could not go on, one after the other while no shard got any further: what stands in
 * their way stands in that of all others as well.
 */
const MAX_UNABLE_SHARDS = 5;

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

/** `left`: it was not tried, or not to the end. */
type ShardEnd = 'finished' | 'left' | GivenUpShard;

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
    const work = new LocalSubmission(this.#options, submission, scratchDirectory);
    try {
      const ends = await Promise.all(
        submission.entries.map(({ shard }, index) => limit(() => work.shard(shard, index))),
      );
      // This process can not go on; its workers have left by now.
      if (work.failure !== undefined) throw work.failure.reason;
      return {
        finished: ends.filter((end) => end === 'finished').length,
        gaveUp: ends.filter((end) => typeof end !== 'string'),
        underWay: false,
      };
    } finally {
      // What can not be removed now is removed by a later run.
      await rm(scratchDirectory, { recursive: true, force: true }).catch(() => {});
    }
  }
}

/** The shards of one submission, and what they have in common. */
class LocalSubmission {
  /** What keeps this process itself from going on: it can not read the store, say. */
  failure: { readonly reason: unknown } | undefined;
  readonly #options: LocalExecutorOptions;
  readonly #submission: ExecutorSubmission;
  readonly #scratchDirectory: string;
  /** Aborted: workers leave in good order, for {@link failure}. */
  readonly #failed = new AbortController();
  readonly #drain: AbortSignal;
  /** The rows that were done in each shard, when they were last heard of. */
  readonly #done = new Map<number, number>();
  /** Shards that could not be worked since any got further. */
  #unableShards = 0;

  constructor(options: LocalExecutorOptions, submission: ExecutorSubmission, scratchDirectory: string) {
    this.#options = options;
    this.#submission = submission;
    this.#scratchDirectory = scratchDirectory;
    this.#drain = AbortSignal.any([submission.drain, this.#failed.signal]);
  }

  /** Sees one shard through. Never rejects: see {@link failure}. */
  async shard(shard: number, index: number): Promise<ShardEnd> {
    if (this.#unableShards >= MAX_UNABLE_SHARDS) return 'left';
    try {
      return await this.#work(shard, index);
    } catch (reason) {
      this.failure ??= { reason };
      this.#failed.abort();
      return 'left';
    }
  }

  async #work(shard: number, index: number): Promise<ShardEnd> {
    const { stop, onTrouble } = this.#submission;
    const drain = this.#drain;
    let mark: string | undefined = '';
    for (let restarts = 0; ; ) {
      await this.#untilFree(shard, AbortSignal.any([drain, stop]));
      if (drain.aborted || stop.aborted) return 'left';
      const end = await this.#runWorker(index);
      // A worker that is killed may not have told how far it was.
      const reached = await this.#options.readProgress(shard);
      if (reached !== undefined) this.#tell(reached);
      if (end.code === WORKER_EXIT.finished) {
        this.#unableShards = 0;
        return 'finished';
      }
      if (drain.aborted || stop.aborted) return 'left';
      const reason = describeEnd(end);
      onTrouble({ shard, message: reason });
      restarts = reached?.mark === mark ? restarts + 1 : 1;
      mark = reached?.mark;
      if (restarts > MAX_RESTARTS) {
        if (end.code === WORKER_EXIT.unable) this.#countUnable();
        return { shard, cause: 'failed', reason };
      }
    }
  }

  #runWorker(index: number): Promise<WorkerEnd> {
    const { uri, entries, stop } = this.#submission;
    const worker = new WorkerProcess({
      command: [...this.#options.workerCommand, '--scratch', this.#scratchDirectory, uri],
      arrayIndex: entries.length === 1 ? undefined : index,
      onProgress: (progress) => this.#tell(progress),
    });
    return worker.run(this.#drain, stop);
  }

  #tell(progress: ShardProgress): void {
    if (progress.done > (this.#done.get(progress.shard) ?? 0)) this.#unableShards = 0;
    this.#done.set(progress.shard, progress.done);
    this.#submission.onProgress(progress);
  }

  #countUnable(): void {
    this.#unableShards += 1;
    if (this.#unableShards !== MAX_UNABLE_SHARDS) return;
    this.#submission.onNotice(
      `${MAX_UNABLE_SHARDS} shards one after the other could not be worked, and no other got any further: no more are started`,
    );
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
