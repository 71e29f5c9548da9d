import { CUES } from './candidates.ts';

/**
 * How much each cue says for a chorus: a linear model of a softmax choice among a song's candidates, fitted by
 * eval/chorus-weights.ts. A weight is per unit of its cue, as candidates.ts measures it.
 */
const WEIGHTS: Readonly<Record<(typeof CUES)[number], number>> = {
  harmony: 4.5,
  articulation: 6.2,
  'harmony starts': 2.7,
  'harmony ends': 0.9,
  'articulation starts': 10,
  'articulation ends': 1.2,
  loudness: 2.2,
  'loudness falls': 1.9,
  brightness: 1.5,
  'brightness rises': 2,
  'structure ends': 1.8,
  'halves alike': 1.5,
  position: 6.8,
  short: -2.5,
  'whole phrases': 1.4,
};

const IN_ORDER: readonly number[] = CUES.map((cue) => WEIGHTS[cue]);

/** The weighed sum of a candidate's cues. */
export function weigh(cues: readonly number[]): number {
  return cues.reduce((sum, cue, i) => sum + cue * (IN_ORDER[i] as number), 0);
}
