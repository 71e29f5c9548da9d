import { type BeatFeatures } from './beat-features.ts';
import { CHROMA_COUNT, TIMBRE_COUNT } from './features.ts';
import { inFirstKey, keyChanges } from './key-changes.ts';
import { normaliseRows } from './row-lengths.ts';
import { RunningSum } from './running-sum.ts';

/** Beats around a span whose mean is taken out of its timbre. */
const TIMBRE_CONTEXT_BEATS = 8;

/**
 * What differs from the mean by less is no harmony and no word but a rounding error: a steady tone would otherwise
 * repeat itself perfectly in what little changes.
 */
const LEAST_CHANGE = 0.05;
const LEAST_DEVIATION_DB = 0.5;

/** How alike every two spans of a track are, asked for along diagonals: stretch against stretch. */
export class SelfSimilarity {
  readonly count: number;
  /** Sums along diagonals, one row and column wider than the track. */
  readonly #sums: Float32Array;

  /** `vectors` holds `count` rows of `width`, each of length 1 or 0: likeness is their scalar product. */
  constructor(vectors: Float32Array, count: number, width: number) {
    this.count = count;
    const stride = count + 1;
    this.#sums = new Float32Array(stride * stride);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        let product = 0;
        for (let k = 0; k < width; k++) {
          product += (vectors[i * width + k] as number) * (vectors[j * width + k] as number);
        }
        const sum = (this.#sums[i * stride + j] as number) + product;
        this.#sums[(i + 1) * stride + j + 1] = sum;
        this.#sums[(j + 1) * stride + i + 1] = sum;
      }
    }
  }

  /**
   * Mean likeness, -1 to 1, of the `length` spans from `i` on with those from `j` on. What hangs out of the
   * track does not count; 0 where nothing is left.
   */
  along(i: number, j: number, length: number): number {
    const skipped = Math.max(0, -i, -j);
    const end = Math.min(length, this.count - i, this.count - j);
    if (end <= skipped) return 0;
    const stride = this.count + 1;
    const sum =
      (this.#sums[(i + end) * stride + j + end] as number) -
      (this.#sums[(i + skipped) * stride + j + skipped] as number);
    return sum / (end - skipped);
  }

  /**
   * Adds `share` times the mean likeness of the `length` spans from `start` on with every other stretch as
   * long: `likenesses[j]` for the one from j on. Both must lie within the track.
   */
  addAlongAll(start: number, length: number, share: number, likenesses: Float32Array): void {
    const stride = this.count + 1;
    const head = start * stride;
    const tail = (start + length) * stride + length;
    const scale = share / length;
    for (let j = 0; j + length <= this.count; j++) {
      const sum = (this.#sums[tail + j] as number) - (this.#sums[head + j] as number);
      likenesses[j] = (likenesses[j] as number) + scale * sum;
    }
  }
}

/**
 * Likeness of harmony: chroma less the track's mean chroma, so that a common key alone is no likeness. Changes of
 * key are undone first: a last chorus a tone higher is the same chorus.
 */
export function harmonicSimilarity(spans: BeatFeatures): SelfSimilarity {
  const vectors = inFirstKey(spans.chroma, keyChanges(spans.chroma, spans.beatsPerSpan));
  normaliseRows(vectors, CHROMA_COUNT);
  const means = new RunningSum(vectors, CHROMA_COUNT);
  for (let i = 0; i < vectors.length; i++) {
    vectors[i] = (vectors[i] as number) - means.mean(0, spans.count, i % CHROMA_COUNT);
  }
  normaliseRows(vectors, CHROMA_COUNT, LEAST_CHANGE);
  return new SelfSimilarity(vectors, spans.count, CHROMA_COUNT);
}

/**
 * Likeness of articulation: how the spectrum moves against its surroundings from beat to beat. Words sung
 * again come out alike where other words to the same tune do not: it tells a chorus from a verse.
 */
export function articulationSimilarity(spans: BeatFeatures): SelfSimilarity {
  const width = 2 * TIMBRE_COUNT;
  const radius = Math.max(1, Math.round(TIMBRE_CONTEXT_BEATS / spans.beatsPerSpan));
  const means = new RunningSum(spans.timbre, TIMBRE_COUNT);
  const vectors = Float32Array.from(spans.halves);
  const squares = new Float64Array(TIMBRE_COUNT);
  for (let span = 0; span < spans.count; span++) {
    for (let band = 0; band < TIMBRE_COUNT; band++) {
      const mean = means.mean(span - radius, span + radius + 1, band);
      for (let i = span * width + band; i < (span + 1) * width; i += TIMBRE_COUNT) {
        const excess = (vectors[i] as number) - mean;
        vectors[i] = excess;
        squares[band] = (squares[band] as number) + excess * excess;
      }
    }
  }
  for (let i = 0; i < vectors.length; i++) {
    const deviation = Math.sqrt((squares[i % TIMBRE_COUNT] as number) / spans.count);
    vectors[i] = (vectors[i] as number) / Math.max(deviation, LEAST_DEVIATION_DB);
  }
  normaliseRows(vectors, width, LEAST_CHANGE);
  return new SelfSimilarity(vectors, spans.count, width);
}
