/** The length of an Ogg file that holds one stream: RFC 3533, RFC 7845 (Opus), the Vorbis I specification (4.2.2). */
import type { FileHandle } from 'node:fs/promises';
import { findLastOggPage, readOggPageHeader } from './ogg-end.ts';

/** Both first pages, and the beginning of the second one's packets. */
const BEGINNING_BYTES = 1024;
/** Opus counts at 48 kHz whatever its source was. */
const OPUS_RATE = 48000;

/**
 * Seconds of an Ogg file by its last page, an Opus encoder's delay among them. Undefined where it holds anything but
 * one Vorbis or Opus stream from its beginning to a last page that is marked so.
 */
export async function readOggLength(file: FileHandle, size: number): Promise<number | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
  const beginning = buffer.subarray(0, bytesRead);
  const first = readOggPageHeader(beginning, 0);
  const second = first && readOggPageHeader(beginning, first.end);
  if (first === undefined || second === undefined || !first.beginsStream || second.beginsStream) {
    return undefined;
  }
  const sampleRate = streamRate(beginning.subarray(first.bodyStart, first.end));
  const last = await findLastOggPage(file, size);
  if (sampleRate === undefined || last === undefined) return undefined;
  const isWhole = last.endOfStream && !last.brokenPageFollows;
  if (!isWhole || second.serial !== first.serial || last.serial !== first.serial) return undefined;
  return last.granulePosition > 0n ? Number(last.granulePosition) / sampleRate : undefined;
}

/** How many times a second a stream's granule position counts, by its first packet; undefined for other codecs. */
function streamRate(packet: Buffer): number | undefined {
  if (packet.toString('latin1', 0, 8) === 'OpusHead') return OPUS_RATE;
  if (packet.toString('latin1', 0, 7) !== '\u0001vorbis' || packet.length < 16) return undefined;
  return packet.readUInt32LE(12) || undefined;
}
