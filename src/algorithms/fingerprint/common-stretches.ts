import { likelyOffsets } from './alignments.ts';
import { BITS_PER_CODE, bitErrors } from './bit-errors.ts';

/** Codes of two fingerprints that sound alike, one beside the other. */
export interface CommonStretch {
  /** Index of its first code in the first fingerprint. */
  readonly startA: number;
  /** And in the second. */
  readonly startB: number;
  /** Codes. */
  readonly length: number;
  /** Share of its bits that differ. */
  readonly bitErrorRate: number;
}

/** As many bits of a code may differ as Chromaprint's matcher tolerates on the mean of a segment. */
const TOLERATED_BITS = 10;
/**
 * Bits by which a stretch has to stay below what is tolerated, a repeated code counted once: so much comes of eight
 * seconds at 5 % of bit errors, and by chance of none of the pairs in docs/algorithms/fingerprint.md.
 */
const LEAST_EVIDENCE = 300;
/** With fewer different codes a fingerprint can not have so much in common with any, itself included. */
export const LEAST_DISTINCT_CODES: number = LEAST_EVIDENCE / TOLERATED_BITS;
/** Offsets that are looked at code by code. */
const CANDIDATES = 16;

/** Codes from `start` up to `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface WeightedCodes {
  readonly codes: Uint32Array;
  /** For each code one over how often it is in the whole fingerprint. */
  readonly weights: Float64Array;
}

/**
 * What two fingerprints have in common, in the order of time: one stretch where one recording is a piece of the other,
 * several where something was cut out of one of them.
 *
 * At each likely offset the run of codes is sought whose bit errors stay furthest below what is tolerated in all, as
 * local alignment does (Smith and Waterman 1981, without gaps); the best run of all offsets is one stretch, and what
 * lies before it in both, and after it, is searched in the same way. A code that comes again and again, as in silence
 * and under a steady tone, counts in all of its places as much as one that comes once: it says little of where they lie.
 *
 * Takes time with the product of the lengths where both hold one code all along; memory with their sum.
 */
export function findCommonStretches(a: Uint32Array, b: Uint32Array): CommonStretch[] {
  return search(
    { codes: a, weights: weightsOf(a) },
    { codes: b, weights: weightsOf(b) },
    { start: 0, end: a.length },
    { start: 0, end: b.length },
  );
}

function search(a: WeightedCodes, b: WeightedCodes, inA: Span, inB: Span): CommonStretch[] {
  const run = bestRun(a, b, inA, inB);
  if (run === undefined) return [];
  const { startA, startB, length } = run;
  return [
    ...search(a, b, { start: inA.start, end: startA }, { start: inB.start, end: startB }),
    run,
    ...search(a, b, { start: startA + length, end: inA.end }, { start: startB + length, end: inB.end }),
  ];
}

/** The stretch with the most evidence; undefined where none has enough. */
function bestRun(a: WeightedCodes, b: WeightedCodes, inA: Span, inB: Span): CommonStretch | undefined {
  // Too short for it, however alike they are.
  if (Math.min(inA.end - inA.start, inB.end - inB.start) * TOLERATED_BITS < LEAST_EVIDENCE) return undefined;
  const offsets = likelyOffsets(
    a.codes.subarray(inA.start, inA.end),
    b.codes.subarray(inB.start, inB.end),
    CANDIDATES,
  );
  let best: (Span & { readonly offset: number; readonly evidence: number }) | undefined;
  for (const offset of offsets.map((relative) => relative + inA.start - inB.start)) {
    const start = Math.max(inA.start, inB.start + offset);
    const end = Math.min(inA.end, inB.end + offset);
    const run = bestRunAt(a, b, offset, { start, end });
    if (run.evidence >= LEAST_EVIDENCE && run.evidence > (best?.evidence ?? 0)) best = { ...run, offset };
  }
  if (best === undefined) return undefined;
  const { start, end, offset } = best;
  let errors = 0;
  for (let index = start; index < end; index += 1) {
    errors += bitErrors(a.codes[index] as number, b.codes[index - offset] as number);
  }
  const length = end - start;
  return { startA: start, startB: start - offset, length, bitErrorRate: errors / (length * BITS_PER_CODE) };
}

/** The run with the greatest sum of bits below what is tolerated (Kadane), between indices of `a`. */
function bestRunAt(
  a: WeightedCodes,
  b: WeightedCodes,
  offset: number,
  span: Span,
): Span & { readonly evidence: number } {
  let [evidence, start, end] = [0, span.start, span.start];
  let [sum, since] = [0, span.start];
  for (let index = span.start; index < span.end; index += 1) {
    const other = index - offset;
    const spared = TOLERATED_BITS - bitErrors(a.codes[index] as number, b.codes[other] as number);
    sum += spared > 0 ? spared * Math.min(a.weights[index] as number, b.weights[other] as number) : spared;
    if (sum <= 0) {
      sum = 0;
      since = index + 1;
    } else if (sum > evidence) {
      [evidence, start, end] = [sum, since, index + 1];
    }
  }
  return { evidence, start, end };
}

function weightsOf(codes: Uint32Array): Float64Array {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return Float64Array.from(codes, (code) => 1 / (counts.get(code) ?? 1));
}
