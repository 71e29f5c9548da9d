/** Running two sides in turn, so that a machine that drifts does so for both. */

/** What both sides gave, round by round. */
export interface PairedRounds<Sample> {
  readonly ours: readonly Sample[];
  readonly peer: readonly Sample[];
}

/**
 * Runs both sides `rounds` times: ours first in the even rounds, the peer first in the odd ones, so that neither
 * always comes to a warmer machine. A first round of each is run and forgotten where `warmUp` is set.
 */
export async function pairedRounds<Sample>(options: {
  readonly rounds: number;
  readonly warmUp?: boolean;
  readonly ours: (round: number) => Promise<Sample>;
  readonly peer: (round: number) => Promise<Sample>;
}): Promise<PairedRounds<Sample>> {
  const sides = { ours: [] as Sample[], peer: [] as Sample[] };
  for (let round = options.warmUp === true ? -1 : 0; round < options.rounds; round += 1) {
    const order = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const);
    for (const side of order) {
      const sample = await options[side](round);
      if (round >= 0) sides[side].push(sample);
    }
  }
  return sides;
}

/** The median over rounds of `figure` of ours divided by that of the peer, and how far the rounds lie apart. */
export function medianRatio<Sample>(
  { ours, peer }: PairedRounds<Sample>,
  figure: (sample: Sample) => number,
): { readonly median: number; readonly low: number; readonly high: number } {
  const ratios = ours.map((sample, round) => figure(sample) / figure(peer[round] as Sample));
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) };
}

/** The middle of the values; the mean of the two in the middle where their number is even; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}
