import { chorusEvaluation } from './chorus.ts';
import { fingerprintEvaluation } from './fingerprint.ts';
import type { Evaluation } from './harness/evaluation.ts';
import { pitchEvaluation } from './pitch.ts';
import { romanisationEvaluation } from './romanisation.ts';
import { transcodeEvaluation } from './transcode.ts';

/** All evaluations, in the order in which they run. */
export const EVALUATIONS: readonly Evaluation[] = [
  romanisationEvaluation,
  chorusEvaluation,
  pitchEvaluation,
  fingerprintEvaluation,
  transcodeEvaluation,
];
