import {
  CANDIDATES,
  frequencyOf,
  HIGHEST_PITCH,
  LOWEST_PITCH,
  pitchOfStep,
  SAMPLE_RATE,
  SPECTRUM_BINS,
  STEPS_PER_SEMITONE,
  WINDOW,
} from './pitch-grid.ts';
import { Whitening } from './whitening.ts';

/** Harmonics summed for a candidate's salience, and the weight of each against the one below it. */
const HARMONICS = 10;
const HARMONIC_DECAY = 0.84;
/** A salience of 1 in stored units. Saliences reach about 30. */
const SALIENCE_SCALE = 8;
/** What noise does not reach for long, in stored units: its best candidates average 20, at most 23. */
export const PITCHED_SALIENCE = 26;

/** Where a singer's level is measured, Hz: above bass and kick drum, below cymbals and consonants. */
const LOWEST_LEVEL_FREQUENCY = 200;
const HIGHEST_LEVEL_FREQUENCY = 3000;
/** Between the sum of a candidate's harmonics (0) and their mean (1). */
const COUNT_EXPONENT = 0.25;
/** A stored level of 0, dB. */
const LEVEL_FLOOR = -110;
/** dB of one stored unit of level. */
export const LEVEL_STEP = 0.5;
/** Pitches that have a level of their own: one a semitone. */
export const LEVEL_PITCHES: number = HIGHEST_PITCH - LOWEST_PITCH + 1;

const FRAMES_PER_BLOCK = 1024;
const BIN_WIDTH: number = SAMPLE_RATE / WINDOW;

/**
 * What is kept of each frame until the melody is traced: 216 saliences and 44 levels of a byte each, 94 MB
 * for an hour.
 */
export class MelodyFeatures {
  readonly #whitening = new Whitening(SPECTRUM_BINS);
  readonly #harmonics = harmonicTable();
  readonly #levelBins = levelTable();
  readonly #salience = new Float32Array(CANDIDATES);
  readonly #saliences: Uint8Array[] = [];
  readonly #levels: Uint8Array[] = [];
  #frames = 0;

  /** Frames so far. */
  get frames(): number {
    return this.#frames;
  }

