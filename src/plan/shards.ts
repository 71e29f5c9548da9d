/** Cutting consecutive tracks into shards by weight. Pure, one track at a time. */

/** What a shard may hold at most, unless a single track passes it alone. */
export interface ShardLimits {
  /** CPU seconds of work. */
  readonly targetSeconds: number;
  readonly maxRows: number;
  /** Bytes of its frame, uncompressed. */
  readonly maxBytes: number;
}

/** Work of a shard: a reclaimed one loses little, and starting up does not count. */
export const DEFAULT_SHARD_SECONDS: number = 15 * 60;
/** The same in a large run on rented machines: what a shard costs in requests is shared by more tracks. */
export const LARGE_RUN_SHARD_SECONDS: number = 45 * 60;
export const MAX_SHARD_ROWS = 100_000;
export const MAX_SHARD_BYTES: number = 32 * 1024 * 1024;

/** Below this a worker's start would count. */
const MIN_SHARD_SECONDS = 20;
/** So many that the cores end together, though the weights are estimates. */
const SHARDS_PER_CORE = 4;
/** A run on rented machines is cut into so many at least before its shards become longer: it ends sooner. */
const SHARDS_BEFORE_LONGER = 50;

/** Cuts a sequence of tracks: a shard is closed when the next track would pass one of its limits. */
export class ShardCutter {
  readonly #limits: ShardLimits;
  #rows = 0;
  #seconds = 0;
  #bytes = 0;

  constructor(limits: ShardLimits) {
    this.#limits = limits;
  }

  /**
   * Takes the next track. True if it is the first of a new shard (and not of the very first).
   *
   * @param weightSeconds CPU seconds.
   * @param bytes Of its row.
   */
  startsShard(weightSeconds: number, bytes: number): boolean {
    const { targetSeconds, maxRows, maxBytes } = this.#limits;
    const isFull =
      this.#rows > 0 &&
      (this.#seconds + weightSeconds > targetSeconds ||
        this.#rows + 1 > maxRows ||
        this.#bytes + bytes > maxBytes);
    if (isFull) {
      this.#rows = 0;
      this.#seconds = 0;
      this.#bytes = 0;
    }
    this.#rows += 1;
    this.#seconds += weightSeconds;
    this.#bytes += bytes;
    return isFull;
  }
}

/** How the size of shards is chosen. */
export interface ShardTargetOptions {
  /** CPU seconds of the whole run, or a lower bound of them. */
  readonly totalSeconds: number;
  /** Workers at a time on this machine; undefined where any number can be had. */
  readonly parallelism?: number | undefined;
  /** CPU seconds a shard, where the user has said. */
  readonly shardSeconds?: number | undefined;
}

/**
 * CPU seconds that a shard aims at: what the user said; else the default, but less where a small run would
 * leave cores of this machine idle, and more where a large one is worked on rented machines.
 */
export function shardTarget(options: ShardTargetOptions): number {
  const { totalSeconds, parallelism, shardSeconds } = options;
  if (shardSeconds !== undefined) return shardSeconds;
  if (parallelism === undefined) {
    const share = totalSeconds / SHARDS_BEFORE_LONGER;
    return Math.min(LARGE_RUN_SHARD_SECONDS, Math.max(DEFAULT_SHARD_SECONDS, share));
  }
  const share = totalSeconds / (SHARDS_PER_CORE * parallelism);
  return Math.min(DEFAULT_SHARD_SECONDS, Math.max(MIN_SHARD_SECONDS, share));
}

/** The total from which on {@link shardTarget} no longer depends on it: how much need be known to choose. */
export function decisiveTotalSeconds(options: Omit<ShardTargetOptions, 'totalSeconds'>): number {
  if (options.shardSeconds !== undefined) return 0;
  if (options.parallelism === undefined) return LARGE_RUN_SHARD_SECONDS * SHARDS_BEFORE_LONGER;
  return DEFAULT_SHARD_SECONDS * SHARDS_PER_CORE * options.parallelism;
}
