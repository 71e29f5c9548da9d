import { CHROMA_COUNT } from './features.ts';
import { normaliseRows } from './row-lengths.ts';

/** Stretches of four bars are compared, two beats at a time, and the key is told bar by bar. */
const UNIT_BEATS = 2;
const STRETCH_BEATS = 16;
const BAR_BEATS = 4;
/** Likeness that a stretch must exceed to speak for a key at all. */
const REPETITION = 0.6;
/** What a change of key must gain: the likeness of its bars beyond what the old key offers, summed. */
const CHANGE_COST = 0.8;
/** Each round knows the keys of earlier bars from the round before. */
const ROUNDS = 2;
/** Gains closer than this are the same. */
const ROUNDING = 1e-6;

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
  const spansPerUnit = Math.max(1, Math.round(UNIT_BEATS / beatsPerSpan));
  const beatsPerUnit = spansPerUnit * beatsPerSpan;
  const units = unitVectors(chroma, spansPerUnit);
  const stretch = Math.max(2, Math.round(STRETCH_BEATS / beatsPerUnit));
  const unitsPerBar = Math.max(1, Math.round(BAR_BEATS / beatsPerUnit));
  const stretchBars = Math.max(1, Math.round(stretch / unitsPerBar));
  const bars = Math.ceil(units.length / CHROMA_COUNT / unitsPerBar);
  const likenesses = transposedLikenesses(units, stretch, unitsPerBar);
  let keys = new Uint8Array(bars);
  for (let round = 0; round < ROUNDS; round++) keys = steadiestKeys(likenesses, bars, stretchBars, keys);
  const spansPerBar = unitsPerBar * spansPerUnit;
  return Uint8Array.from(
    { length: chroma.length / CHROMA_COUNT },
    (_, span) => keys[Math.floor(span / spansPerBar)] as number,
  );
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
 * For each bar, each bar before it and each number of semitones between them: the likeness of the most alike
 * stretches that start there.
 */
function transposedLikenesses(units: Float32Array, stretch: number, unitsPerBar: number): Float32Array {
  const count = units.length / CHROMA_COUNT;
  const bars = Math.ceil(count / unitsPerBar);
  const likenesses = new Float32Array(bars * bars * CHROMA_COUNT);
  // By unit and shift: the likeness at one lag, which leaves the running sum a stretch later.
  const products = new Float64Array(count * CHROMA_COUNT);
  const sums = new Float64Array(CHROMA_COUNT);
  const later = new Float32Array(2 * CHROMA_COUNT);
  for (let lag = stretch; lag + stretch <= count; lag++) {
    sums.fill(0);
    for (let unit = lag; unit < count; unit++) {
      const row = unit * CHROMA_COUNT;
      const earlier = row - lag * CHROMA_COUNT;
      // Twice in a row, so that every rotation is one stretch of it.
      for (let pitch = 0; pitch < CHROMA_COUNT; pitch++) {
        later[pitch] = later[pitch + CHROMA_COUNT] = units[row + pitch] as number;
      }
      const start = unit - stretch + 1;
      const leaving = start > lag ? (start - 1) * CHROMA_COUNT : -1;
      const bar = Math.floor(start / unitsPerBar);
      const place = (bar * bars + Math.floor((start - lag) / unitsPerBar)) * CHROMA_COUNT;
      for (let shift = 0; shift < CHROMA_COUNT; shift++) {
        let product = 0;
        for (let pitch = 0; pitch < CHROMA_COUNT; pitch++) {
          product += (later[pitch + shift] as number) * (units[earlier + pitch] as number);
        }
        products[row + shift] = product;
        let sum = (sums[shift] as number) + product;
        if (leaving >= 0) sum -= products[leaving + shift] as number;
        sums[shift] = sum;
        if (start < lag) continue;
        const likeness = sum / stretch;
        if (likeness > (likenesses[place + shift] as number)) likenesses[place + shift] = likeness;
      }
    }
  }
  return likenesses;
}

/** Chroma summed over so many spans each, less its mean, of length 1: scalar products are correlations. */
function unitVectors(chroma: Float32Array, spansPerUnit: number): Float32Array {
  const spans = chroma.length / CHROMA_COUNT;
  const units = new Float32Array(Math.ceil(spans / spansPerUnit) * CHROMA_COUNT);
  for (let i = 0; i < chroma.length; i++) {
    const unit = Math.floor(i / CHROMA_COUNT / spansPerUnit);
    const at = unit * CHROMA_COUNT + (i % CHROMA_COUNT);
    units[at] = (units[at] as number) + (chroma[i] as number);
  }
  for (let start = 0; start < units.length; start += CHROMA_COUNT) {
    const row = units.subarray(start, start + CHROMA_COUNT);
    let sum = 0;
    for (const strength of row) sum += strength;
    for (let pitch = 0; pitch < CHROMA_COUNT; pitch++)
      row[pitch] = (row[pitch] as number) - sum / CHROMA_COUNT;
  }
  normaliseRows(units, CHROMA_COUNT);
  return units;
}

/**
 * The course of keys that gains most, where the keys of earlier bars are taken to be `known`. Between the last bar that
 * tells of one key and the first of another, the change is put right before the latter.
 */
function steadiestKeys(
  likenesses: Float32Array,
  bars: number,
  stretchBars: number,
  known: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const evidence = keyEvidence(likenesses, bars, known);
  let gains = new Float64Array(CHROMA_COUNT).fill(Number.NEGATIVE_INFINITY);
  gains[0] = 0;
  const previous = new Uint8Array(bars * CHROMA_COUNT);
  for (let bar = 0; bar < bars; bar++) {
    const best = indexOfLargest(gains);
    const changed = (gains[best] as number) - CHANGE_COST;
    const next = new Float64Array(CHROMA_COUNT);
    for (let key = 0; key < CHROMA_COUNT; key++) {
      const stayed = gains[key] as number;
      previous[bar * CHROMA_COUNT + key] = stayed > changed + ROUNDING ? key : best;
      // A stretch speaks for all bars that it covers.
      let likeness = 0;
      for (let start = Math.max(0, bar - stretchBars + 1); start <= bar; start++) {
        likeness = Math.max(likeness, evidence[start * CHROMA_COUNT + key] as number);
      }
      next[key] = Math.max(stayed, changed) + likeness;
    }
    gains = next;
  }
  const keys = new Uint8Array(bars);
  let key = indexOfLargest(gains);
  for (let bar = bars - 1; bar >= 0; bar--) {
    keys[bar] = key;
    key = previous[bar * CHROMA_COUNT + key] as number;
  }
  return keys;
}

/** By bar and key: how alike the stretch from there on is to the best of those before it, were it in that key. */
function keyEvidence(likenesses: Float32Array, bars: number, known: Uint8Array): Float64Array {
  const evidence = new Float64Array(bars * CHROMA_COUNT).fill(REPETITION);
  for (let bar = 0; bar < bars; bar++) {
    for (let earlier = 0; earlier < bar; earlier++) {
      const place = (bar * bars + earlier) * CHROMA_COUNT;
      for (let shift = 0; shift < CHROMA_COUNT; shift++) {
        const at = bar * CHROMA_COUNT + ((shift + (known[earlier] as number)) % CHROMA_COUNT);
        evidence[at] = Math.max(evidence[at] as number, likenesses[place + shift] as number);
      }
    }
  }
  return evidence;
}

function indexOfLargest(values: Float64Array): number {
  return values.reduce((best, value, index) => (value > (values[best] as number) ? index : best), 0);
}
