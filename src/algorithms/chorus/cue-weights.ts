import { CUES } from './candidates.ts';

/**
 * How much each cue says for a chorus: a linear model of a softmax choice among a song's candidates, fitted by
 * eval/chorus-weights.ts. A weight is per unit of its cue, as candidates.ts measures it.
 */
const WEIGHTS: Readonly<Record<(typeof CUES)[number], number>> = {
  harmony: 1.2,
  articulation: 3.4,
  'articulation starts': 9.8,
  loudness: 1.5,
  brightness: 2,
  'structure ends': 1.5,
  position: 4.3,
  short: -2,
};

const IN_ORDER: readonly number[] = CUES.map((cue) => WEIGHTS[cue]);

/** The weighed sum of a candidate's cues. */
export function weigh(cues: readonly number[]): number {
  return cues.reduce((sum, cue, i) => sum + cue * (IN_ORDER[i] as number), 0);
}
