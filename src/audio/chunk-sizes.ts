/**
 * How long a file of chunks (WAVE, AIFF, CAF, ASF, ISO base media) should be at least, by the sizes that its
 * chunks declare. Only headers are read, a few bytes each.
 */
import type { FileHandle } from 'node:fs/promises';

/** A file with more chunks than this at its top level is left alone: the decoder will say. */
const MAX_CHUNKS = 1000;

/** Writers that can not seek back leave the size of the audio at 0 or near 2^31 or 2^32. */
const UNKNOWN_SIZE = 0x7fff0000;

/** ASF_File_Properties_Object, 8CABDCA1-A947-11CF-8EE4-00C00C205365, as it stands in a file. */
const ASF_FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');
/** The properties come first in the header; its tags, which may be long, do not matter. */
const ASF_HEADER_BYTES = 64 * 1024;

/**
 * Where the `data` chunk of a WAVE file (RIFF, or RF64 with its size in `ds64`: EBU Tech 3306) ends;
 * undefined where it does not say.
 */
export async function declaredWavEnd(file: FileHandle, size: number): Promise<number | undefined> {
  let longSize: number | undefined;
  for await (const chunk of chunks(file, size, 12, (header) => header.readUInt32LE(4))) {
    if (chunk.name === 'ds64') longSize = await readUInt64LE(file, chunk.start + 8 + 8);
    if (chunk.name === 'data') {
      const declared = chunk.size === 0xffffffff && longSize !== undefined ? longSize : chunk.size;
      const unknown = declared === 0 || (declared === chunk.size && declared >= UNKNOWN_SIZE);
      return unknown ? undefined : chunk.start + 8 + declared;
    }
  }
  return undefined;
}

/**
 * Seconds of a WAVE file of PCM, integers or floats, by the size of its `data` chunk. Undefined where it is of
 * another codec, does not say its size, or is cut short.
 */
export async function declaredWavLength(file: FileHandle, size: number): Promise<number | undefined> {
  let format: WavFormat | undefined;
  for await (const chunk of chunks(file, size, 12, (header) => header.readUInt32LE(4))) {
    if (chunk.name === 'fmt ') format = wavFormat(await readBytes(file, chunk.start + 8, 40));
    if (chunk.name !== 'data') continue;
    const isWhole = chunk.size > 0 && chunk.size < UNKNOWN_SIZE && chunk.start + 8 + chunk.size <= size;
    if (format === undefined || !isWhole || chunk.size % format.bytesPerFrame !== 0) return undefined;
    return chunk.size / format.bytesPerFrame / format.sampleRate;
  }
  return undefined;
}

interface WavFormat {
  readonly sampleRate: number;
  readonly bytesPerFrame: number;
}

/** A `fmt ` chunk of PCM: WAVE_FORMAT_PCM, _IEEE_FLOAT, or _EXTENSIBLE with one of these; undefined for others. */
function wavFormat(format: Buffer): WavFormat | undefined {
  const tag = format.readUInt16LE(0);
  const codec = tag === 0xfffe ? format.readUInt16LE(24) : tag;
  const sampleRate = format.readUInt32LE(4);
  const bytesPerFrame = format.readUInt16LE(12);
  const isPacked = bytesPerFrame * 8 === format.readUInt16LE(2) * format.readUInt16LE(14);
  return [1, 3].includes(codec) && isPacked && sampleRate * bytesPerFrame > 0
    ? { sampleRate, bytesPerFrame }
    : undefined;
}

/** Where the `SSND` chunk of an AIFF or AIFF-C file ends; undefined where it does not say. */
export async function declaredAiffEnd(file: FileHandle, size: number): Promise<number | undefined> {
  for await (const chunk of chunks(file, size, 12, (header) => header.readUInt32BE(4))) {
    if (chunk.name === 'SSND') {
      return chunk.size === 0 || chunk.size >= UNKNOWN_SIZE ? undefined : chunk.start + 8 + chunk.size;
    }
  }
  return undefined;
}

