/**
 * Fits the weights of src/algorithms/chorus/cue-weights.ts to labelled songs, and tells by cross-validation
 * how the fit serves songs that it has not seen.
 *
 *     node eval/chorus-weights.ts <data folder>
 *
 * The model chooses among a song's candidates with probability exp(w . cues), normalised; what is maximised
 * is the expected quality of its choice less a small ridge. Sung songs count three times: rendered
 * ones have no words, and their labels tell repetitions, not choruses (the last section to come back
 * is taken for it). What is scored is the stretch itself, without the lead-in that excerpts get, against
 * the refrain from its first repeated line on.
 */
import { poolByBeat } from '../src/algorithms/chorus/beat-features.ts';
import { trackBeats } from '../src/algorithms/chorus/beats.ts';
import { Analysis, type Candidate, CUES } from '../src/algorithms/chorus/candidates.ts';
import { FeatureExtractor } from '../src/algorithms/chorus/features.ts';
import { LEAD_IN_S, LONGEST_EXCERPT_S, SHORTEST_EXCERPT_S } from '../src/algorithms/chorus/choose-excerpt.ts';
import { renderedSongs, sungSongs } from './chorus/decoded-songs.ts';
import type { LabelledSection } from './data/truth.ts';
import { scoreExcerpt, type Span } from './scores/excerpt.ts';
import { mean } from './scores/mean.ts';

/** A song's candidates: cues in standard deviations, and how good a choice each would be, 0 to 1. */
interface Example {
  readonly sung: boolean;
  readonly choruses: readonly Span[];
  readonly spans: readonly Span[];
  readonly cues: readonly (readonly number[])[];
  readonly quality: readonly number[];
}

const RIDGE = 0.02;
const ROUNDS = 120;
const LEARNING_RATE = 0.1;
/** How much more a sung song counts than a rendered one. */
const SUNG_WEIGHT = 3;

const [data] = process.argv.slice(2);
if (data === undefined) {
  console.error('usage: node eval/chorus-weights.ts <data folder>');
  process.exit(2);
}
const { examples, scales } = standardised(await load(data));
const weights = fit(examples);
for (const [i, cue] of CUES.entries()) {
  console.log(cue.padEnd(20), ((weights[i] as number) / (scales[i] as number)).toFixed(2));
}
report('fitted and scored on all', examples, () => weights);
const folds = leaveOneSungOut(examples);
const unseen = folds.map((fold) => fit(examples.filter((each) => !fold.includes(each))));
report(
  'unseen, one sung song at a time',
  examples,
  (each) => unseen[folds.findIndex((fold) => fold.includes(each))] as readonly number[],
);
for (const sung of [false, true]) {
  const fitted = fit(examples.filter((each) => each.sung === sung));
  const others = examples.filter((each) => each.sung !== sung);
  report(`fitted to ${sung ? 'sung' : 'rendered'} songs alone`, others, () => fitted);
}

/** Folds of one sung song each, the rendered ones dealt out among them. */
function leaveOneSungOut(examples: readonly Example[]): Example[][] {
  const folds = examples.filter(({ sung }) => sung).map((each) => [each]);
  if (folds.length < 2) folds.push([], []);
  for (const [i, each] of examples.filter(({ sung }) => !sung).entries()) folds[i % folds.length]?.push(each);
  return folds.filter((fold) => fold.length > 0);
}

async function load(data: string): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const { annotations, samples } of renderedSongs(data)) {
    const choruses = lastRepeated(annotations[0] ?? []);
    if (choruses.length > 0) examples.push(await example(samples, choruses, false));
  }
  for await (const { refrains, samples } of sungSongs(data)) {
    if (refrains.length > 0) examples.push(await example(samples, refrains, true));
  }
  return examples;
}

async function example(samples: Float32Array, choruses: readonly Span[], sung: boolean): Promise<Example> {
  const extractor = await FeatureExtractor.create();
  extractor.write(samples);
  const features = extractor.finish();
  const beats = trackBeats(features.onsets);
  const analysis = new Analysis(poolByBeat(features, beats, features.durationSeconds));
  const { times } = analysis.spans;
  const candidates: Candidate[] = [...analysis.candidates(SHORTEST_EXCERPT_S, LONGEST_EXCERPT_S - LEAD_IN_S)];
  const spans = candidates.map(
    ({ start, length }): Span => [times[start] as number, times[start + length] as number],
  );
  const quality = spans.map((span) => {
    const { overlap, startDistance, f1 } = scoreExcerpt(span, choruses);
    const start = Math.max(0, 1 - (startDistance / 3) ** 2);
    return 0.4 * Math.min(1, 1.2 * overlap) + 0.35 * start + 0.25 * f1;
  });
  return { sung, choruses, spans, cues: candidates.map((candidate) => candidate.cues), quality };
}

