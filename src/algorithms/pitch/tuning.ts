/**
 * By how much a song is tuned off A4 = 440 Hz, in semitones from -0.5 to 0.5: the circular mean of how far its
 * sung pitches lie from whole semitones (Dressler and Streich, "Tuning frequency estimation using circular
 * statistics", ISMIR 2007). 0 where nothing is sung.
 *
 * `pitches`: fractional MIDI, 0 for a frame that is not sung.
 */
export function tuningOf(pitches: Float32Array): number {
  let cosines = 0;
  let sines = 0;
  for (const pitch of pitches) {
    if (pitch === 0) continue;
    const angle = 2 * Math.PI * pitch;
    cosines += Math.cos(angle);
    sines += Math.sin(angle);
  }
  return Math.atan2(sines, cosines) / (2 * Math.PI);
}
