import type { RealFft } from '../../audio/fft.ts';
import { HOP, SPECTRUM_BINS, WINDOW } from './pitch-grid.ts';

/** Full scale of a spectrum line: a sine of amplitude 1 has magnitude 1 in its bin. */
const SCALE = 4 / WINDOW;

/**
 * What is left of a line that does not stand in the centre, as a share of its whole magnitude: -16 dB. With
 * nothing left, a lead spread over the stereo picture (a synthesiser, a doubled voice) could not be heard at all.
 */
const OFF_CENTRE = 0.15;

/**
 * Cuts stereo samples into overlapping frames and gives the magnitude spectrum of what stands in the
 * centre of the stereo picture, where productions put the lead singer: magnitude of the mid signal minus
 * magnitude of the side signal, bin by bin, and a faint rest of what stands elsewhere. For a source whose
 * channels are equal this is its plain spectrum.
 *
 * Frame i is centred on sample i * {@link HOP}: half a window of silence is put before the first sample.
 * Frames do not depend on how the samples were cut into chunks. Holds one window of samples.
 */
export class CentreFrames {
  readonly #fft: RealFft;
  readonly #onFrame: (spectrum: Float32Array) => void;
  readonly #window: Float32Array = hann();
  readonly #mid = new Float32Array(WINDOW);
  readonly #side = new Float32Array(WINDOW);
  readonly #spectrum = new Float32Array(SPECTRUM_BINS);
  /** Samples of the window that are filled. */
  #filled = WINDOW / 2;
  #samples = 0;
  #frames = 0;

  /** `onFrame` gets each frame's {@link SPECTRUM_BINS} magnitudes in an array that the next frame overwrites. */
  constructor(fft: RealFft, onFrame: (spectrum: Float32Array) => void) {
    this.#fft = fft;
    this.#onFrame = onFrame;
  }

  /** Takes interleaved stereo samples. */
  write(samples: Float32Array | Int16Array): void {
    for (let index = 0; index + 1 < samples.length; index += 2) {
      this.#push(samples[index] as number, samples[index + 1] as number);
    }
    this.#samples += samples.length / 2;
  }

  /** Gives the frames that are still open, padded with silence: one centre every hop before the end. */
  end(): void {
    const frames = Math.ceil(this.#samples / HOP);
    while (this.#frames < frames) this.#push(0, 0);
  }

  #push(left: number, right: number): void {
    this.#mid[this.#filled] = (left + right) / 2;
    this.#side[this.#filled] = (left - right) / 2;
    this.#filled++;
    if (this.#filled < WINDOW) return;
    this.#analyse();
    this.#frames++;
    this.#mid.copyWithin(0, HOP);
    this.#side.copyWithin(0, HOP);
    this.#filled = WINDOW - HOP;
  }

  #analyse(): void {
    const spectrum = this.#spectrum;
    const mid = this.#transform(this.#mid);
    for (let bin = 1; bin < SPECTRUM_BINS; bin++) spectrum[bin] = magnitude(mid, bin);
    const side = this.#transform(this.#side);
    for (let bin = 1; bin < SPECTRUM_BINS; bin++) {
      const inMid = spectrum[bin] as number;
      const inSide = magnitude(side, bin);
      const whole = Math.sqrt(inMid * inMid + inSide * inSide);
      spectrum[bin] = Math.max(inMid - inSide, OFF_CENTRE * whole) * SCALE;
    }
    this.#onFrame(spectrum);
  }

  #transform(samples: Float32Array): Float32Array {
    const input = this.#fft.input;
    for (let index = 0; index < WINDOW; index++) {
      input[index] = (samples[index] as number) * (this.#window[index] as number);
    }
    return this.#fft.transform();
  }
}

function magnitude(spectrum: Float32Array, bin: number): number {
  const real = spectrum[2 * bin] as number;
  const imaginary = spectrum[2 * bin + 1] as number;
  return Math.sqrt(real * real + imaginary * imaginary);
}

function hann(): Float32Array {
  return Float32Array.from(
    { length: WINDOW },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / WINDOW),
  );
}
