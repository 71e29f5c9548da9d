/** What a run asks of S3 where its store and its tracks are there: the working behind the dollars of `plan`. */
import { type Algorithm, readsLyrics } from '../algorithms/algorithm.ts';
import type { PlanTotals } from './plan-manifest.ts';

/** USD for a thousand requests in us-east-1, S3 Standard (aws.amazon.com/s3/pricing). Deleting is free. */
export const S3_PRICES = { write: 0.005, read: 0.0004 } as const;

/** One line of the working. */
export interface RequestShare {
  readonly what: string;
  /** What it is billed as. */
  readonly kind: keyof typeof S3_PRICES;
  /** How many for each of `per`. */
  readonly times: number;
  readonly per: 'track' | 'shard';
  readonly count: number;
}

/** Whether the submission was cancelled, the run, the shard in the submission and in the plan, its rows, its checkpoint. */
const READS_TO_BEGIN = 6;

/**
 * Counts the requests of a run in which nothing goes wrong. Held to a counted one by a test. What a run asks once,
 * whatever its size, is left out, and so is whoever watches it.
 */
export function estimateRequests(options: {
  readonly totals: Pick<PlanTotals, 'accepted' | 'withLyrics' | 'shards' | 'weightSeconds'>;
  readonly algorithms: readonly Pick<Algorithm, 'input'>[];
  /** Seconds of work between the commits of a shard. */
  readonly checkpointSeconds: number;
  /** Files that transcode makes of a track, each of one request: none is taken to be larger than 8 MiB. */
  readonly renditions: number;
}): RequestShare[] {
  const { totals, algorithms, checkpointSeconds, renditions } = options;
  const { accepted, withLyrics, shards, weightSeconds } = totals;
  const isHeard = algorithms.some(({ input }) => input.kind !== 'lyrics');
  const isEncoded = algorithms.some(({ input }) => input.kind === 'encodings');
  const commits = Math.max(1, Math.ceil(weightSeconds / shards / checkpointSeconds));
  const share = (
    what: string,
    kind: RequestShare['kind'],
    times: number,
    per: RequestShare['per'],
    of: number,
  ): RequestShare => ({ what, kind, times, per, count: times * of });
  return [
    share('audio', 'read', 1, 'track', isHeard ? accepted : 0),
    share('lyrics', 'read', 1, 'track', algorithms.some(readsLyrics) ? withLyrics : 0),
    share('renditions', 'write', renditions, 'track', isEncoded ? accepted : 0),
    share('its piece of the plan', 'read', READS_TO_BEGIN, 'shard', shards),
    share('claim and commits', 'write', 1 + 2 * commits, 'shard', shards),
    share('committed rows', 'read', commits, 'shard', shards),
    share('results and failures', 'write', algorithms.length + 1, 'shard', shards),
    share('its end', 'write', 2, 'shard', shards),
  ].filter(({ count }) => count > 0);
}

/** USD of so many requests. */
export function requestDollars({ kind, count }: Pick<RequestShare, 'kind' | 'count'>): number {
  return (count / 1000) * S3_PRICES[kind];
}
