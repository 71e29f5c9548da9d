import { type Stereo, stereo } from './mixer.ts';

/** Root mean square of the finished song, in dB of full scale: about -14 LUFS with this music. */
const TARGET_DB = -16;
/** Peaks bend towards this, so that lossy codecs have room to overshoot. */
const CEILING = 0.85;
const FADE_SECONDS = 0.8;

/** Brings a mix to its loudness, bends its peaks, fades its end. */
export function master(mix: Stereo, sampleRate: number): Stereo {
  const frames = mix.left.length;
  let energy = 0;
  for (const side of [mix.left, mix.right]) for (const sample of side) energy += sample * sample;
  const gain = 10 ** (TARGET_DB / 20) / Math.sqrt(energy / (2 * frames));
  const finished = stereo(frames);
  for (const side of ['left', 'right'] as const) {
    for (let i = 0; i < frames; i++) {
      const fade = Math.min(1, (frames - i) / (FADE_SECONDS * sampleRate));
      finished[side][i] = fade * CEILING * Math.tanh((gain * (mix[side][i] ?? 0)) / CEILING);
    }
  }
  return finished;
}
