import type { FailureCode } from '../failures.ts';
import type { Row } from '../results/columns.ts';
import type { OutcomeCounts } from '../run/records.ts';

/** What one algorithm made of one track. */
export type Outcome = {
  readonly algorithm: string;
  /** The ETag of the object in S3 that the algorithm was given; null for a local file, or where nothing was read. */
  readonly sourceEtag: string | null;
} & (
  | { readonly kind: 'succeeded'; readonly row: Row }
  | {
      readonly kind: 'failed';
      readonly code: FailureCode;
      readonly message: string;
    }
);

/** All outcomes of one track, and where it stands in its shard. */
export interface TrackOutcomes {
  readonly row: number;
  readonly trackId: string;
  readonly outcomes: readonly Outcome[];
}

/** Counts outcomes by algorithm and failure code. */
export function countOutcomes(tracks: Iterable<TrackOutcomes>): Record<string, OutcomeCounts> {
  const counts: Record<string, { succeeded: number; failed: Record<string, number> }> = {};
  for (const { outcomes } of tracks) {
    for (const outcome of outcomes) {
      counts[outcome.algorithm] ??= { succeeded: 0, failed: {} };
      const count = counts[outcome.algorithm] as { succeeded: number; failed: Record<string, number> };
      if (outcome.kind === 'succeeded') count.succeeded += 1;
      else count.failed[outcome.code] = (count.failed[outcome.code] ?? 0) + 1;
    }
  }
  return counts;
}
