import { CHROMA_COUNT, type Features, FRAME_RATE, TIMBRE_COUNT } from './features.ts';

/** More spans than this make self-similarity too large: then a span holds 2, 4, 8 ... beats. */
const MOST_SPANS = 2048;
/** Mel band from which on a sound counts as bright: 1.9 kHz. */
const FIRST_BRIGHT_BAND = 10;
/** dB below full scale that count as silence. */
const SILENCE = -60;

/** A track's features averaged over spans of a beat each (of several beats in very long tracks). */
export interface BeatFeatures {
  readonly count: number;
  /** Beats in a span: 1, 2, 4 ... */
  readonly beatsPerSpan: number;
  /** Seconds: where each span starts, and at index `count` where the last one ends. */
  readonly times: Float64Array;
  /** Rows of {@link CHROMA_COUNT}. */
  readonly chroma: Float32Array;
  /** Rows of {@link TIMBRE_COUNT}, dB. */
  readonly timbre: Float32Array;
  /** Timbre of the first and the second half of each span: two rows of {@link TIMBRE_COUNT} a span, dB. */
  readonly halves: Float32Array;
  /** dB. */
  readonly loudness: Float32Array;
  /** Mean level of the treble, dB. */
  readonly brightness: Float32Array;
}

/**
 * Pools frames between beats, so that a repetition lines up with itself whatever its tempo. Memory after
 * this step no longer depends on the track's length.
 */
export function poolByBeat(features: Features, beats: Float64Array, durationSeconds: number): BeatFeatures {
  let beatsPerSpan = 1;
  while (beats.length / beatsPerSpan > MOST_SPANS) beatsPerSpan *= 2;
  const starts: number[] = [];
  for (let beat = 0; beat < beats.length; beat += beatsPerSpan) {
    const time = beats[beat] as number;
    if (time < durationSeconds - 1 / FRAME_RATE) starts.push(time);
  }
  if (starts.length === 0) starts.push(0);
  const count = starts.length;
  const times = Float64Array.from([...starts, durationSeconds]);
  const chroma = new Float32Array(count * CHROMA_COUNT);
  const timbre = new Float32Array(count * TIMBRE_COUNT);
  const halves = new Float32Array(2 * count * TIMBRE_COUNT);
  const loudness = new Float32Array(count);
  const brightness = new Float32Array(count);
  for (let span = 0; span < count; span++) {
    const first = Math.min(Math.round((times[span] as number) * FRAME_RATE), features.frames - 1);
    const end = Math.round((times[span + 1] as number) * FRAME_RATE);
    const last = Math.min(Math.max(first + 1, end), features.frames);
    averageRows(features.chroma, first, last, CHROMA_COUNT, chroma, span);
    averageRows(features.timbre, first, last, TIMBRE_COUNT, timbre, span);
    const middle = Math.max(first + 1, Math.round((first + last) / 2));
    averageRows(features.timbre, first, middle, TIMBRE_COUNT, halves, 2 * span);
    averageRows(features.timbre, Math.min(middle, last - 1), last, TIMBRE_COUNT, halves, 2 * span + 1);
    const bands = timbre.subarray(span * TIMBRE_COUNT, (span + 1) * TIMBRE_COUNT);
    let energy = 0;
    let treble = 0;
    for (let band = 0; band < TIMBRE_COUNT; band++) {
      energy += 10 ** ((bands[band] as number) / 10);
      if (band >= FIRST_BRIGHT_BAND) treble += bands[band] as number;
    }
    loudness[span] = Math.max(SILENCE, 10 * Math.log10(energy));
    brightness[span] = treble / (TIMBRE_COUNT - FIRST_BRIGHT_BAND);
  }
  return { count, beatsPerSpan, times, chroma, timbre, halves, loudness, brightness };
}

function averageRows(
  rows: Float32Array,
  first: number,
  last: number,
  width: number,
  averages: Float32Array,
  at: number,
): void {
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let row = first; row < last; row++) sum += rows[row * width + column] as number;
    averages[at * width + column] = sum / (last - first);
  }
}
