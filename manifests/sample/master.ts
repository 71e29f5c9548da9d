/** Power of the finished song over all its channels, in dB of full scale: about -14 LUFS with this music. */
const TARGET_DB = -13;
/** Peaks bend towards this, so that lossy codecs have room to overshoot. */
const CEILING = 0.85;
const FADE_SECONDS = 0.8;

/** Brings the channels of a mix to their loudness, bends peaks, fades the end. */
export function master(channels: readonly Float32Array[], sampleRate: number): Float32Array[] {
  const frames = channels[0]?.length ?? 0;
  let energy = 0;
  for (const samples of channels) for (const sample of samples) energy += sample * sample;
  const gain = 10 ** (TARGET_DB / 20) / Math.sqrt(energy / frames);
  return channels.map((samples) =>
    samples.map((sample, i) => {
      const fade = Math.min(1, (frames - i) / (FADE_SECONDS * sampleRate));
      return fade * CEILING * Math.tanh((gain * sample) / CEILING);
    }),
  );
}
