import { highPass, lowPass } from './filters.ts';
import { frequencyOf } from './pitch.ts';
import type { Noise } from './random.ts';

/** A note for a lead instrument. */
export interface LeadNote {
  readonly midi: number;
  readonly seconds: number;
  /** The pitch it is reached from within a phrase; undefined at a phrase's start. */
  readonly previousMidi: number | undefined;
  /** Which vowel and consonant it takes: any whole number. */
  readonly syllable: number;
}

/** A lead's sound: samples whose note proper starts after {@link ONSET_SECONDS} of consonant or breath. */
export type Lead = (note: LeadNote, sampleRate: number, noise: Noise) => Float32Array;

/** How long before the note its consonant starts. */
export const ONSET_SECONDS = 0.05;

/** Formant frequencies in Hz of /a i u e o/ of women's voices, after Peterson and Barney (1952), and a singer's formant. */
const VOWELS: readonly (readonly number[])[] = [
  [850, 1220, 2810, 3400],
  [310, 2790, 3310, 3600],
  [370, 950, 2670, 3400],
  [610, 2330, 2990, 3400],
  [590, 920, 2710, 3400],
];
const FORMANT_GAINS = [1, 0.6, 0.4, 0.3];
const FORMANT_BANDWIDTHS = [130, 170, 250, 300];
/** Low and high edges in Hz of the consonants' noise, and its level: s, sh, h, t and a silent one. */
const CONSONANTS = [
  { low: 4500, high: 9000, level: 0.5 },
  { low: 2500, high: 6000, level: 0.5 },
  { low: 900, high: 3000, level: 0.3 },
  { low: 2000, high: 8000, level: 0.6 },
  { low: 500, high: 2000, level: 0.05 },
];
/** Harmonics above this are left to the consonants. */
const BRIGHTEST_HARMONIC = 6000;

/** A sung syllable: a glottal spectrum through a vowel's formants, with vibrato, glide and breath. */
export const voice: Lead = (note, sampleRate, noise) => {
  const formants = VOWELS[(note.syllable * 7) % VOWELS.length] ?? [];
  const fundamental = frequencyOf(note.midi);
  const weights = harmonicsBelow(Math.min(BRIGHTEST_HARMONIC, sampleRate * 0.45), fundamental).map(
    (hertz, index) => (0.12 + resonance(formants, hertz)) / (index + 1) ** 0.8,
  );
  const samples = sustain(
    note,
    sampleRate,
    { weights, vibratoCents: 30, breath: 0.02, attackSeconds: 0.025 },
    noise,
  );
  const consonant = CONSONANTS[(note.syllable * 3) % CONSONANTS.length];
  if (consonant !== undefined) addConsonant(samples, consonant, sampleRate, noise);
  return samples;
};

/** A flute: few harmonics, much breath, a soft attack. */
export const flute: Lead = (note, sampleRate, noise) =>
  sustain(
    note,
    sampleRate,
    { weights: [1, 0.45, 0.2, 0.08, 0.04], vibratoCents: 18, breath: 0.05, attackSeconds: 0.04 },
    noise,
  );

interface Tone {
  /** Amplitude of each harmonic; the whole is brought to the same level. */
  readonly weights: readonly number[];
  readonly vibratoCents: number;
  readonly breath: number;
  readonly attackSeconds: number;
}

/** A held harmonic tone after {@link ONSET_SECONDS} of silence. */
function sustain(note: LeadNote, sampleRate: number, tone: Tone, noise: Noise): Float32Array {
  const onset = Math.round(ONSET_SECONDS * sampleRate);
  const length = Math.round(note.seconds * sampleRate);
  const samples = new Float32Array(onset + length);
  const level = 0.5 / Math.hypot(...tone.weights);
  const glideCents = note.previousMidi === undefined ? -80 : 100 * (note.previousMidi - note.midi);
  const driftCents = 6 * noise();
  const releaseSeconds = Math.min(0.06, note.seconds / 4);
  let phase = 0;
  for (let i = 0; i < length; i++) {
    const t = i / sampleRate;
    const vibrato =
      tone.vibratoCents * Math.min(1, Math.max(0, (t - 0.12) / 0.25)) * Math.sin(2 * Math.PI * 5.6 * t);
    const cents = driftCents + vibrato + glideCents * Math.exp(-t / 0.015);
    phase += (2 * Math.PI * frequencyOf(note.midi + cents / 100)) / sampleRate;
    const envelope =
      Math.min(1, t / tone.attackSeconds) *
      Math.min(1, (note.seconds - t) / releaseSeconds) *
      (0.82 + 0.18 * Math.exp(-t / 0.2));
    samples[onset + i] = envelope * (level * harmonicSum(phase, tone.weights) + tone.breath * noise());
  }
  return samples;
}

/** Sum of weights[k] sin((k+1) phase), by sin(nx) = 2 cos(x) sin((n-1)x) - sin((n-2)x). */
function harmonicSum(phase: number, weights: readonly number[]): number {
  const twiceCosine = 2 * Math.cos(phase);
  let before = 0;
  let current = Math.sin(phase);
  let sum = 0;
  for (const weight of weights) {
    sum += weight * current;
    [before, current] = [current, twiceCosine * current - before];
  }
  return sum;
}

function harmonicsBelow(limit: number, fundamental: number): number[] {
  return Array.from({ length: Math.floor(limit / fundamental) }, (_, index) => (index + 1) * fundamental);
}

/** How strongly formants pass a frequency: a Lorentzian for each. */
function resonance(formants: readonly number[], hertz: number): number {
  return formants.reduce((sum, formant, index) => {
    const distance = (hertz - formant) / (FORMANT_BANDWIDTHS[index] ?? 300);
    return sum + (FORMANT_GAINS[index] ?? 0) / (1 + distance * distance);
  }, 0);
}

function addConsonant(
  samples: Float32Array,
  consonant: { readonly low: number; readonly high: number; readonly level: number },
  sampleRate: number,
  noise: Noise,
): void {
  const length = Math.min(samples.length, Math.round((ONSET_SECONDS + 0.015) * sampleRate));
  const burst = Float32Array.from(
    { length },
    (_, i) => consonant.level * noise() * Math.sin((Math.PI * i) / length),
  );
  lowPass(highPass(burst, consonant.low, sampleRate), consonant.high, sampleRate);
  for (let i = 0; i < length; i++) samples[i] = (samples[i] ?? 0) + (burst[i] ?? 0);
}
