import type { Groove } from './song.ts';

/** A bar of drums in sixteenths, for the parts of all songs to choose from. */
export const SILENT: Groove = { kick: '', snare: '', hat: '' };
export const TICKING: Groove = { kick: '', snare: '', hat: '....x.......x...' };
export const BALLAD_VERSE: Groove = {
  kick: 'x.......x.......',
  snare: '............x...',
  hat: 'x...x...x...x...',
};
export const BALLAD_CHORUS: Groove = {
  kick: 'x.....x.x.x.....',
  snare: '....x.......x...',
  hat: 'x.x.x.x.x.x.x.x.',
};
export const POP_VERSE: Groove = {
  kick: 'x.......x.x.....',
  snare: '....x.......x...',
  hat: 'x...x...x...x...',
};
export const POP_CHORUS: Groove = {
  kick: 'x..x..x.x..x..x.',
  snare: '....x.......x..x',
  hat: 'x.xxx.x.x.xxx.x.',
};
export const DANCE_VERSE: Groove = {
  kick: 'x.......x.......',
  snare: '....x.......x...',
  hat: '..x...x...x...x.',
};
export const DANCE_CHORUS: Groove = {
  kick: 'x...x...x...x...',
  snare: '....x.......x...',
  hat: '..x...x...x...xx',
};
