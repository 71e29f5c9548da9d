import { lowPass } from './filters.ts';
import { frequencyOf } from './pitch.ts';
import type { Noise } from './random.ts';

/** A string pad: two sawtooths a few cents apart, softly filtered. `detuneCents` moves the pair. */
export function pad(
  midi: number,
  seconds: number,
  detuneCents: number,
  brightness: number,
  sampleRate: number,
): Float32Array {
  const samples = new Float32Array(Math.round((seconds + 0.15) * sampleRate));
  const frequencies = [
    frequencyOf(midi + (detuneCents + 5) / 100),
    frequencyOf(midi + (detuneCents - 5) / 100),
  ];
  for (let i = 0; i < samples.length; i++) {
    const t = i / sampleRate;
    const envelope = Math.min(1, t / 0.12) * Math.min(1, (seconds + 0.15 - t) / 0.15);
    const saws = frequencies.reduce((sum, frequency) => sum + 2 * ((t * frequency) % 1) - 1, 0);
    samples[i] = 0.5 * envelope * saws;
  }
  return lowPass(lowPass(samples, brightness, sampleRate), brightness, sampleRate);
}

/** A plucked string (Karplus and Strong, 1983). */
export function pluck(midi: number, seconds: number, sampleRate: number, noise: Noise): Float32Array {
  const period = sampleRate / frequencyOf(midi);
  // The two-point mean delays by half a sample; the rest of the fraction is interpolated.
  const whole = Math.floor(period - 0.5);
  const fraction = period - 0.5 - whole;
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  for (let i = 0; i < Math.min(whole, samples.length); i++) samples[i] = noise();
  lowPass(samples.subarray(0, whole), 3500, sampleRate);
  for (let i = whole + 2; i < samples.length; i++) {
    const near = samples[i - whole] ?? 0;
    const next = samples[i - whole - 1] ?? 0;
    const far = samples[i - whole - 2] ?? 0;
    const delayed = near + fraction * (next - near);
    const delayedOne = next + fraction * (far - next);
    samples[i] = 0.996 * 0.5 * (delayed + delayedOne);
  }
  return samples;
}

/** An electric bass: a few harmonics that die away, the higher the sooner. */
export function bass(midi: number, seconds: number, sampleRate: number): Float32Array {
  const angular = (2 * Math.PI * frequencyOf(midi)) / sampleRate;
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate;
    const envelope = Math.min(1, t / 0.008) * Math.min(1, (seconds - t) / 0.03);
    let sum = 0;
    for (let k = 1; k <= 6; k++) sum += (Math.sin(k * angular * i) / k) * Math.exp(-t * (0.6 + 0.9 * k));
    return 0.6 * envelope * sum;
  });
}
