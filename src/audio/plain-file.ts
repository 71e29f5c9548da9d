/**
 * Files of the common kinds whose beginnings and ends are just as encoders write them: their length can be read
 * without ffprobe, and every decoder makes the same of them. Whatever is odd about a file makes it none of these,
 * which says nothing against it.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { declaredWavLength } from './chunk-sizes.ts';
import { readMp3Length } from './mp3-frames.ts';
import { readOggLength } from './ogg-length.ts';

export interface PlainFile {
  /** The demuxer to open it with, by ffmpeg's name. None of these opens other files. */
  readonly demuxer: 'mp3' | 'ogg' | 'wav';
  /** Seconds, to the microsecond: what ffprobe says of its audio stream, where it does not guess. */
  readonly durationSeconds: number;
}

/** The longest signature below, with its offset. */
const SIGNATURE_BYTES = 12;

/**
 * What a local file is, if it is plain: an MP3 that goes on without a gap for `seconds` (to its end, where it has no
 * tag that counts its frames), an Ogg file of one Vorbis or Opus stream, or a WAVE file of PCM; none of them cut short.
 *
 * FLAC is not among them: its checksums are to be held against what is decoded, see `-err_detect` in media-pass.ts.
 */
export async function readPlainFile(path: string, seconds: number): Promise<PlainFile | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const kind = await readKind(file);
    if (kind === undefined) return undefined;
    const exact = await kind.length(file, size, seconds);
    if (exact === undefined) return undefined;
    return { demuxer: kind.demuxer, durationSeconds: toMicroseconds(exact) };
  } finally {
    await file.close();
  }
}

/**
 * Seconds of an MP3 file that no tag tells the length of, by counting its frames; undefined where something else
 * stands between them.
 */
export async function countMp3Seconds(path: string): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const exact = await readMp3Length(file, size, Number.POSITIVE_INFINITY);
    return exact === undefined ? undefined : toMicroseconds(exact);
  } finally {
    await file.close();
  }
}

function toMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

interface Kind {
  readonly demuxer: PlainFile['demuxer'];
  /** Seconds; undefined where the file is not plain. */
  readonly length: (file: FileHandle, size: number, seconds: number) => Promise<number | undefined>;
}

async function readKind(file: FileHandle): Promise<Kind | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0);
  const start = buffer.toString('latin1', 0, bytesRead);
  if (start.startsWith('OggS')) return { demuxer: 'ogg', length: readOggLength };
  if (start.startsWith('RIFF') && start.startsWith('WAVE', 8)) {
    return { demuxer: 'wav', length: declaredWavLength };
  }
  // An ID3v2 tag, or the eleven set bits that a frame begins with.
  if (start.startsWith('ID3') || (buffer.readUInt16BE(0) & 0xffe0) === 0xffe0) {
    return { demuxer: 'mp3', length: readMp3Length };
  }
  return undefined;
}
