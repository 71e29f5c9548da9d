/** A track for trying whether everything works: a short tune that any algorithm hears, with a line of lyrics. */

const RATE = 8000;
const SECONDS = 6;
/** Half tones above the lowest note, two notes a second. */
const TUNE = [0, 4, 7, 12, 7, 4];
const LOWEST_HERTZ = 220;
const AMPLITUDE = 12_000;
const HEADER_BYTES = 44;

/** A WAV file of 16-bit PCM: docs.fileformat.com/audio/wav. About 96 kB. */
export function canaryTune(): Uint8Array {
  const samples = RATE * SECONDS;
  const bytes = Buffer.alloc(HEADER_BYTES + 2 * samples);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(2 * RATE, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(2 * samples, 40);
  let phase = 0;
  for (let i = 0; i < samples; i++) {
    const note = TUNE[Math.floor((2 * i) / RATE) % TUNE.length] ?? 0;
    phase += (2 * Math.PI * LOWEST_HERTZ * 2 ** (note / 12)) / RATE;
    bytes.writeInt16LE(Math.round(AMPLITUDE * Math.sin(phase)), HEADER_BYTES + 2 * i);
  }
  return bytes;
}

/** Korean is romanised by rule: no dictionary is loaded for it. */
export const CANARY_LYRICS = '[00:01.00]사랑해\n';

/** The manifest of that one track. */
export function canaryManifest(folderUri: string): string {
  const header = 'track_id,audio_uri,duration_s,lyrics_uri,language';
  return `${header}\ncanary,${folderUri}/${CANARY_TUNE_KEY},${SECONDS},${folderUri}/${CANARY_LYRICS_KEY},ko\n`;
}

export const CANARY_TUNE_KEY = 'tune.wav';
export const CANARY_LYRICS_KEY = 'words.lrc';