/**
 * Where the last top-level box of an ISO base media file (ISO/IEC 14496-12, 4.2: MP4, M4A, MOV) that
 * begins in it ends; undefined where the last one reaches to the file's end by definition.
 */
export async function declaredMovEnd(file: FileHandle, size: number): Promise<number | undefined> {
  let start = 0;
  for (let count = 0; count < MAX_CHUNKS && start + 8 <= size; count += 1) {
    const header = await readBytes(file, start, 16);
    const short = header.readUInt32BE(0);
    if (short === 0) return undefined;
    const length = short === 1 ? Number(header.readBigUInt64BE(8)) : short;
    if (length < 8) return undefined;
    // Junk after the last box is no box that was cut.
    if (!/^[\w ]{4}$/.test(header.toString('latin1', 4, 8))) return undefined;
    start += length;
  }
  return start;
}

/**
 * Seconds of an ISO base media file by its movie header (ISO/IEC 14496-12, 8.2.2), where that stands in a top-level
 * `moov` box and the file ends where its last box does; undefined otherwise.
 */
export async function declaredMovLength(file: FileHandle, size: number): Promise<number | undefined> {
  if ((await declaredMovEnd(file, size)) !== size) return undefined;
  for (let start = 0; start + 8 <= size; ) {
    const header = await readBytes(file, start, 48);
    if (header.toString('latin1', 4, 8) === 'moov') return movieSeconds(header.subarray(8));
    const length = header.readUInt32BE(0);
    start += length === 1 ? Number(header.readBigUInt64BE(8)) : length;
  }
  return undefined;
}

/** What the movie header says, which comes first in its box. */
function movieSeconds(box: Buffer): number | undefined {
  if (box.toString('latin1', 4, 8) !== 'mvhd') return undefined;
  const isLong = box.readUInt8(8) === 1;
  const timescale = box.readUInt32BE(isLong ? 28 : 20);
  const duration = isLong ? Number(box.readBigUInt64BE(32)) : box.readUInt32BE(24);
  return timescale === 0 ? undefined : duration / timescale;
}

/** Where the `data` chunk of a Core Audio Format file ends; undefined where it does not say (-1). */
export async function declaredCafEnd(file: FileHandle, size: number): Promise<number | undefined> {
  let start = 8;
  for (let count = 0; count < MAX_CHUNKS && start + 12 <= size; count += 1) {
    const header = await readBytes(file, start, 12);
    const length = Number(header.readBigInt64BE(4));
    if (length < 0) return undefined;
    start += 12 + length;
    if (header.toString('latin1', 0, 4) === 'data') return start;
  }
  return undefined;
}

/**
 * The size that an ASF file's File Properties Object declares (ASF specification 1.20, 3.2); undefined
 * where it does not say (0, or a broadcast).
 */
export async function declaredAsfEnd(file: FileHandle): Promise<number | undefined> {
  const header = await readBytes(file, 0, ASF_HEADER_BYTES);
  const at = header.indexOf(ASF_FILE_PROPERTIES);
  if (at === -1 || at + 96 > header.length) return undefined;
  const isBroadcast = (header.readUInt32LE(at + 88) & 1) !== 0;
  const size = Number(header.readBigUInt64LE(at + 40));
  return isBroadcast || size === 0 ? undefined : size;
}

/** The chunks that follow `start`, each padded to an even length. */
async function* chunks(
  file: FileHandle,
  fileSize: number,
  firstStart: number,
  readSize: (header: Buffer) => number,
): AsyncGenerator<{ readonly name: string; readonly start: number; readonly size: number }> {
  let start = firstStart;
  for (let count = 0; count < MAX_CHUNKS && start + 8 <= fileSize; count += 1) {
    const header = await readBytes(file, start, 8);
    const size = readSize(header);
    yield { name: header.toString('latin1', 0, 4), start, size };
    start += 8 + size + (size % 2);
  }
}

async function readUInt64LE(file: FileHandle, position: number): Promise<number> {
  return Number((await readBytes(file, position, 8)).readBigUInt64LE(0));
}

/** Bytes at `position`; zeros stand for those after the file's end. */
async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, position);
  return bytes;
}
