import type { ScoredMelody } from '../pitch/score-song.ts';

/** What a frame that is called sung comes to. */
export type Judgement = 'right' | 'octave' | 'wrong' | 'false alarm';

/** Consecutive frames of one judgement. */
export interface ContourRun {
  readonly judgement: Judgement;
  readonly points: readonly { readonly time: number; readonly midi: number }[];
}

/** A wider step from one frame to the next is a new start, not a glide: semitones. */
const WIDEST_STEP = 1.5;

/** The sung stretches of a contour between two times, cut where what they come to changes. */
export function contourRuns(
  { truth, contour, hop, score }: ScoredMelody,
  start: number,
  end: number,
): ContourRun[] {
  const runs: { judgement: Judgement; points: { time: number; midi: number }[] }[] = [];
  let before: number | undefined;
  const last = Math.min(contour.voiced.length, Math.ceil(end / hop));
  for (let frame = Math.ceil(start / hop); frame < last; frame++) {
    const midi = contour.pitches[frame] ?? 0;
    if (contour.voiced[frame] !== 1) {
      before = undefined;
      continue;
    }
    const judgement = judge(midi, truth[frame] ?? 0, score.octaves);
    const run = runs.at(-1);
    const goesOn = before !== undefined && Math.abs(midi - before) <= WIDEST_STEP;
    const point = { time: frame * hop, midi };
    if (run !== undefined && goesOn) run.points.push(point);
    if (run === undefined || !goesOn || run.judgement !== judgement)
      runs.push({ judgement, points: [point] });
    before = midi;
  }
  return runs;
}

function judge(midi: number, truth: number, octaves: number): Judgement {
  if (truth === 0) return 'false alarm';
  const off = midi - truth - 12 * octaves;
  if (Math.abs(off) < 0.5) return 'right';
  return Math.abs(off - 12 * Math.round(off / 12)) < 0.5 ? 'octave' : 'wrong';
}
