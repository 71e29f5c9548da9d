import type { Chromagram } from '../chorus/chroma-tap.ts';

/** Pixels on a side at most: longer tracks are pooled more coarsely. */
const MOST_PIXELS = 720;
/** Seconds that a pixel stands for at least. */
const FINEST_SECONDS = 0.25;
/** Pixels on either side over which likeness is averaged along diagonals: repetitions stand out as lines. */
const SMOOTHING_SECONDS = 2;

/** Chords of one key are alike to this degree, whatever they are. */
const WHITE_UP_TO = 0.3;

/** A square picture of how alike every two moments of a track are. */
export interface SimilarityImage {
  /** 0 black, alike, to 255 white, row by row. */
  readonly pixels: Uint8Array;
  readonly size: number;
}

/**
 * Foote's self-similarity matrix (1999, "Visualizing music and audio using self-similarity"): cosine of chroma
 * vectors less their mean, averaged along diagonals. Memory is bounded by the picture, not by the track.
 */
export function selfSimilarityImage({ rows, width, rate }: Chromagram): SimilarityImage {
  const frames = rows.length / width;
  const pool = Math.max(1, Math.ceil(frames / MOST_PIXELS), Math.round(FINEST_SECONDS * rate));
  const size = Math.max(1, Math.ceil(frames / pool));
  const vectors = unitVectors(pooled(rows, width, pool, size), width);
  const similarity = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let product = 0;
      for (let k = 0; k < width; k++) {
        product += (vectors[i * width + k] as number) * (vectors[j * width + k] as number);
      }
      similarity[i * size + j] = product;
    }
  }
  const reach = Math.round((SMOOTHING_SECONDS * rate) / pool / 2);
  const pixels = new Uint8Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      pixels[i * size + j] = 255 - Math.round(255 * contrast(alongDiagonal(similarity, size, i, j, reach)));
    }
  }
  return { pixels, size };
}

function pooled(rows: Float32Array, width: number, pool: number, size: number): Float32Array {
  const sums = new Float32Array(size * width);
  for (let i = 0; i < rows.length; i++) {
    const pixel = Math.floor(i / width / pool);
    const at = pixel * width + (i % width);
    sums[at] = (sums[at] as number) + (rows[i] as number);
  }
  return sums;
}

/** Rows less the mean row, scaled to length 1; rows of silence stay 0. */
function unitVectors(rows: Float32Array, width: number): Float32Array {
  const vectors = scaledRows(rows, width);
  const means = new Float64Array(width);
  const count = rows.length / width;
  for (const [i, value] of vectors.entries()) means[i % width] = (means[i % width] as number) + value / count;
  return scaledRows(
    vectors.map((value, i) => value - (means[i % width] as number)),
    width,
  );
}

function scaledRows(rows: Float32Array, width: number): Float32Array {
  const scaled = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width);
    const length = Math.hypot(...row);
    if (length > 1e-6)
      scaled.set(
        row.map((value) => value / length),
        start,
      );
  }
  return scaled;
}

function alongDiagonal(matrix: Float32Array, size: number, i: number, j: number, reach: number): number {
  const first = Math.max(-reach, -i, -j);
  const last = Math.min(reach, size - 1 - i, size - 1 - j);
  let sum = 0;
  for (let step = first; step <= last; step++) sum += matrix[(i + step) * size + j + step] as number;
  return sum / (last - first + 1);
}

/** What is hardly alike is white; the rest is spread over all greys. */
function contrast(similarity: number): number {
  return Math.max(0, Math.min(1, (similarity - WHITE_UP_TO) / (1 - WHITE_UP_TO)));
}
