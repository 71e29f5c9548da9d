import { highPass, lowPass } from './filters.ts';
import type { Noise } from './random.ts';
import type { Hit } from './timeline.ts';

/** A drum's sound, one hit. */
type Drum = (sampleRate: number, noise: Noise) => Float32Array;

/** A sine that falls from 150 to 48 Hz. */
const kick: Drum = (sampleRate) => {
  let phase = 0;
  return Float32Array.from({ length: Math.round(0.28 * sampleRate) }, (_, i) => {
    const t = i / sampleRate;
    phase += (2 * Math.PI * (48 + 102 * Math.exp(-t / 0.03))) / sampleRate;
    return Math.min(1, t / 0.002) * Math.exp(-t / 0.09) * Math.sin(phase);
  });
};

/** Noise over a short tone. */
const snare: Drum = (sampleRate, noise) => {
  const wires = burst(0.2, 0.06, sampleRate, noise);
  lowPass(highPass(wires, 1200, sampleRate), 7000, sampleRate);
  return wires.map((wire, i) => {
    const t = i / sampleRate;
    return 0.9 * wire + 0.5 * Math.exp(-t / 0.04) * Math.sin(2 * Math.PI * 190 * t);
  });
};

const hat: Drum = (sampleRate, noise) => highPass(burst(0.07, 0.018, sampleRate, noise), 7000, sampleRate);

const crash: Drum = (sampleRate, noise) => highPass(burst(1.6, 0.45, sampleRate, noise), 4500, sampleRate);

/** The drum kit. */
export const DRUMS: Readonly<Record<Hit['drum'], Drum>> = { kick, snare, hat, crash };

/** Noise that dies away: `decay` is the time to 1/e. */
function burst(seconds: number, decay: number, sampleRate: number, noise: Noise): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRate) },
    (_, i) => noise() * Math.exp(-i / (decay * sampleRate)),
  );
}
