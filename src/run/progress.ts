/**
 * How far a run, or a submission, is: committed work, weighed by the CPU seconds that the plan gives each shard. Pure.
 *
 * Of shards under way that were not read, the work is estimated from those that were: as much of their planned
 * seconds, of their rows and of everything else as of the sample's (a ratio estimate). Where all were read, nothing
 * is estimated, and all is exact.
 */

/** A shard as it is planned. */
export interface PlannedShard {
  readonly shard: number;
  readonly rows: number;
  /** CPU seconds. */
  readonly weightSeconds: number;
}

/** What is committed of a shard. */
export interface ShardWork {
  /** Of its rows: 0 to 1. */
  readonly fraction: number;
  /** Failed outcomes. */
  readonly failed: number;
  /** Seconds that attempts have worked for the committed rows. */
  readonly workSeconds: number;
  /** How often a machine was taken away from it. */
  readonly reclaims: number;
}

/** What was read of the shards of a run. */
export interface ShardsRead {
  readonly finished: ReadonlySet<number>;
  /** Those of the finished ones that only their checkpoints know to be finished. */
  readonly unmarked: ReadonlySet<number>;
  /** Claimed, and not finished: under way. */
  readonly started: ReadonlySet<number>;
  /** Of finished shards, and of those under way that were read. */
  readonly work: ReadonlyMap<number, ShardWork>;
}

/** Committed work of some shards. */
export interface CommittedWork {
  /** CPU seconds of all shards, as planned. */
  readonly plannedSeconds: number;
  /** How many of them are committed. */
  readonly committedSeconds: number;
  /** Committed of planned, 0 to 1; 1 only where every shard is finished. */
  readonly fraction: number;
  readonly tracks: number;
  readonly committedTracks: number;
  readonly failed: number;
  /** Seconds that workers have taken for what is committed, of one core each. */
  readonly workSeconds: number;
  readonly reclaims: number;
  readonly unfinishedShards: number;
  readonly inFlightShards: number;
  /** How many of the shards under way were read. */
  readonly sampledShards: number;
  /** Whether the others were estimated from these. */
  readonly estimated: boolean;
  /** CPU seconds of all shards under way, as planned. */
  readonly inFlightSeconds: number;
  /** The most that a single shard has left, CPU seconds as planned. */
  readonly longestLeftSeconds: number;
  /** Rows of shards under way that were not read, for every row of those that were: what counts are scaled by. */
  readonly unreadPerReadRow: number;
}

/** Adds up what is committed of `shards`, which may be some of those that were read. */
export function committedWork(shards: Iterable<PlannedShard>, read: ShardsRead): CommittedWork {
  const all = new Tally();
  const finished = new Tally();
  const sample = new Tally();
  const unread = new Tally();
  let [unmarked, unfinishedShards, longestLeftSeconds, longestUnreadSeconds] = [0, 0, 0, 0];
  for (const planned of shards) {
    const { shard, weightSeconds } = planned;
    all.add(planned, undefined);
    const work = read.work.get(shard);
    const isFinished = read.finished.has(shard);
    if (!isFinished) unfinishedShards += 1;
    if (isFinished && read.unmarked.has(shard)) {
      // It was met in the sample, and stands there for others of its kind.
      sample.add(planned, work);
      unmarked += 1;
    } else if (isFinished) {
      finished.add(planned, { ...(work ?? NOTHING), fraction: 1 });
    } else if (work !== undefined) {
      sample.add(planned, work);
      longestLeftSeconds = Math.max(longestLeftSeconds, weightSeconds * (1 - work.fraction));
    } else if (read.started.has(shard)) {
      unread.add(planned, undefined);
      longestUnreadSeconds = Math.max(longestUnreadSeconds, weightSeconds);
    } else {
      longestLeftSeconds = Math.max(longestLeftSeconds, weightSeconds);
    }
  }
  const scale = sample.plannedSeconds > 0 ? unread.plannedSeconds / sample.plannedSeconds : 0;
  const unreadPerReadRow = sample.rows > 0 ? unread.rows / sample.rows : 0;
  const total = (of: (tally: Tally) => number, by: number): number => of(finished) + of(sample) * (1 + by);
  const committedSeconds = total((tally) => tally.committedSeconds, scale);
  const { plannedSeconds } = all;
  const readFraction = sample.plannedSeconds > 0 ? sample.committedSeconds / sample.plannedSeconds : 0;
  return {
    plannedSeconds,
    committedSeconds,
    fraction:
      unfinishedShards === 0 ? 1 : plannedSeconds > 0 ? within1(committedSeconds / plannedSeconds) : 0,
    tracks: all.rows,
    committedTracks: Math.round(total((tally) => tally.committedRows, unreadPerReadRow)),
    failed: Math.round(total((tally) => tally.failed, unreadPerReadRow)),
    workSeconds: total((tally) => tally.workSeconds, scale),
    reclaims: Math.round(total((tally) => tally.reclaims, scale)),
    unfinishedShards,
    inFlightShards: sample.shards - unmarked + unread.shards,
    sampledShards: sample.shards - unmarked,
    estimated: unread.shards > 0,
    inFlightSeconds: sample.plannedSeconds + unread.plannedSeconds,
    longestLeftSeconds: Math.max(longestLeftSeconds, longestUnreadSeconds * (1 - readFraction)),
    unreadPerReadRow,
  };
}

const NOTHING: ShardWork = { fraction: 0, failed: 0, workSeconds: 0, reclaims: 0 };

/** Sums over shards. */
class Tally {
  shards = 0;
  rows = 0;
  plannedSeconds = 0;
  committedRows = 0;
  committedSeconds = 0;
  failed = 0;
  workSeconds = 0;
  reclaims = 0;

  add({ rows, weightSeconds }: PlannedShard, work: ShardWork = NOTHING): void {
    this.shards += 1;
    this.rows += rows;
    this.plannedSeconds += weightSeconds;
    this.committedRows += rows * work.fraction;
    this.committedSeconds += weightSeconds * work.fraction;
    this.failed += work.failed;
    this.workSeconds += work.workSeconds;
    this.reclaims += work.reclaims;
  }
}

/** Below 1 for what is not all, whatever rounding makes of it. */
function within1(fraction: number): number {
  return Math.min(1 - Number.EPSILON, Math.max(0, fraction));
}
