import { type ContourScore, scoreContour } from '../scores/contour.ts';
import { mean } from '../scores/mean.ts';
import type { ScoredMelody } from './score-song.ts';

/** Steps by which the threshold is narrowed down from the range of the evidence: to a millionth of it. */
const HALVINGS = 20;

/**
 * The mean share, in per cent, of sung frames of right chroma that are called sung (RCA50v), were the threshold
 * of voicing moved to where the mean share of false alarms is `falseAlarms` per cent.
 */
export function rca50VoicedAt(falseAlarms: number, songs: readonly ScoredMelody[]): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { evidence } of songs) {
    for (const value of evidence) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (meanOf('voicingFalseAlarms', songs, middle) > falseAlarms) low = middle;
    else high = middle;
  }
  return meanOf('rca50Voiced', songs, high);
}

function meanOf(measure: keyof ContourScore, songs: readonly ScoredMelody[], threshold: number): number {
  const shares = songs.map(({ truth, contour, evidence }) => {
    const voiced = Uint8Array.from(evidence, (value) => (value >= threshold ? 1 : 0));
    return scoreContour(truth, { pitches: contour.pitches, voiced })[measure];
  });
  return mean(shares.filter(Number.isFinite));
}
