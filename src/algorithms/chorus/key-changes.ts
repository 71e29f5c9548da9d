import { CHROMA_COUNT } from './features.ts';
import { normaliseRows } from './row-lengths.ts';

/** Stretches of four bars are compared, and the key is told bar by bar. */
const STRETCH_BEATS = 16;
const BAR_BEATS = 4;
/** Likeness that a stretch must exceed to speak for a key at all. */
const REPETITION = 0.6;
/** What a change of key must gain: the likeness of its bars beyond what the old key offers, summed. */
const CHANGE_COST = 0.8;
/** Each round knows the keys of earlier bars from the round before. */
const ROUNDS = 2;

/**
 * How many semitones (0 to 11) each span lies above the key that the track began in: where music of an
 * earlier place comes back transposed. Every stretch is compared with all before it in twelve
 * rotations of its chroma (M. Goto, "A chorus section detection method for musical audio signals", IEEE Trans.
 * Audio, Speech and Language Processing 2006, section III-E), and the steadiest course of keys is found by
 * dynamic programming, since keys seldom change.
 *
 * @param chroma rows of {@link CHROMA_COUNT}, one a span of `beatsPerSpan` beats
 */
export function keyChanges(chroma: Float32Array, beatsPerSpan: number): Uint8Array {
  const count = chroma.length / CHROMA_COUNT;
  const block = Math.max(1, Math.round(BAR_BEATS / beatsPerSpan));
  const stretch = Math.max(2, Math.round(STRETCH_BEATS / beatsPerSpan));
  const blocks = Math.ceil(count / block);
  const likenesses = transposedLikenesses(chroma, count, stretch, block);
  let keys = new Uint8Array(blocks);
  for (let round = 0; round < ROUNDS; round++) keys = steadiestKeys(likenesses, blocks, keys);
  return Uint8Array.from({ length: count }, (_, span) => keys[Math.floor(span / block)] as number);
}

/** The chroma as it were if the track had stayed in its first key. */
export function inFirstKey(chroma: Float32Array, keys: Uint8Array): Float32Array {
  const rotated = new Float32Array(chroma.length);
  for (let i = 0; i < chroma.length; i++) {
    const span = Math.floor(i / CHROMA_COUNT);
    const source = ((i % CHROMA_COUNT) + (keys[span] as number)) % CHROMA_COUNT;
    rotated[i] = chroma[span * CHROMA_COUNT + source] as number;
  }
  return rotated;
}

/**
 * For each block of spans, each block before it and each number of semitones between them: the likeness of
 * the most alike stretches that start there.
 */
function transposedLikenesses(
  chroma: Float32Array,
  count: number,
  stretch: number,
  blockLength: number,
): Float32Array {
  const blocks = Math.ceil(count / blockLength);
  const vectors = centredRows(chroma, count);
  const likenesses = new Float32Array(blocks * blocks * CHROMA_COUNT);
  const products = Array.from({ length: CHROMA_COUNT }, () => new Float32Array(count));
  for (let lag = stretch; lag < count; lag++) {
    const sums = new Float64Array(CHROMA_COUNT);
    for (let span = lag; span < count; span++) {
      const later = span * CHROMA_COUNT;
      const earlier = (span - lag) * CHROMA_COUNT;
      const start = span - stretch + 1;
      const block = Math.floor(start / blockLength);
      const place = (block * blocks + Math.floor((start - lag) / blockLength)) * CHROMA_COUNT;
      for (let shift = 0; shift < CHROMA_COUNT; shift++) {
        let product = 0;
        for (let pitch = 0; pitch < CHROMA_COUNT - shift; pitch++) {
          product += (vectors[later + pitch + shift] as number) * (vectors[earlier + pitch] as number);
        }
        for (let pitch = CHROMA_COUNT - shift; pitch < CHROMA_COUNT; pitch++) {
          product +=
            (vectors[later + pitch + shift - CHROMA_COUNT] as number) * (vectors[earlier + pitch] as number);
        }
        const row = products[shift] as Float32Array;
        row[span] = product;
        let sum = (sums[shift] as number) + product;
        if (start > lag) sum -= row[start - 1] as number;
        sums[shift] = sum;
        if (start < lag) continue;
        const likeness = sum / stretch;
        if (likeness > (likenesses[place + shift] as number)) likenesses[place + shift] = likeness;
      }
    }
  }
  return likenesses;
}

/** Rows less their mean, of length 1: their scalar product is a correlation. */
function centredRows(chroma: Float32Array, count: number): Float32Array {
  const vectors = Float32Array.from(chroma);
  for (let span = 0; span < count; span++) {
    const row = vectors.subarray(span * CHROMA_COUNT, (span + 1) * CHROMA_COUNT);
    const mean = row.reduce((sum, value) => sum + value, 0) / CHROMA_COUNT;
    for (let pitch = 0; pitch < CHROMA_COUNT; pitch++) row[pitch] = (row[pitch] as number) - mean;
  }
  normaliseRows(vectors, CHROMA_COUNT);
  return vectors;
}

/** The course of keys that gains most, where the keys of earlier blocks are taken to be `known`. */
function steadiestKeys(likenesses: Float32Array, blocks: number, known: Uint8Array): Uint8Array<ArrayBuffer> {
  let gains = new Float64Array(CHROMA_COUNT).fill(Number.NEGATIVE_INFINITY);
  gains[0] = 0;
  const previous = new Uint8Array(blocks * CHROMA_COUNT);
  for (let block = 0; block < blocks; block++) {
    const evidence = new Float64Array(CHROMA_COUNT).fill(REPETITION);
    for (let earlier = 0; earlier < block; earlier++) {
      const place = (block * blocks + earlier) * CHROMA_COUNT;
      for (let shift = 0; shift < CHROMA_COUNT; shift++) {
        const key = (shift + (known[earlier] as number)) % CHROMA_COUNT;
        evidence[key] = Math.max(evidence[key] as number, likenesses[place + shift] as number);
      }
    }
    const best = gains.reduce((a, value, key) => (value > (gains[a] as number) ? key : a), 0);
    const next = new Float64Array(CHROMA_COUNT);
    for (let key = 0; key < CHROMA_COUNT; key++) {
      const changed = (gains[best] as number) - CHANGE_COST;
      const from = (gains[key] as number) >= changed ? key : best;
      previous[block * CHROMA_COUNT + key] = from;
      next[key] = Math.max(gains[key] as number, changed) + (evidence[key] as number);
    }
    gains = next;
  }
  const keys = new Uint8Array(blocks);
  let key = gains.reduce((a, value, k) => (value > (gains[a] as number) ? k : a), 0);
  for (let block = blocks - 1; block >= 0; block--) {
    keys[block] = key;
    key = previous[block * CHROMA_COUNT + key] as number;
  }
  return keys;
}
