/** What other methods reach on mixed songs: the figures that the issue "Algorithms that beat their anchors" quotes. */
import type { SongRow } from '../harness/evaluation.ts';

export const SUNG_ANCHORS: readonly SongRow[] = [
  { name: 'Melodia (six sung songs)', values: { RCA50: 49.1, VFA: 71, RCA50v: 47.6 } },
  {
    name: 'harmonic sum, first try (the same six)',
    values: { RCA50: 61.6, RCA100: 73.0, VR: 90, VFA: 63, RCA50v: 57.9 },
  },
  { name: 'the same, its threshold moved', values: { VFA: 27, RCA50v: 46.7 } },
];

export const SOLO_ANCHORS: readonly SongRow[] = [
  { name: 'Melodia (one solo voice)', values: { RPA: 98.6 } },
  { name: 'pitchy (the same)', values: { RPA: 95.9 } },
];
