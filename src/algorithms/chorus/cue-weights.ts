import { CUES } from './candidates.ts';

/**
 * How much each cue says for a chorus: a linear model of softmax choice among a song's candidates, fitted
 * to labelled songs (cross-entropy of quality, small ridge). Units are those of the cues.
 */
const WEIGHTS: Readonly<Record<(typeof CUES)[number], number>> = {
  harmony: 4.7,
  articulation: 6.4,
  'harmony starts': 2.6,
  'harmony ends': 0.4,
  'articulation starts': 10.4,
  'articulation ends': 1,
  loudness: 2.1,
  'loudness falls': 2.3,
  brightness: 1.5,
  'brightness rises': 2,
  'structure ends': 2,
  'halves alike': 1.7,
  position: 6,
  short: -2.8,
  'whole phrases': 1.6,
};

const IN_ORDER: readonly number[] = CUES.map((cue) => WEIGHTS[cue]);

/** The weighed sum of a candidate's cues. */
export function weigh(cues: readonly number[]): number {
  return cues.reduce((sum, cue, i) => sum + cue * (IN_ORDER[i] as number), 0);
}
