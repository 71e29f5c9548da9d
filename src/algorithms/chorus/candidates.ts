import type { BeatFeatures } from './beat-features.ts';
import { structureNovelty } from './novelty.ts';
import { RunningSum } from './running-sum.ts';
import { articulationSimilarity, harmonicSimilarity, type SelfSimilarity } from './self-similarity.ts';

/** Lengths of a chorus that are tried, in beats: whole bars of four. */
const LENGTHS_BEATS = [16, 20, 24, 28, 32, 36, 40, 48, 56, 64];
/** Beats on either side of an edge that are compared. */
const EDGE_BEATS = 8;
/** Candidates shorter than this many seconds are marked as short. */
const SHORT_SECONDS = 16;
/** A chorus is the likelier the more of the song has passed, up to this share of it. */
const LATE = 0.6;
/** Likeness of harmony from which on a match is taken for a repetition. */
const REPETITION = 0.5;
const MOST_MATCHES = 2;
/** Weight of articulation beside harmony where the best match is sought. */
const ARTICULATION_SHARE = 0.5;

/** What speaks for a stretch of a song being its chorus; in the order of {@link Candidate.cues}. */
export const CUES = [
  'harmony',
  'articulation',
  'articulation starts',
  'loudness',
  'brightness',
  'structure ends',
  'position',
  'short',
] as const;

/** A stretch that may be the chorus: spans from `start` to before `start + length`. */
export interface Candidate {
  readonly start: number;
  readonly length: number;
  /** Where else in the track it is found, best first, at most two. */
  readonly matches: readonly Match[];
  /** One number for each of {@link CUES}. */
  readonly cues: readonly number[];
}

/** A stretch like another one. */
export interface Match {
  readonly start: number;
  /** Likeness of harmony, -1 to 1. */
  readonly harmony: number;
  /** Likeness of articulation, -1 to 1. */
  readonly articulation: number;
}

/** A track prepared for reading cues. */
export class Analysis {
  readonly spans: BeatFeatures;
  readonly harmony: SelfSimilarity;
  readonly articulation: SelfSimilarity;
  readonly structure: Float32Array;
  readonly #loudness: RunningSum;
  readonly #brightness: RunningSum;
  readonly #edge: number;
  readonly #likenesses: Float32Array;

  constructor(spans: BeatFeatures) {
    this.spans = spans;
    this.harmony = harmonicSimilarity(spans);
    this.articulation = articulationSimilarity(spans);
    this.structure = structureNovelty(spans, this.harmony);
    this.#loudness = new RunningSum(aroundMedian(spans.loudness, 3));
    this.#brightness = new RunningSum(aroundMedian(spans.brightness, 4));
    this.#likenesses = new Float32Array(spans.count);
    this.#edge = Math.max(1, Math.round(EDGE_BEATS / spans.beatsPerSpan));
  }

  /** Every stretch of `shortest` to `longest` seconds that may be the chorus. */
  *candidates(shortest: number, longest: number): Generator<Candidate> {
    const { count, beatsPerSpan, times } = this.spans;
    const lengths = new Set(LENGTHS_BEATS.map((beats) => Math.max(1, Math.round(beats / beatsPerSpan))));
    for (const length of lengths) {
      for (let start = 0; start + length <= count; start++) {
        const seconds = (times[start + length] as number) - (times[start] as number);
        if (seconds < shortest || seconds > longest) continue;
        const matches = this.#matches(start, length);
        yield { start, length, matches, cues: this.#cues(start, length, matches, seconds) };
      }
    }
  }

  #matches(start: number, length: number): Match[] {
    const { count } = this.spans;
    const likenesses = this.#likenesses.fill(0);
    this.harmony.addAlongAll(start, length, 1, likenesses);
    this.articulation.addAlongAll(start, length, ARTICULATION_SHARE, likenesses);
    const end = count - length + 1;
    const found: Match[] = [];
    for (let place = start; found.length < MOST_MATCHES; ) {
      // No match may overlap the stretch itself, nor a match before it.
      likenesses.fill(Number.NEGATIVE_INFINITY, Math.max(0, place - length + 1), place + length);
      let best = 0;
      for (let other = 1; other < end; other++) {
        if ((likenesses[other] as number) > (likenesses[best] as number)) best = other;
      }
      if (likenesses[best] === Number.NEGATIVE_INFINITY) break;
      place = best;
      found.push({
        start: best,
        harmony: this.harmony.along(start, best, length),
        articulation: this.articulation.along(start, best, length),
      });
    }
    return found;
  }

  #cues(start: number, length: number, matches: readonly Match[], seconds: number): number[] {
    const { count } = this.spans;
    const edge = this.#edge;
    // What holds for a chorus holds wherever it comes: levels are averaged over its occurrences.
    const places = [start, ...matches.filter((m) => m.harmony > REPETITION).map((m) => m.start)];
    const everywhere = (cue: (place: number) => number): number => mean(places.map(cue));
    const { articulation } = this;
    const wordsStart = matches
      // Where the track begins, nothing can be said of what came back before.
      .filter((match) => Math.min(start, match.start) >= edge)
      .map(
        (match) =>
          articulation.along(start, match.start, edge) -
          articulation.along(start - edge, match.start - edge, edge),
      );
    return [
      mean(matches.map((match) => match.harmony)),
      mean(matches.map((match) => match.articulation)),
      mean(wordsStart),
      everywhere((place) => this.#loudness.mean(place, place + length)),
      everywhere((place) => this.#brightness.mean(place, place + length)),
      everywhere((place) => limit(peakNear(this.structure, place + length), 2.5)),
      Math.min(start / count, LATE),
      seconds < SHORT_SECONDS ? 1 : 0,
    ];
  }
}

/** Levels in units of `scale` dB around their median, limited to +-3. */
function aroundMedian(levels: Float32Array, scale: number): Float32Array {
  const median = levels.toSorted()[levels.length >> 1] ?? 0;
  return levels.map((level) => limit((level - median) / scale, 3));
}

/** The value at a span, or nearly as much of a neighbour's. */
function peakNear(values: Float32Array, at: number): number {
  return Math.max(values[at] ?? 0, 0.8 * (values[at - 1] ?? 0), 0.8 * (values[at + 1] ?? 0));
}

function limit(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
