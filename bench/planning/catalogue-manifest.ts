/** A manifest of any length, as a service's database would export it: about 100 bytes a row, audio and lyrics in S3. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const HEADER = 'track_id,audio_uri,duration_s,lyrics_uri,language\n';
const LANGUAGES = ['ja', 'zh', 'yue', 'ko', 'en', 'es', 'fr', 'de', ''] as const;
const ROWS_A_BLOCK = 5_000;

const FIRST_ID = 1_000_000_000;
const ID_BITS = 2 ** 30 - 1;

/**
 * Writes `to - from` rows to `path`, from row `from` on: behind what is there unless that is 0. They are on the disk in the
 * end, so that writing them back does not go on beside what is measured.
 */
export async function writeManifest(path: string, from: number, to: number): Promise<void> {
  await pipeline(blocks(from, to), createWriteStream(path, { flags: from === 0 ? 'w' : 'a', flush: true }));
}

function* blocks(from: number, to: number): Generator<string> {
  if (from === 0) yield HEADER;
  for (let first = from; first < to; first += ROWS_A_BLOCK) {
    let block = '';
    for (let row = first; row < Math.min(first + ROWS_A_BLOCK, to); row += 1) block += rowText(row);
    yield block;
  }
}

function rowText(row: number): string {
  const id = String(FIRST_ID + scrambled(row));
  const chance = Math.imul(row, 2_654_435_761) >>> 0;
  const seconds = (120 + (chance % 24_000) / 100).toFixed(2);
  const language = LANGUAGES[(chance >>> 16) % LANGUAGES.length] ?? '';
  const lyrics = language === '' ? '' : `s3://catalogue-lyrics/${id}.lrc`;
  return `${id},s3://catalogue-audio/${id.slice(0, 3)}/${id.slice(3, 6)}/${id}.flac,${seconds},${lyrics},${language}\n`;
}

/**
 * Another number of 30 bits for every number of 30 bits (multiplying by an odd number and xor with itself shifted can
 * both be undone): ids that look like chance, since order would make them compress better than real ones.
 */
function scrambled(number: number): number {
  let bits = Math.imul(number, 0x2c1b3c6d) & ID_BITS;
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x297a2d39) & ID_BITS;
  return bits ^ (bits >>> 14);
}
