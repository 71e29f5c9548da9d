/**
 * Chromaprint's compressed fingerprints.
 *
 * Format (acoustid.org, chromaprint 1.x): one byte with the algorithm's number less one, the count of codes
 * in 24 bits (big-endian), then for each code what changed since the one before (XOR), as the distances
 * between its set bits, counted from 1 and ended by 0. Distances are packed in 3 bits each, lowest bits
 * first; 7 stands for seven or more, and how much more follows, in the same order, packed in 5 bits each,
 * after all of them, from the next whole byte on.
 */

import { BITS_PER_CODE } from './bit-errors.ts';

const HEADER_BYTES = 4;
const DISTANCE_BITS = 3;
const EXCESS_BITS = 5;
const LARGEST_DISTANCE = 7;

export interface Fingerprint {
  /** Chromaprint's algorithm, as `fpcalc -algorithm` counts: 2 is the one that AcoustID uses. */
  readonly algorithm: number;
  /** One code for about 0.124 s each, of 32 bits. */
  readonly codes: Uint32Array;
}

/** Samples a second that Chromaprint works on, in a frame, and from one frame to the next. */
const SAMPLE_RATE = 11025;
const FRAME_SAMPLES = 4096;
const HOP_SAMPLES = 1365;
/** A code looks at 16 rows of chroma, each of which is smoothed over 5 frames. */
const FRAMES_PER_CODE = 20;

/** From one code to the next: about 0.124 s. */
export const SECONDS_PER_CODE: number = HOP_SAMPLES / SAMPLE_RATE;

/** The least audio, in seconds, that gives so many codes of algorithm 2 (chromaprint 1.x, `fingerprinter_configuration.cpp`). */
export function secondsOfCodes(count: number): number {
  if (count === 0) return 0;
  return (FRAME_SAMPLES + (count + FRAMES_PER_CODE - 2) * HOP_SAMPLES) / SAMPLE_RATE;
}

/** Unpacks a compressed fingerprint. Throws a RangeError if it is not one. */
export function decompressFingerprint(compressed: Uint8Array): Fingerprint {
  const [algorithm, high, middle, low] = compressed;
  if (algorithm === undefined || high === undefined || middle === undefined || low === undefined) {
    throw new RangeError(`a fingerprint of ${compressed.length} bytes has no header`);
  }
  const count = (high << 16) | (middle << 8) | low;
  const distances = unpackDistances(compressed, count);
  const codes = new Uint32Array(count);
  let at = 0;
  let code = 0;
  for (let index = 0; index < count; index += 1) {
    let position = 0;
    for (let distance = distances[at++]; distance; distance = distances[at++]) {
      position += distance;
      if (position > BITS_PER_CODE)
        throw new RangeError(`code ${index} of the fingerprint has too many bits`);
      code ^= 1 << (position - 1);
    }
    codes[index] = code;
  }
  return { algorithm: algorithm + 1, codes };
}

/** Distances between set bits, with the 0 that ends each code. */
function unpackDistances(compressed: Uint8Array, count: number): number[] {
  const distances: number[] = [];
  const large: number[] = [];
  let bit = HEADER_BYTES * 8;
  for (let ended = 0; ended < count; bit += DISTANCE_BITS) {
    const distance = readBits(compressed, bit, DISTANCE_BITS);
    if (distance === 0) ended += 1;
    if (distance === LARGEST_DISTANCE) large.push(distances.length);
    distances.push(distance);
  }
  bit = Math.ceil(bit / 8) * 8;
  for (const index of large) {
    distances[index] = LARGEST_DISTANCE + readBits(compressed, bit, EXCESS_BITS);
    bit += EXCESS_BITS;
  }
  return distances;
}

function readBits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index += 1) {
    const byte = bytes[(start + index) >> 3];
    if (byte === undefined) throw new RangeError('the fingerprint ends in the middle of a code');
    value |= ((byte >> ((start + index) & 7)) & 1) << index;
  }
  return value;
}
