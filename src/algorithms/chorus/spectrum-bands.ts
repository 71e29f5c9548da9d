/** Weighted sums over the bins of a power spectrum. */
export class SpectrumBands {
  readonly #firstBins: Int32Array;
  readonly #weights: readonly Float32Array[];

  /** `weight(band, bin)` is taken over the bins 1 to `binCount` - 1 and must be one stretch a band. */
  constructor(bandCount: number, binCount: number, weight: (band: number, bin: number) => number) {
    this.#firstBins = new Int32Array(bandCount);
    this.#weights = Array.from({ length: bandCount }, (_, band) => {
      const weights: number[] = [];
      for (let bin = 1; bin < binCount; bin++) {
        const value = weight(band, bin);
        if (value <= 0) continue;
        if (weights.length === 0) this.#firstBins[band] = bin;
        weights.push(value);
      }
      return Float32Array.from(weights);
    });
  }

  /** Writes the energy of each band to `energies`. */
  apply(power: Float32Array, energies: Float32Array): void {
    for (const [band, weights] of this.#weights.entries()) {
      const first = this.#firstBins[band] as number;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (power[first + i] as number);
      energies[band] = sum;
    }
  }
}

/** One band a semitone, from MIDI note `lowest`: a raised cosine as wide as two semitones, or two bins where those are wider. */
export function semitoneBands(
  fftSize: number,
  sampleRate: number,
  lowest: number,
  count: number,
): SpectrumBands {
  const binWidth = sampleRate / fftSize;
  return new SpectrumBands(count, fftSize / 2, (band, bin) => {
    const centre = 440 * 2 ** ((lowest + band - 69) / 12);
    const halfWidth = Math.max(centre * (2 ** (1 / 12) - 1), binWidth);
    const distance = Math.abs(bin * binWidth - centre) / halfWidth;
    return distance < 1 ? Math.cos((Math.PI / 2) * distance) ** 2 : 0;
  });
}

/** Triangular bands evenly spaced on the mel scale (O'Shaughnessy 1987), from 40 Hz to the Nyquist frequency. */
export function melBands(fftSize: number, sampleRate: number, count: number): SpectrumBands {
  const low = mel(40);
  const step = (mel(sampleRate / 2) - low) / (count + 1);
  return new SpectrumBands(count, fftSize / 2, (band, bin) => {
    const position = (mel((bin * sampleRate) / fftSize) - low) / step - (band + 1);
    return Math.max(0, 1 - Math.abs(position));
  });
}

function mel(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}
