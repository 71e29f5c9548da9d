/** What a plan's CPU time is made of: the working behind the hours and dollars that `plan` shows. */
import type { PlanTotals } from './plan-manifest.ts';
import {
  DECODE_COST,
  DEFAULT_DURATION_SECONDS,
  mostSecondsTaken,
  sharesDecode,
  type WeighedAlgorithm,
} from './weights.ts';

type NamedAlgorithm = WeighedAlgorithm & { readonly name: string };

/** One line of the working. */
export interface ComputeShare {
  /** `decode`, or an algorithm. */
  readonly name: string;
  readonly perTrackSeconds: number;
  readonly perAudioSecond: number;
  /** No more of a track is heard than its first so many seconds; infinite where all is. */
  readonly maxSeconds: number;
  /** CPU seconds of all tracks. */
  readonly cpuSeconds: number;
}

/**
 * Splits a plan's weight into the shared decode and its algorithms. The shares add up to the weight.
 *
 * What hears whole tracks follows from the number of tracks and the seconds of audio. What hears their beginnings
 * alone gets what is left of the weight, which is exact where all of these hear equally much.
 */
export function estimateCompute(
  totals: Pick<PlanTotals, 'accepted' | 'audioSeconds' | 'weightSeconds'>,
  algorithms: readonly NamedAlgorithm[],
): ComputeShare[] {
  const { accepted, audioSeconds, weightSeconds } = totals;
  const shares = costsOf(algorithms).map((cost) => ({
    ...cost,
    // Of beginnings, the seconds are not known yet.
    cpuSeconds:
      accepted * cost.perTrackSeconds +
      (Number.isFinite(cost.maxSeconds) ? 0 : audioSeconds * cost.perAudioSecond),
  }));
  const left = weightSeconds - shares.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const beginnings = shares.map(({ maxSeconds, perAudioSecond }) =>
    Number.isFinite(maxSeconds) ? perAudioSecond * Math.min(maxSeconds, DEFAULT_DURATION_SECONDS) : 0,
  );
  const all = beginnings.reduce((sum, value) => sum + value, 0);
  return shares.map((share, index) => {
    const part = all === 0 ? 0 : (left * (beginnings[index] ?? 0)) / all;
    return { ...share, cpuSeconds: share.cpuSeconds + part };
  });
}

function costsOf(algorithms: readonly NamedAlgorithm[]): Omit<ComputeShare, 'cpuSeconds'>[] {
  const listeners = algorithms.filter(({ input }) => input.kind !== 'lyrics');
  const costs = algorithms.map(({ name, input, cost }) => ({
    name,
    ...cost,
    maxSeconds: mostSecondsTaken(input),
  }));
  if (!sharesDecode(algorithms)) return costs;
  const maxSeconds = Math.max(...listeners.map(({ input }) => mostSecondsTaken(input)));
  return [{ name: 'decode', ...DECODE_COST, maxSeconds }, ...costs];
}