  /** Takes one frame's magnitude spectrum. */
  add(spectrum: Float32Array): void {
    const row = this.#frames % FRAMES_PER_BLOCK;
    if (row === 0) {
      this.#saliences.push(new Uint8Array(FRAMES_PER_BLOCK * CANDIDATES));
      this.#levels.push(new Uint8Array(FRAMES_PER_BLOCK * LEVEL_PITCHES));
    }
    this.#frames++;
    this.#sumHarmonics(this.#whitening.apply(spectrum));
    const saliences = this.saliences(this.#frames - 1);
    for (let step = 0; step < CANDIDATES; step++) {
      saliences[step] = Math.min(255, Math.round((this.#salience[step] as number) * SALIENCE_SCALE));
    }
    this.#measureLevels(spectrum, this.levels(this.#frames - 1));
  }

  /** A frame's salience at each step of the grid, in eighths. A view. */
  saliences(frame: number): Uint8Array {
    return rowOf(this.#saliences, frame, CANDIDATES);
  }

  /** A frame's level in the harmonics of each semitone from {@link LOWEST_PITCH}; see {@link levelAt}. A view. */
  levels(frame: number): Uint8Array {
    return rowOf(this.#levels, frame, LEVEL_PITCHES);
  }

  /** The level in the harmonics of the candidate at `step`, dB: see {@link MelodyFeatures.levels}. */
  levelAt(frame: number, step: number): number {
    const level = this.levels(frame)[Math.round(step / STEPS_PER_SEMITONE)] as number;
    return LEVEL_FLOOR + level * LEVEL_STEP;
  }

  /** Subharmonic summation (Hermes 1988): each candidate gets the whitened spectrum at its harmonics. */
  #sumHarmonics(white: Float32Array): void {
    const { bins, fractions, weights } = this.#harmonics;
    let entry = 0;
    for (let step = 0; step < CANDIDATES; step++) {
      let sum = 0;
      for (let harmonic = 0; harmonic < HARMONICS; harmonic++, entry++) {
        const bin = bins[entry] as number;
        const below = white[bin] as number;
        const above = white[bin + 1] as number;
        sum += (weights[harmonic] as number) * (below + (fractions[entry] as number) * (above - below));
      }
      this.#salience[step] = sum;
    }
  }

  /**
   * Energy over a power of the number of harmonics. The sum of energies alone favours subharmonics, whose
   * harmonics fall on all those of the true pitch and on other instruments' as well; their mean favours the
   * octave above, which leaves out every other harmonic, where a formant lifts the second.
   */
  #measureLevels(spectrum: Float32Array, levels: Uint8Array): void {
    for (let semitone = 0; semitone < LEVEL_PITCHES; semitone++) {
      const best = this.#bestStep(semitone);
      const bins = this.#levelBins[best] as Uint16Array;
      let energy = 0;
      for (let harmonic = 0; harmonic < bins.length; harmonic++) {
        const bin = bins[harmonic] as number;
        const peak = Math.max(
          spectrum[bin - 1] as number,
          spectrum[bin] as number,
          spectrum[bin + 1] as number,
        );
        energy += peak * peak;
      }
      const level = 10 * Math.log10(energy / bins.length ** COUNT_EXPONENT + 1e-12) - LEVEL_FLOOR;
      levels[semitone] = Math.min(255, Math.max(0, Math.round(level / LEVEL_STEP)));
    }
  }

  /** The most salient of the steps nearest to a semitone. */
  #bestStep(semitone: number): number {
    const centre = semitone * STEPS_PER_SEMITONE;
    let best = centre;
    for (let step = Math.max(0, centre - 2); step <= Math.min(CANDIDATES - 1, centre + 2); step++) {
      if ((this.#salience[step] as number) > (this.#salience[best] as number)) best = step;
    }
    return best;
  }
}

function rowOf(blocks: readonly Uint8Array[], frame: number, width: number): Uint8Array {
  const start = (frame % FRAMES_PER_BLOCK) * width;
  return (blocks[Math.floor(frame / FRAMES_PER_BLOCK)] as Uint8Array).subarray(start, start + width);
}

/** Where each candidate's harmonics lie, candidate by candidate: bin, and the way to the next one. */
function harmonicTable(): { bins: Uint16Array; fractions: Float32Array; weights: Float64Array } {
  const bins = new Uint16Array(CANDIDATES * HARMONICS);
  const fractions = new Float32Array(CANDIDATES * HARMONICS);
  for (let step = 0; step < CANDIDATES; step++) {
    for (let harmonic = 0; harmonic < HARMONICS; harmonic++) {
      const position = (frequencyOf(pitchOfStep(step)) * (harmonic + 1)) / BIN_WIDTH;
      const entry = step * HARMONICS + harmonic;
      // Harmonics beyond the spectrum fall on bin 0, which holds nothing.
      if (position >= SPECTRUM_BINS - 1) continue;
      bins[entry] = Math.floor(position);
      fractions[entry] = position - Math.floor(position);
    }
  }
  return {
    bins,
    fractions,
    weights: Float64Array.from({ length: HARMONICS }, (_, index) => HARMONIC_DECAY ** index),
  };
}

/** For each candidate the bins nearest to its harmonics within the band where the level is measured. */
function levelTable(): Uint16Array[] {
  return Array.from({ length: CANDIDATES }, (_, step) => {
    const fundamental = frequencyOf(pitchOfStep(step));
    const bins: number[] = [];
    for (let frequency = fundamental; frequency <= HIGHEST_LEVEL_FREQUENCY; frequency += fundamental) {
      if (frequency >= LOWEST_LEVEL_FREQUENCY) bins.push(Math.round(frequency / BIN_WIDTH));
    }
    return Uint16Array.from(bins);
  });
}
