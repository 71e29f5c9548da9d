/** Songs made of sine chords, a melody and a drum. */
const SAMPLE_RATE = 16_000;

export interface SyntheticSection {
  readonly bars: number;
  /** Sections of one tune share chords and melody. */
  readonly tune: number;
  /** Sections of one text share the accents of their syllables. */
  readonly text: number;
  /** Full scale is 1. */
  readonly level: number;
  readonly drums: boolean;
  /** Semitones above where its tune is at home. */
  readonly lift?: number;
}

/** How a whole song is counted. Default: 120 beats a minute, four a bar, that is 2 s a bar. */
export interface Metre {
  readonly beatSeconds?: number;
  readonly beatsPerBar?: number;
}

/** Interleaved stereo samples at 16 kHz, two alike channels. */
export function synthesise(
  sections: readonly SyntheticSection[],
  { beatSeconds = 0.5, beatsPerBar = 4 }: Metre = {},
): Float32Array {
  const beats = sections.reduce((sum, section) => sum + section.bars * beatsPerBar, 0);
  const beatLength = Math.round(beatSeconds * SAMPLE_RATE);
  const samples = new Float32Array(beats * beatLength * 2);
  const noise = generator(99);
  let beat = 0;
  for (const section of sections) {
    const tune = generator(1000 + section.tune);
    const text = generator(5000 + section.text);
    const melody = Array.from({ length: 64 }, () => 60 + Math.floor(tune() * 14));
    const roots = Array.from({ length: 8 }, () => 48 + Math.floor(tune() * 12));
    for (let i = 0; i < section.bars * beatsPerBar; i++, beat++) {
      const lift = section.lift ?? 0;
      const root = (roots[Math.floor(i / beatsPerBar) % roots.length] as number) + lift;
      const note = (melody[i % melody.length] as number) + lift;
      const overtones = Array.from({ length: 6 }, () => text());
      addBeat(samples, beat, beatLength, [root, root + 4, root + 7], note, overtones, section, noise);
    }
  }
  return samples;
}

function addBeat(
  samples: Float32Array,
  beat: number,
  length: number,
  chord: readonly number[],
  note: number,
  overtones: readonly number[],
  section: SyntheticSection,
  noise: () => number,
): void {
  for (let i = 0; i < length; i++) {
    const seconds = i / SAMPLE_RATE;
    const fade = Math.min(1, i / 200) * Math.exp(-2 * seconds);
    let value = 0;
    for (const pitch of chord) value += 0.15 * sine(pitch, seconds);
    for (const [k, strength] of overtones.entries()) {
      value += 0.12 * strength * Math.sin(2 * Math.PI * hertz(note) * (k + 1) * seconds);
    }
    value *= fade;
    if (section.drums) value += 0.3 * (noise() - 0.5) * Math.exp(-40 * seconds);
    const at = (beat * length + i) * 2;
    samples[at] = value * section.level;
    samples[at + 1] = value * section.level;
  }
}

/** Notes and rests at random, seeded: nothing in it comes back. */
export function wander(seconds: number, seed: number): Float32Array {
  const random = generator(seed);
  const samples = new Float32Array(Math.round(seconds * SAMPLE_RATE) * 2);
  for (let at = 0; at < samples.length / 2; ) {
    const length = Math.floor((0.15 + random() * 0.9) * SAMPLE_RATE);
    const pitch = 45 + random() * 36;
    const level = random() ** 2 * 0.5;
    for (let i = 0; i < length && at < samples.length / 2; i++, at++) {
      samples[2 * at] = level * sine(pitch, i / SAMPLE_RATE);
      samples[2 * at + 1] = samples[2 * at] as number;
    }
  }
  return samples;
}

function hertz(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}

function sine(pitch: number, seconds: number): number {
  return Math.sin(2 * Math.PI * hertz(pitch) * seconds);
}

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
