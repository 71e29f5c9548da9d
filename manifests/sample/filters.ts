/** One-pole low-pass, in place. `cutoff` and `sampleRate` in Hz. */
export function lowPass(samples: Float32Array, cutoff: number, sampleRate: number): Float32Array {
  const keep = Math.exp((-2 * Math.PI * cutoff) / sampleRate);
  let last = 0;
  for (let i = 0; i < samples.length; i++) {
    last = (1 - keep) * (samples[i] ?? 0) + keep * last;
    samples[i] = last;
  }
  return samples;
}

/** What {@link lowPass} takes away, in place. */
export function highPass(samples: Float32Array, cutoff: number, sampleRate: number): Float32Array {
  const low = lowPass(samples.slice(), cutoff, sampleRate);
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) - (low[i] ?? 0);
  return samples;
}
