import { type RealFft, realFft } from '../../audio/fft.ts';
import { FloatList } from './float-list.ts';
import { FrameStream } from './frame-stream.ts';
import { melBands, semitoneBands, type SpectrumBands } from './spectrum-bands.ts';

/** Hz of the samples that the features are made of. */
export const SAMPLE_RATE = 16_000;
/** Harmony and timbre frames a second. */
export const FRAME_RATE = 10;
/** Onset strengths a second. */
export const ONSET_RATE = 62.5;
/** Semitones of a pitch frame: C3 (MIDI 48) to B7. */
export const PITCH_COUNT = 60;
export const CHROMA_COUNT = 12;
/** Mel bands of a timbre frame. */
export const TIMBRE_COUNT = 20;

const FRAME_SIZE = 4096;
const FRAME_HOP = SAMPLE_RATE / FRAME_RATE;
const ONSET_SIZE = 512;
const ONSET_HOP = SAMPLE_RATE / ONSET_RATE;
const ONSET_BANDS = 24;
const LOWEST_PITCH = 48;

/** All that is kept of a track's sound. */
export interface Features {
  /** Seconds of sound that came. */
  readonly durationSeconds: number;
  /** Frames of chroma and timbre, {@link FRAME_RATE} a second; frame k is centred on k / FRAME_RATE. */
  readonly frames: number;
  /** Row by row, {@link CHROMA_COUNT} a frame: strength of each pitch class from C, compressed. */
  readonly chroma: Float32Array;
  /** Row by row, {@link TIMBRE_COUNT} a frame: energy of mel bands, dB (0 = a full-scale sine, about). */
  readonly timbre: Float32Array;
  /** Spectral flux, {@link ONSET_RATE} a second. */
  readonly onsets: Float32Array;
}

/**
 * Turns samples into features as they stream by; the samples themselves are not kept. An hour leaves
 * about 6 MB.
 */
export class FeatureExtractor {
  readonly #chroma = new FloatList();
  readonly #timbre = new FloatList();
  readonly #onsets = new FloatList();
  readonly #streams: readonly FrameStream[];
  #samples = 0;
  readonly #mono = new Float32Array(4096);
  readonly #power = new Float32Array(FRAME_SIZE / 2);
  readonly #pitches = new Float32Array(PITCH_COUNT);
  readonly #mels = new Float32Array(TIMBRE_COUNT);
  readonly #onsetLevels = new Float32Array(ONSET_BANDS);

  private constructor(frameFft: RealFft, onsetFft: RealFft) {
    this.#streams = [
      new FrameStream(FRAME_SIZE, FRAME_HOP, (frame) => this.#describe(frame, frameFft)),
      new FrameStream(ONSET_SIZE, ONSET_HOP, (frame) => this.#detectOnset(frame, onsetFft)),
    ];
  }

  static async create(): Promise<FeatureExtractor> {
    return new FeatureExtractor(await realFft(FRAME_SIZE), await realFft(ONSET_SIZE));
  }

  /** Takes interleaved stereo samples of {@link SAMPLE_RATE}. */
  write(samples: Float32Array): void {
    this.#samples += samples.length / 2;
    for (let start = 0; start < samples.length; start += 2 * this.#mono.length) {
      const count = Math.min(this.#mono.length, (samples.length - start) / 2);
      for (let i = 0; i < count; i++) {
        this.#mono[i] = ((samples[start + 2 * i] ?? 0) + (samples[start + 2 * i + 1] ?? 0)) / 2;
      }
      for (const stream of this.#streams) stream.write(this.#mono, count);
    }
  }

  /** The stream is over. */
  finish(): Features {
    for (const stream of this.#streams) stream.end();
    return {
      durationSeconds: this.#samples / SAMPLE_RATE,
      frames: this.#chroma.length / CHROMA_COUNT,
      chroma: this.#chroma.view(),
      timbre: this.#timbre.view(),
      onsets: this.#onsets.view(),
    };
  }

  #describe(frame: Float32Array, fft: RealFft): void {
    powerSpectrum(frame, FRAME_WINDOW, fft, this.#power);
    PITCH_BANDS.apply(this.#power, this.#pitches);
    MEL_BANDS.apply(this.#power, this.#mels);
    for (const energy of this.#mels) this.#timbre.push(decibels(energy));
    // Pitches compete with their neighbourhood, not with the whole spectrum: subtracting the local mean
    // level takes timbre and loudness out of the harmony (spectral whitening).
    for (let p = 0; p < PITCH_COUNT; p++) this.#pitches[p] = decibels(this.#pitches[p] ?? 0);
    const classes = new Float32Array(CHROMA_COUNT);
    for (let p = 0; p < PITCH_COUNT; p++) {
      let sum = 0;
      const low = Math.max(0, p - 6);
      const high = Math.min(PITCH_COUNT - 1, p + 6);
      for (let q = low; q <= high; q++) sum += this.#pitches[q] ?? 0;
      const excess = (this.#pitches[p] ?? 0) - sum / (high - low + 1);
      if (excess > 0) classes[p % CHROMA_COUNT] = (classes[p % CHROMA_COUNT] ?? 0) + excess;
    }
    for (const strength of classes) this.#chroma.push(strength);
  }

  #detectOnset(frame: Float32Array, fft: RealFft): void {
    powerSpectrum(frame, ONSET_WINDOW, fft, this.#power);
    const energies = new Float32Array(ONSET_BANDS);
    ONSET_MEL_BANDS.apply(this.#power, energies);
    let flux = 0;
    for (let band = 0; band < ONSET_BANDS; band++) {
      const level = Math.log1p(1000 * (energies[band] ?? 0));
      flux += Math.max(0, level - (this.#onsetLevels[band] ?? 0));
      this.#onsetLevels[band] = level;
    }
    this.#onsets.push(flux);
  }
}

const FRAME_WINDOW = hann(FRAME_SIZE);
const ONSET_WINDOW = hann(ONSET_SIZE);
const PITCH_BANDS: SpectrumBands = semitoneBands(FRAME_SIZE, SAMPLE_RATE, LOWEST_PITCH, PITCH_COUNT);
const MEL_BANDS: SpectrumBands = melBands(FRAME_SIZE, SAMPLE_RATE, TIMBRE_COUNT);
const ONSET_MEL_BANDS: SpectrumBands = melBands(ONSET_SIZE, SAMPLE_RATE, ONSET_BANDS);

/** A Hann window scaled so that a full-scale sine has power 1 at its peak. */
function hann(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (2 / size) * (1 - Math.cos((2 * Math.PI * i) / size)));
}

function powerSpectrum(frame: Float32Array, window: Float32Array, fft: RealFft, power: Float32Array): void {
  const input = fft.input;
  for (let i = 0; i < frame.length; i++) input[i] = (frame[i] as number) * (window[i] as number);
  const spectrum = fft.transform();
  for (let bin = 1; bin < frame.length / 2; bin++) {
    const re = spectrum[2 * bin] as number;
    const im = spectrum[2 * bin + 1] as number;
    power[bin] = re * re + im * im;
  }
  power[0] = 0;
}

function decibels(power: number): number {
  return 10 * Math.log10(power + 1e-8);
}
