/** Songs whose melody is known, made of sines. */

/** What a voice sings, `start` and `end` in seconds, `midi` possibly fractional. */
export interface SungNote {
  readonly start: number;
  readonly end: number;
  readonly midi: number;
  /** Semitones by which the pitch swings to either side, six times a second. */
  readonly vibrato?: number;
}

export const SAMPLE_RATE = 16_000;

const EDGE_SECONDS = 0.02;

/** Mono samples of a voice: harmonics that fall off, lifted around two formants. */
export function voice(notes: readonly SungNote[], seconds: number): Float32Array {
  const samples = new Float32Array(Math.round(seconds * SAMPLE_RATE));
  for (const { start, end, midi, vibrato = 0 } of notes) {
    let phase = 0;
    const last = Math.min(samples.length, Math.round(end * SAMPLE_RATE));
    for (let index = Math.round(start * SAMPLE_RATE); index < last; index++) {
      const time = index / SAMPLE_RATE;
      const frequency = hertz(midi + vibrato * Math.sin(2 * Math.PI * 6 * (time - start)));
      phase += (2 * Math.PI * frequency) / SAMPLE_RATE;
      const edge = Math.min(1, (time - start) / EDGE_SECONDS, (end - time) / EDGE_SECONDS);
      samples[index] = (samples[index] as number) + 0.25 * edge * glottal(phase, frequency);
    }
  }
  return samples;
}

/** Mono samples of sustained chords: each chord's MIDI pitches sound for `chordSeconds`, then the next. */
export function chords(
  pitches: readonly (readonly number[])[],
  chordSeconds: number,
  seconds: number,
): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * SAMPLE_RATE) }, (_, index) => {
    const time = index / SAMPLE_RATE;
    const chord = pitches[Math.floor(time / chordSeconds) % pitches.length] as readonly number[];
    let sum = 0;
    for (const midi of chord) {
      for (let harmonic = 1; harmonic <= 4; harmonic++) {
        sum += Math.sin(2 * Math.PI * hertz(midi) * harmonic * time) / harmonic ** 2;
      }
    }
    return 0.03 * sum;
  });
}

/** Interleaved stereo with `centre` in both channels, and the accompaniment mostly on the left. */
export function stereo(centre: Float32Array, accompaniment?: Float32Array): Float32Array {
  const samples = new Float32Array(centre.length * 2);
  for (let index = 0; index < centre.length; index++) {
    const accompanied = accompaniment?.[index] ?? 0;
    samples[2 * index] = (centre[index] as number) + accompanied;
    samples[2 * index + 1] = (centre[index] as number) + 0.4 * accompanied;
  }
  return samples;
}

/** White noise of the given amplitude, the same every time (xorshift). */
export function noise(length: number, amplitude: number): Float32Array {
  let state = 0x9e3779b9;
  return Float32Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return amplitude * ((state >>> 0) / 2 ** 31 - 1);
  });
}

/** Mono samples of a kick drum and a snare in turn, one every half second. */
export function drums(seconds: number): Float32Array {
  const hiss = noise(Math.round(seconds * SAMPLE_RATE), 0.4);
  return hiss.map((sample, index) => {
    const beat = Math.floor((2 * index) / SAMPLE_RATE);
    const since = index / SAMPLE_RATE - beat / 2;
    const kick =
      0.6 *
      Math.exp(-since / 0.08) *
      Math.sin(2 * Math.PI * (60 * since + 2 * (1 - Math.exp(-since / 0.02))));
    return beat % 2 === 0 ? kick : sample * Math.exp(-since / 0.06);
  });
}

function glottal(phase: number, frequency: number): number {
  let sum = 0;
  for (let harmonic = 1; harmonic * frequency < 5000; harmonic++) {
    sum += (formants(harmonic * frequency) * Math.sin(harmonic * phase)) / harmonic;
  }
  return sum;
}

function formants(frequency: number): number {
  return 0.4 + Math.exp(-(((frequency - 600) / 200) ** 2)) + Math.exp(-(((frequency - 1500) / 400) ** 2));
}

function hertz(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12);
}
