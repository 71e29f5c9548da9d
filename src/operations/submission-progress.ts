import { type Course, type Pace, paceSince } from '../run/pace.ts';
import { type CommittedWork, type ShardWork, committedWork } from '../run/progress.ts';
import type { SubmissionRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ShardProgress } from '../worker/messages.ts';
import type { ShardStates } from './shard-states.ts';

/** How far a submission is. */
export interface SubmissionProgress {
  /** Tracks with all their outcomes: committed, or known to be about to be. */
  readonly done: number;
  readonly total: number;
  /** Failed outcomes. */
  readonly failed: number;
  /** Of the planned work, 0 to 1. */
  readonly fraction: number;
  /** Whether it is what the store holds of it: what workers have in hand is not known then. */
  readonly fromStore: boolean;
  /** Whether shards under way were too many to read, so that this is estimated from a sample of them. */
  readonly estimated: boolean;
  /** Shards under way, and how many of them were read; of what is read from the store. */
  readonly inFlightShards: number;
  readonly sampledShards: number;
  /** From what was worked since the submission began, or since this command first looked at it. */
  readonly pace: Pace | undefined;
}

export interface SubmissionMeterOptions {
  readonly record: SubmissionRecord;
  readonly entries: readonly SubmissionEntry[];
  /**
   * Whether workers do not report here, so that the store is looked at again and again: then a worker may have worked
   * up to `checkpointSeconds` since its last commit.
   */
  readonly fromStore: boolean;
  readonly checkpointSeconds: number;
  /** Seconds, monotonic. */
  readonly clock: () => number;
}

/**
 * Follows one submission: takes what its workers report, or what looks at the store find, and says how far it is and
 * how fast. What its shards held when it began is in how far it is, and never in how fast.
 */
export class SubmissionMeter {
  readonly #options: SubmissionMeterOptions;
  readonly #finished = new Set<number>();
  readonly #started = new Set<number>();
  readonly #unmarked = new Set<number>();
  readonly #work = new Map<number, ShardWork>();
  #first: { readonly at: number; readonly course: Course } | undefined;
  /** As the executor tells; undefined where it does not. */
  #atWork: number | undefined;
  /** Of workers that report here: seconds that they have worked, and until when that is counted. */
  #workedSeconds = 0;
  #countedUntil = 0;
  #unfinishedShards: number;

  constructor(options: SubmissionMeterOptions) {
    this.#options = options;
    this.#unfinishedShards = options.entries.length;
  }

  /** Takes what was read from the store. The first look is what everything later is compared with. */
  see({ finished, started, unmarked, work }: ShardStates): void {
    for (const [own, seen] of [
      [this.#finished, finished],
      [this.#started, started],
      [this.#unmarked, unmarked],
    ] as const) {
      own.clear();
      for (const shard of seen) own.add(shard);
    }
    this.#work.clear();
    for (const [shard, of] of work) this.#work.set(shard, of);
    const at = this.#options.clock();
    this.#countedUntil = at;
    this.#first ??= { at, course: this.#course(this.#committed()) };
  }

  /** Takes a worker's report. */
  hear({ shard, rows, done, failed }: ShardProgress): void {
    this.#countWork();
    const before = this.#work.get(shard);
    const fraction = rows === 0 ? 1 : Math.min(1, done / rows);
    this.#started.add(shard);
    // All its rows have their outcomes: what is left is to publish them.
    if (fraction === 1) this.#finished.add(shard);
    else this.#finished.delete(shard);
    this.#work.set(shard, {
      fraction,
      failed,
      workSeconds: before?.workSeconds ?? 0,
      reclaims: before?.reclaims ?? 0,
    });
  }

  /** Takes how many workers are at work. */
  setWorkers(atWork: number): void {
    this.#atWork = atWork;
  }

  /** How far it is at this moment; undefined before anything is known. Takes a pass over the submission's shards. */
  read(): SubmissionProgress | undefined {
    if (this.#first === undefined && this.#work.size === 0) return undefined;
    this.#countWork();
    const { fromStore, checkpointSeconds, clock } = this.#options;
    const committed = this.#committed();
    const since = this.#first;
    const uncommitted = fromStore ? checkpointSeconds : 0;
    return {
      done: committed.committedTracks,
      total: committed.tracks,
      failed: committed.failed,
      fraction: committed.fraction,
      fromStore,
      estimated: committed.estimated,
      inFlightShards: committed.inFlightShards,
      sampledShards: committed.sampledShards,
      pace: since && paceSince(since.course, this.#course(committed), clock() - since.at, uncommitted),
    };
  }

  #committed(): CommittedWork {
    const committed = committedWork(this.#options.entries, {
      finished: this.#finished,
      started: this.#started,
      unmarked: this.#unmarked,
      work: this.#work,
    });
    this.#unfinishedShards = committed.unfinishedShards;
    return committed;
  }

  #course(committed: CommittedWork): Course {
    const { fromStore } = this.#options;
    return {
      ...committed,
      workSeconds: fromStore ? committed.workSeconds : this.#workedSeconds,
      workers: this.#workers(),
    };
  }

  /** As many as the executor says; one that does not keeps as many busy as it was told to. */
  #workers(): number {
    const { executor } = this.#options.record;
    const busy = executor.kind === 'local' ? executor.concurrency : 0;
    return Math.min(this.#atWork ?? busy, this.#unfinishedShards);
  }

  #countWork(): void {
    const now = this.#options.clock();
    this.#workedSeconds += (now - this.#countedUntil) * this.#workers();
    this.#countedUntil = now;
  }
}
