/** Hz of a MIDI note number; A4 (69) is 440. Fractions are parts of a semitone. */
export function frequencyOf(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12);
}
