/** The frames of an MP3 file, by their headers: ISO/IEC 11172-3 and 13818-3, layer III. */
import type { FileHandle } from 'node:fs/promises';

/** Kilobits a second by the header's index; 0 ("free") and 15 are not here. */
const MPEG1_BITRATES = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG2_BITRATES = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG1_RATES = [44100, 48000, 32000];
/** How many times lower the rates of a version are than those of MPEG-1, by the header's two bits; 1 is reserved. */
const RATE_DIVISORS = [4, undefined, 2, 1];

const HEADER_BYTES = 4;
const ID3_HEADER_BYTES = 10;
/** Headers are looked at in windows of so many bytes. */
const WINDOW_BYTES = 512 * 1024;
const ID3V1_BYTES = 128;
/** The first frame as far as tags are read in it. */
const TAG_FRAME_BYTES = 64;
/** A Xing tag's flags for its counts of frames and of bytes. */
const XING_COUNTS = 0x3;
const VBRI_OFFSET = 36;
/** So much of a file may stand after its frames (tags), or its writer's count be off, for the count to be trusted. */
const MAX_STRAY_SHARE = 1 / 32;

interface FrameHeader {
  readonly bytes: number;
  readonly samples: number;
  readonly sampleRate: number;
  readonly isMono: boolean;
  /** From the header's end to where a Xing tag stands, in a frame that holds one: what its side information takes. */
  readonly sideBytes: number;
}

/**
 * Seconds of an MP3 file, encoder delay and padding among them: by the count of frames in its Xing tag (also called
 * Info; LAME writes it), else by counting them all. Undefined where a tag's counts are missing or do not fit the
 * file, and where a frame (with a tag: of the first `seconds`) is of another rate or number of channels, does not
 * follow right upon the one before, or is not whole.
 */
export async function readMp3Length(
  file: FileHandle,
  size: number,
  seconds: number,
): Promise<number | undefined> {
  const start = await tagEnd(file);
  const beginning = (await file.read(Buffer.alloc(TAG_FRAME_BYTES), 0, TAG_FRAME_BYTES, start)).buffer;
  const first = frameHeader(beginning, 0);
  if (first === undefined) return undefined;
  const end = await audioEnd(file, size);
  const secondsOf = (frames: number): number => (frames * first.samples) / first.sampleRate;
  if (!bearsTag(beginning, first)) {
    const { frames, at } = await followFrames(file, { start, end, most: Number.POSITIVE_INFINITY, first });
    return at === end ? secondsOf(frames) : undefined;
  }
  const counts = xingCounts(beginning, HEADER_BYTES + first.sideBytes);
  if (counts === undefined || counts.frames === 0) return undefined;
  if (Math.abs(size - start - counts.bytes) > counts.bytes * MAX_STRAY_SHARE) return undefined;
  const needed = Math.min(counts.frames, Math.ceil((seconds * first.sampleRate) / first.samples));
  const { frames } = await followFrames(file, { start: start + first.bytes, end, most: needed, first });
  return frames === needed ? secondsOf(counts.frames) : undefined;
}

/** How many frames like the first one follow each other from `start` on, and where they end. */
async function followFrames(
  file: FileHandle,
  { start, end, most, first }: { start: number; end: number; most: number; first: FrameHeader },
): Promise<{ readonly frames: number; readonly at: number }> {
  const memory = Buffer.allocUnsafe(WINDOW_BYTES);
  let at = start;
  for (let frames = 0; ; ) {
    const { bytesRead } = await file.read(memory, 0, WINDOW_BYTES, at);
    const window = memory.subarray(0, bytesRead);
    const windowStart = at;
    for (; frames < most && at - windowStart + HEADER_BYTES <= window.length; frames += 1) {
      const frame = frameHeader(window, at - windowStart);
      const isAlike = frame?.sampleRate === first.sampleRate && frame.isMono === first.isMono;
      if (!isAlike || at + frame.bytes > end) return { frames, at };
      at += frame.bytes;
    }
    if (frames === most || at === windowStart) return { frames, at };
  }
}

/** The frame header at `at`; undefined if there is none, or one of another layer or without a bit rate. */
function frameHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined;
  const bits = bytes.readUInt32BE(at);
  const isLayer3 = (bits >>> 17) % 4 === 1;
  if (bits >>> 21 !== 0x7ff || !isLayer3) return undefined;
  const divisor = RATE_DIVISORS[(bits >>> 19) % 4];
  const fullRate = MPEG1_RATES[(bits >>> 10) % 4];
  const isMpeg1 = divisor === 1;
  const kilobits = (isMpeg1 ? MPEG1_BITRATES : MPEG2_BITRATES)[((bits >>> 12) % 16) - 1];
  if (divisor === undefined || fullRate === undefined || kilobits === undefined) return undefined;
  const sampleRate = fullRate / divisor;
  const samples = isMpeg1 ? 1152 : 576;
  const isMono = (bits >>> 6) % 4 === 3;
  const padding = (bits >>> 9) % 2;
  return {
    bytes: Math.floor((samples / 8) * ((kilobits * 1000) / sampleRate)) + padding,
    samples,
    sampleRate,
    isMono,
    sideBytes: isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17,
  };
}

/** Whether the first frame is silent and holds an encoder's tag: LAME's and others' (Xing, Info), or Fraunhofer's. */
function bearsTag(frame: Buffer, { sideBytes }: FrameHeader): boolean {
  const nameAt = (at: number): string => frame.toString('latin1', at, at + 4);
  return ['Xing', 'Info'].includes(nameAt(HEADER_BYTES + sideBytes)) || nameAt(VBRI_OFFSET) === 'VBRI';
}

/** The counts of a Xing tag at `at`; undefined if there is none, or one that lacks them. */
function xingCounts(
  bytes: Buffer,
  at: number,
): { readonly frames: number; readonly bytes: number } | undefined {
  if (!['Xing', 'Info'].includes(bytes.toString('latin1', at, at + 4))) return undefined;
  if ((bytes.readUInt32BE(at + 4) & XING_COUNTS) !== XING_COUNTS) return undefined;
  return { frames: bytes.readUInt32BE(at + 8), bytes: bytes.readUInt32BE(at + 12) };
}

/** Where the frames end at the latest: before an ID3v1 tag, the file's last 128 bytes. */
async function audioEnd(file: FileHandle, size: number): Promise<number> {
  const tag = Buffer.alloc(3);
  await file.read(tag, 0, tag.length, Math.max(0, size - ID3V1_BYTES));
  return tag.toString('latin1') === 'TAG' ? size - ID3V1_BYTES : size;
}

/** Where the ID3v2 tag that a file may begin with ends (id3.org, ID3v2.4.0 section 3.1); 0 where there is none. */
async function tagEnd(file: FileHandle): Promise<number> {
  const header = Buffer.alloc(ID3_HEADER_BYTES);
  await file.read(header, 0, header.length, 0);
  if (header.toString('latin1', 0, 3) !== 'ID3') return 0;
  const size = header.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const hasFooter = (header.readUInt8(5) & 0x10) !== 0;
  return ID3_HEADER_BYTES + size + (hasFooter ? ID3_HEADER_BYTES : 0);
}
