import { CUES } from './candidates.ts';

/**
 * How much each cue says for a chorus: a linear model of softmax choice among a song's candidates, fitted
 * to labelled songs (cross-entropy of quality, small ridge). Units are those of the cues.
 */
const WEIGHTS: Readonly<Record<(typeof CUES)[number], number>> = {
  harmony: 2.7,
  articulation: 13.5,
  'harmony starts': 4.2,
  'harmony ends': 4.8,
  'articulation starts': 13.2,
  'articulation ends': 2.8,
  loudness: 2.4,
  'loudness rises': 0,
  'loudness falls': 2.6,
  brightness: 2.8,
  'brightness rises': 1.7,
  'structure ends': 2.1,
  'halves alike': 4.7,
  opening: -0.8,
  position: 6.8,
  short: -1.6,
  'whole phrases': 2.6,
};

const IN_ORDER: readonly number[] = CUES.map((cue) => WEIGHTS[cue]);

/** The weighed sum of a candidate's cues. */
export function weigh(cues: readonly number[]): number {
  return cues.reduce((sum, cue, i) => sum + cue * (IN_ORDER[i] as number), 0);
}
