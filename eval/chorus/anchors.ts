/** What other methods reach on 13 sung songs: the figures that the issue "Algorithms that beat their anchors" quotes. */
import type { SongRow } from '../harness/evaluation.ts';

export const CHORUS_ANCHORS: readonly SongRow[] = [
  {
    name: 'at 30 % of the song (13 songs)',
    values: { 'half in': '4/13', overlap: 0.31, 'start ok': '1/13', F1: 0.24 },
  },
  {
    name: 'loudest 20 s (the same)',
    values: { 'half in': '8/13', overlap: 0.54, 'start ok': '2/13', F1: 0.46 },
  },
  {
    name: 'repetition and energy (the same)',
    values: { 'half in': '12/13', overlap: 0.83, 'start ok': '3/13', F1: 0.6 },
  },
];
