/** Bins on either side over which the local mean is taken: 140 Hz, the spacing of a voice's harmonics. */
const REACH = 18;

/**
 * Flattens a magnitude spectrum: each bin over the mean of its neighbourhood, less 1, not below 0, then
 * its square root. Peaks count by how far they stand out where they are, not by how loud they are, so
 * that a bass drum or a bright guitar does not outweigh the harmonics of a voice.
 */
export class Whitening {
  readonly #sums: Float64Array;
  readonly #white: Float32Array;

  constructor(bins: number) {
    this.#sums = new Float64Array(bins + 1);
    this.#white = new Float32Array(bins);
  }

  /** Returns an array that the next call overwrites. */
  apply(spectrum: Float32Array): Float32Array {
    const bins = this.#white.length;
    let sum = 0;
    for (let bin = 0; bin < bins; bin++) {
      sum += spectrum[bin] as number;
      this.#sums[bin + 1] = sum;
    }
    for (let bin = 0; bin < bins; bin++) {
      const first = Math.max(0, bin - REACH);
      const end = Math.min(bins, bin + REACH + 1);
      const mean = ((this.#sums[end] as number) - (this.#sums[first] as number)) / (end - first);
      const excess = mean > SILENCE ? (spectrum[bin] as number) / mean - 1 : 0;
      this.#white[bin] = excess > 0 ? Math.sqrt(excess) : 0;
    }
    return this.#white;
  }
}

/** A local mean below this (-120 dBFS) holds nothing but rounding. */
const SILENCE = 1e-6;
