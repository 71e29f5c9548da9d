import { CUES } from './candidates.ts';

/**
 * How much each cue says for a chorus: a linear model of a softmax choice among a song's candidates, fitted by
 * eval/chorus-weights.ts. A weight is per unit of its cue, as candidates.ts measures it.
 */
const WEIGHTS: Readonly<Record<(typeof CUES)[number], number>> = {
  harmony: 4.5,
  articulation: 7.4,
  'harmony starts': 2.3,
  'articulation starts': 11.1,
  'articulation ends': 1.3,
  loudness: 2.5,
  'loudness falls': 2.2,
  brightness: 1.8,
  'brightness rises': 1.4,
  'structure ends': 2.4,
  'halves alike': 2.9,
  position: 5.5,
  short: -2.8,
  'whole phrases': 1.4,
};

const IN_ORDER: readonly number[] = CUES.map((cue) => WEIGHTS[cue]);

/** The weighed sum of a candidate's cues. */
export function weigh(cues: readonly number[]): number {
  return cues.reduce((sum, cue, i) => sum + cue * (IN_ORDER[i] as number), 0);
}
