import type { Analysis, Candidate } from './candidates.ts';
import { structureNovelty, timbreNovelty } from './novelty.ts';
import { segment } from './segmentation.ts';

/** A stretch of spans, from `start` to before `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A stretch with a name: the same for stretches that repeat each other. */
export interface LabelledStretch extends Stretch {
  readonly label: string;
}

/** Likeness of harmony from which on two sections are the same one; a chorus found again must be surer. */
const SAME_SECTION = 0.3;
const SAME_CHORUS = 0.5;
/** Two sections of which one is shorter than this share of the other are not the same one. */
const LEAST_COVER = 0.6;
/** Standard deviations of novelty that an edge of a chorus is worth beside its own. */
const CHORUS_EDGE_BONUS = 1;
/** Share of a section that must lie in the chorus to bear its name. */
const CHORUS_SHARE = 0.5;
/** Weight of changes in where words come back, beside those in where harmony does. */
const WORDS_SHARE = 0.5;

/**
 * The track's repeated sections in time order: `chorus` for what lies in the chosen stretch or wherever it comes
 * back, A, B, ... in order of appearance for the others. What is heard once is not among them.
 *
 * `choruses`: the {@link occurrences} of the chosen stretch.
 */
export function repeatedSections(analysis: Analysis, choruses: readonly Stretch[]): LabelledStretch[] {
  const { spans } = analysis;
  const novelty = sectionNovelty(analysis);
  for (const { start, end } of choruses) {
    for (const edge of [start, end]) novelty[edge] = (novelty[edge] ?? 0) + CHORUS_EDGE_BONUS;
  }
  const cuts = segment(spans, novelty);
  const stretches = cuts.slice(1).map((end, i): Stretch => ({ start: cuts[i] as number, end }));
  const named = stretches.filter((stretch) => shareWithin(stretch, choruses) > CHORUS_SHARE);
  const groups = groupRepeated(
    analysis,
    stretches.filter((stretch) => !named.includes(stretch)),
  );
  const sections = groups.flatMap((group, i) => group.map((stretch) => ({ ...stretch, label: letters(i) })));
  if (choruses.length > 1) sections.push(...named.map((stretch) => ({ ...stretch, label: 'chorus' })));
  return sections.toSorted((a, b) => a.start - b.start);
}

/** How much speaks for a new section at each span: what changes in where harmony and words come back, and in timbre. */
function sectionNovelty({ spans, structure, articulation }: Analysis): Float32Array {
  const words = structureNovelty(spans, articulation);
  const timbre = timbreNovelty(spans);
  return structure.map((value, at) => value + WORDS_SHARE * (words[at] as number) + (timbre[at] as number));
}

/** Where the chosen stretch is found, itself included, in time order and without overlaps. */
export function occurrences(analysis: Analysis, chorus: Candidate): Stretch[] {
  const { length } = chorus;
  const likeness: { start: number; value: number }[] = [];
  for (let start = 0; start + length <= analysis.spans.count; start++) {
    const value = analysis.harmony.along(chorus.start, start, length);
    if (value > SAME_CHORUS) likeness.push({ start, value });
  }
  likeness.sort((a, b) => b.value - a.value || a.start - b.start);
  const found: Stretch[] = [{ start: chorus.start, end: chorus.start + length }];
  for (const { start } of likeness) {
    const free = found.every((other) => start >= other.end || start + length <= other.start);
    if (free) found.push({ start, end: start + length });
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/** The largest share of a stretch that one of `others` covers. */
function shareWithin({ start, end }: Stretch, others: readonly Stretch[]): number {
  const common = others.map((other) => Math.min(end, other.end) - Math.max(start, other.start));
  return Math.max(0, ...common) / (end - start);
}

/** Groups of two and more stretches that repeat each other, in order of their first. */
function groupRepeated(analysis: Analysis, stretches: readonly Stretch[]): Stretch[][] {
  const groups: Stretch[][] = [];
  for (const stretch of stretches) {
    let best: Stretch[] | undefined;
    let bestLikeness = SAME_SECTION;
    for (const group of groups) {
      const likeness = Math.max(...group.map((member) => alike(analysis, member, stretch)));
      if (likeness > bestLikeness) {
        best = group;
        bestLikeness = likeness;
      }
    }
    if (best === undefined) groups.push([stretch]);
    else best.push(stretch);
  }
  return groups.filter((group) => group.length > 1);
}

/** Likeness of two stretches where they fit best upon each other. */
function alike(analysis: Analysis, a: Stretch, b: Stretch): number {
  const [short, long] = a.end - a.start <= b.end - b.start ? [a, b] : [b, a];
  const length = short.end - short.start;
  const slack = long.end - long.start - length;
  if (length < LEAST_COVER * (length + slack)) return 0;
  let best = 0;
  for (let offset = 0; offset <= slack; offset++) {
    best = Math.max(best, analysis.harmony.along(short.start, long.start + offset, length));
  }
  return best;
}

/** A to Z, then AA, AB ... */
function letters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
