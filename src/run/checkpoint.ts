/**
 * The transitions of a shard's checkpoint.
 *
 *     (none) --claim--> running --commit--> running ... --commit all--> complete --publish--> finished
 *                          |                                               ^
 *                          +--drain--> drained --claim--> running          +-- claim publishes again
 *
 * Each transition is one compare-and-swap of the record, so an attempt that was replaced loses it. An
 * attempt that finds `running` when it claims comes after one that died without a word (or that still
 * lives: then it only fences it off); it works carefully until it is past the place where that may have been:
 * it notes each row before it starts it, so that a second silent death names its row. One that leaves by itself,
 * because the machine or the store stands in its way, says so as far as it can (`drained`): no row is to blame. A row in flight at
 * {@link QUARANTINE_CRASHES} hard crashes is recorded as a failure and never started again.
 */
import type { Checkpoint, CrashCause, OutcomeCounts, ProcessAddress, Strike } from './records.ts';

/** At so many hard crashes a row is given up. */
export const QUARANTINE_CRASHES = 2;

/** What the supervisor of a worker saw of its end: the row that was in flight, and why it ended. */
export interface CrashReport {
  /** The attempt that ended. */
  readonly attempt: string;
  /** The row in flight; undefined where none was. */
  readonly row: number | undefined;
  readonly cause: CrashCause;
  /** What ended it, for messages: `was ended by SIGSEGV`, `exited with code 1`. */
  readonly how: string;
}

/** An attempt's taking of a shard. */
export interface Claim {
  readonly checkpoint: Checkpoint;
  /** Whether rows have to be noted before they are started. */
  readonly careful: boolean;
}

/** Takes a shard for a new attempt. A `complete` or `finished` shard keeps its state: it only has to be published. */
export function claim(options: {
  readonly previous: Checkpoint | undefined;
  readonly run: string;
  readonly shard: number;
  readonly rows: number;
  readonly attempt: string;
  readonly holder: ProcessAddress;
  /** What the supervisor saw of this shard's attempt before, if it lived to see it. */
  readonly crash: CrashReport | undefined;
  /** Whether the attempt before is seen to live: it is fenced off then, and no row is to blame. */
  readonly previousLives: boolean;
  /**
   * How often this worker was started again because its machine was taken away; undefined where that was not
   * why it was started.
   */
  readonly reclaims?: number | undefined;
  /** ISO 8601. */
  readonly now: string;
}): Claim {
  const { previous, run, shard, rows, attempt, holder, crash, now } = options;
  if (previous === undefined) {
    const checkpoint: Checkpoint = {
      schema: 1,
      kind: 'checkpoint',
      run,
      shard,
      attempt,
      holder,
      attempts: 1,
      state: 'running',
      rows,
      next: 0,
      parts: [],
      counts: {},
      strikes: [],
      workSeconds: 0,
      updatedAt: now,
      ...(options.reclaims === undefined ? {} : { reclaims: options.reclaims }),
    };
    return { checkpoint, careful: false };
  }
  const reported = crash !== undefined && crash.attempt === previous.attempt;
  // Of a machine that was taken away no row is to blame, however little it had time to say.
  const isExplained = reported || options.previousLives || options.reclaims !== undefined;
  const silent = previous.state === 'running' && !isExplained;
  const row = reported ? crash.row : silent ? previous.noted : undefined;
  const strikes =
    row === undefined ? previous.strikes : struck(previous.strikes, row, reported ? crash.cause : 'crashed');
  const { noted: _, ...kept } = previous;
  const state = previous.state === 'drained' ? 'running' : previous.state;
  const taken = { attempt, holder, attempts: previous.attempts + 1, state, strikes, updatedAt: now };
  // Attempts that were reclaimed before they came to claim anything are known by the worker's own count alone.
  const reclaims =
    options.reclaims === undefined
      ? previous.reclaims
      : Math.max((previous.reclaims ?? 0) + 1, options.reclaims);
  return {
    checkpoint: { ...kept, ...taken, ...(reclaims === undefined ? {} : { reclaims }) },
    careful: silent,
  };
}

/** The rows up to `next` are in `parts`. */
export function commit(
  checkpoint: Checkpoint,
  progress: {
    readonly next: number;
    readonly part: string | undefined;
    readonly counts: Readonly<Record<string, OutcomeCounts>>;
    readonly workSeconds: number;
    readonly drained: boolean;
    /** Careful mode: the row that is started next. */
    readonly noted?: number | undefined;
    readonly now: string;
  },
): Checkpoint {
  const { noted: _, ...kept } = checkpoint;
  const complete = progress.next === checkpoint.rows;
  return {
    ...kept,
    state: complete ? 'complete' : progress.drained ? 'drained' : 'running',
    next: progress.next,
    parts: progress.part === undefined ? checkpoint.parts : [...checkpoint.parts, progress.part],
    counts: addCounts(checkpoint.counts, progress.counts),
    strikes: checkpoint.strikes.filter(({ row }) => row >= progress.next),
    workSeconds: checkpoint.workSeconds + progress.workSeconds,
    updatedAt: progress.now,
    ...(progress.noted === undefined ? {} : { noted: progress.noted }),
  };
}

/**
 * The attempt leaves without its uncommitted work, for what no row is to blame for. The next one need not be careful,
 * nor suspect the row that was noted.
 */
export function leave(checkpoint: Checkpoint, now: string): Checkpoint {
  const { noted: _, ...kept } = checkpoint;
  return { ...kept, state: checkpoint.state === 'running' ? 'drained' : checkpoint.state, updatedAt: now };
}

/** The results are published: the record of the parts is no longer needed. */
export function finish(checkpoint: Checkpoint, now: string): Checkpoint {
  return { ...checkpoint, state: 'finished', parts: [], updatedAt: now };
}

/** The strike that keeps `row` from being started, if it has been at too many crashes. */
export function quarantine(checkpoint: Checkpoint, row: number): Strike | undefined {
  return checkpoint.strikes.find((strike) => strike.row === row && strike.crashes >= QUARANTINE_CRASHES);
}

/** Adds up outcomes by algorithm and code. */
export function addCounts(
  a: Readonly<Record<string, OutcomeCounts>>,
  b: Readonly<Record<string, OutcomeCounts>>,
): Record<string, OutcomeCounts> {
  const sum: Record<string, OutcomeCounts> = { ...a };
  for (const [algorithm, { succeeded, failed }] of Object.entries(b)) {
    const before = sum[algorithm] ?? { succeeded: 0, failed: {} };
    const codes = { ...before.failed };
    for (const [code, count] of Object.entries(failed)) codes[code] = (codes[code] ?? 0) + count;
    sum[algorithm] = { succeeded: before.succeeded + succeeded, failed: codes };
  }
  return sum;
}

/** How many outcomes have failed, of all algorithms and codes. */
export function failedOutcomes(counts: Readonly<Record<string, OutcomeCounts>>): number {
  let sum = 0;
  for (const { failed } of Object.values(counts)) {
    for (const count of Object.values(failed)) sum += count;
  }
  return sum;
}

/** A row that ran into its time limit is not tried a second time: it would take as long again. */
function struck(strikes: readonly Strike[], row: number, cause: CrashCause): Strike[] {
  const before = strikes.find((strike) => strike.row === row)?.crashes ?? 0;
  const crashes = cause === 'timeout' ? QUARANTINE_CRASHES : before + 1;
  return [...strikes.filter((strike) => strike.row !== row), { row, crashes, cause }];
}
