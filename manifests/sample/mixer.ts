/** Stereo samples; full scale is +-1. */
export interface Stereo {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** What is put together: the dry sound, and what is sent to the reverb. */
export interface Mixer {
  readonly sampleRate: number;
  readonly dry: Stereo;
  readonly send: Stereo;
}

/** Where and how loud a sound is placed. */
export interface Placement {
  readonly seconds: number;
  readonly gain: number;
  /** -1 left, 0 centre, 1 right; the power stays the same (sine law). */
  readonly pan: number;
  /** Share that goes to the reverb. */
  readonly reverb: number;
}

export function stereo(frames: number): Stereo {
  return { left: new Float32Array(frames), right: new Float32Array(frames) };
}

export function openMixer(seconds: number, sampleRate: number): Mixer {
  const frames = Math.round(seconds * sampleRate);
  return { sampleRate, dry: stereo(frames), send: stereo(frames) };
}

/** Adds a mono sound to the mix; what lies outside the song is dropped. */
export function place(mixer: Mixer, samples: Float32Array, { seconds, gain, pan, reverb }: Placement): void {
  const angle = ((pan + 1) * Math.PI) / 4;
  const sides = [
    [mixer.dry.left, mixer.send.left, gain * Math.cos(angle)],
    [mixer.dry.right, mixer.send.right, gain * Math.sin(angle)],
  ] as const;
  const start = Math.round(seconds * mixer.sampleRate);
  const first = Math.max(0, -start);
  for (const [dry, send, sideGain] of sides) {
    const last = Math.min(samples.length, dry.length - start);
    for (let i = first; i < last; i++) {
      const value = sideGain * (samples[i] ?? 0);
      dry[start + i] = (dry[start + i] ?? 0) + value;
      send[start + i] = (send[start + i] ?? 0) + reverb * value;
    }
  }
}
