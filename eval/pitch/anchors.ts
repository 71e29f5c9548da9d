/** What other methods reach on mixed songs: the figures that the issue "Algorithms that beat their anchors" quotes. */
import type { SongRow } from '../harness/evaluation.ts';

/** Melodia (Salamon and Gómez 2012), essentia's, on six sung songs. */
export const MELODIA = { RCA50: 49.1, VFA: 71, RCA50v: 47.6, 'CPU s': 11.1 } as const;
/** A first try at sums over harmonics, its threshold moved, on the same six. */
export const FIRST_TRY = { VFA: 27, RCA50v: 46.7 } as const;
/** Melodia on one solo voice. */
export const SOLO_MELODIA = { RPA: 98.6 } as const;

export const SUNG_ANCHORS: readonly SongRow[] = [
  { name: 'Melodia (six sung songs)', values: MELODIA },
  {
    name: 'harmonic sum, first try (the same six)',
    values: { RCA50: 61.6, RCA100: 73.0, VR: 90, VFA: 63, RCA50v: 57.9 },
  },
  { name: 'the same, its threshold moved', values: FIRST_TRY },
];

export const SOLO_ANCHORS: readonly SongRow[] = [
  { name: 'Melodia (one solo voice)', values: SOLO_MELODIA },
  { name: 'pitchy (the same)', values: { RPA: 95.9 } },
];