/** The sections of the label, vocal and more than once there, that comes last. */
function lastRepeated(sections: readonly LabelledSection[]): Span[] {
  for (const [label] of sections.toReversed()) {
    const alike = sections.filter((section) => section[0] === label);
    if (/^[A-WYZ]$/.test(label) && alike.length > 1) return alike.map(([, start, end]) => [start, end]);
  }
  return [];
}

function standardised(examples: readonly Example[]): { examples: Example[]; scales: number[] } {
  const all = examples.flatMap((each) => each.cues);
  const means = CUES.map((_, k) => mean(all.map((cues) => cues[k] as number)));
  const scales = CUES.map((_, k) =>
    Math.sqrt(mean(all.map((cues) => ((cues[k] as number) - (means[k] as number)) ** 2))),
  );
  return {
    scales,
    examples: examples.map((each) => ({
      ...each,
      cues: each.cues.map((cues) =>
        cues.map((cue, k) => (cue - (means[k] as number)) / (scales[k] as number)),
      ),
    })),
  };
}

/** Gradient ascent (Adam) from nothing but a liking for loud repetitions. */
function fit(examples: readonly Example[]): number[] {
  const start: Partial<Record<(typeof CUES)[number], number>> = {
    harmony: 1,
    loudness: 0.8,
    'articulation starts': 0.5,
  };
  const weights = CUES.map((cue) => start[cue] ?? 0);
  const first = weights.map(() => 0);
  const second = weights.map(() => 0);
  for (let round = 1; round <= ROUNDS; round++) {
    const gradient = weights.map((weight) => -RIDGE * weight);
    for (const each of examples) addGradient(each, weights, examples.length, gradient);
    for (const [k, slope] of gradient.entries()) {
      first[k] = 0.9 * (first[k] as number) + 0.1 * slope;
      second[k] = 0.99 * (second[k] as number) + 0.01 * slope * slope;
      const step = first[k] / (1 - 0.9 ** round);
      const deviation = Math.sqrt(second[k] / (1 - 0.99 ** round)) + 1e-4;
      weights[k] = (weights[k] as number) + (LEARNING_RATE * step) / deviation;
    }
  }
  return weights;
}

function addGradient(each: Example, weights: readonly number[], count: number, gradient: number[]): void {
  const scores = each.cues.map((cues) => weigh(weights, cues));
  const highest = scores.reduce((a, b) => Math.max(a, b));
  const odds = scores.map((score) => Math.exp(score - highest));
  const total = odds.reduce((a, b) => a + b);
  const expected = odds.reduce((sum, odd, i) => sum + (odd / total) * (each.quality[i] as number), 0);
  for (const [i, odd] of odds.entries()) {
    const pull =
      ((each.sung ? SUNG_WEIGHT : 1) / count) * (odd / total) * ((each.quality[i] as number) - expected);
    if (Math.abs(pull) < 1e-9) continue;
    for (const [k, cue] of (each.cues[i] as readonly number[]).entries()) {
      gradient[k] = (gradient[k] as number) + pull * cue;
    }
  }
}

function report(
  title: string,
  examples: readonly Example[],
  weightsFor: (each: Example) => readonly number[],
): void {
  const scores = examples.map((each) => {
    const weights = weightsFor(each);
    let best = 0;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const [candidate, cues] of each.cues.entries()) {
      const score = weigh(weights, cues);
      if (score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    return { sung: each.sung, ...scoreExcerpt(each.spans[best] as Span, each.choruses) };
  });
  for (const sung of [true, false]) {
    const group = scores.filter((score) => score.sung === sung);
    if (group.length === 0) continue;
    console.log(
      `${title}: ${group.length} ${sung ? 'sung' : 'rendered'},`,
      `half in chorus ${group.filter((score) => score.overlap >= 0.5).length},`,
      `start within 3 s ${group.filter((score) => score.startDistance <= 3).length},`,
      `best F1 ${mean(group.map((score) => score.f1)).toFixed(2)}`,
    );
  }
}

function weigh(weights: readonly number[], cues: readonly number[]): number {
  return cues.reduce((sum, cue, k) => sum + cue * (weights[k] as number), 0);
}
