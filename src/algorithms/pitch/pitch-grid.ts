/** Samples a second at which the melody is looked for. */
export const SAMPLE_RATE = 16_000;
/** Samples from one frame's centre to the next: 10 ms. */
export const HOP = 160;
/** Samples under a frame's window: 128 ms, long enough to part the harmonics of a low voice. */
export const WINDOW = 2048;
/** Spectrum bins of a frame, 7.8 Hz each, from 0 Hz to the Nyquist frequency (not held). */
export const SPECTRUM_BINS: number = WINDOW / 2;

/** Lowest fundamental looked for, as a MIDI pitch: G2, 98 Hz, a bass's. */
export const LOWEST_PITCH = 43;
/** Highest fundamental looked for: D6, 1,175 Hz, a soprano's. */
export const HIGHEST_PITCH = 86;
/** Grid steps in a semitone: 20 cents each. */
export const STEPS_PER_SEMITONE = 5;
/** Candidate fundamentals: one a grid step. */
export const CANDIDATES: number = (HIGHEST_PITCH - LOWEST_PITCH) * STEPS_PER_SEMITONE + 1;

/** Hz of a (fractional) MIDI pitch, A4 = 69 = 440 Hz. */
export function frequencyOf(pitch: number): number {
  return 440 * 2 ** ((pitch - 69) / 12);
}

/** The MIDI pitch of a (fractional) step of the grid. */
export function pitchOfStep(step: number): number {
  return LOWEST_PITCH + step / STEPS_PER_SEMITONE;
}
