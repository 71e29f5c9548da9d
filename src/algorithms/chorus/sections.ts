import type { Analysis, Candidate } from './candidates.ts';
import { timbreNovelty } from './novelty.ts';
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

/** Likeness of harmony from which on two sections are the same one; a chorus found again may be a little freer. */
const SAME_SECTION = 0.4;
const SAME_CHORUS = 0.5;
/** Two sections of which one is shorter than this share of the other are not the same one. */
const LEAST_COVER = 0.6;
/** Standard deviations of novelty that an edge of a chorus is worth beside its own. */
const CHORUS_EDGE_BONUS = 1;
/** What is left of a section beside a chorus must last so many beats to be one. */
const LEAST_BEATS = 8;

/**
 * The track's repeated sections in time order: `chorus` for the chosen stretch and wherever it comes back,
 * A, B, ... in order of appearance for the others. What is heard once is not among them.
 */
export function repeatedSections(analysis: Analysis, chorus: Candidate): LabelledStretch[] {
  const { spans } = analysis;
  const choruses = occurrences(analysis, chorus);
  const timbre = timbreNovelty(spans);
  const novelty = analysis.structure.map((value, at) => value + (timbre[at] as number) / 2);
  // Other sections are cut so that they meet the choruses' edges.
  for (const { start, end } of choruses) {
    for (const edge of [start, end]) novelty[edge] = (novelty[edge] ?? 0) + CHORUS_EDGE_BONUS;
  }
  const cuts = segment(spans, novelty);
  const least = Math.max(1, Math.round(LEAST_BEATS / spans.beatsPerSpan));
  const rest = cuts
    .slice(1)
    .flatMap((end, i) => without({ start: cuts[i] as number, end }, choruses))
    .filter((stretch) => stretch.end - stretch.start >= least);
  const sections: LabelledStretch[] = groupRepeated(analysis, rest).flatMap((group, i) =>
    group.map((stretch) => ({ ...stretch, label: letters(i) })),
  );
  if (choruses.length > 1) sections.push(...choruses.map((stretch) => ({ ...stretch, label: 'chorus' })));
  return sections.toSorted((a, b) => a.start - b.start);
}

/** Where the chosen stretch is found, itself included, in time order and without overlaps. */
function occurrences(analysis: Analysis, chorus: Candidate): Stretch[] {
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

/** What `taken` (in time order, apart) leaves of a stretch. */
function without(stretch: Stretch, taken: readonly Stretch[]): Stretch[] {
  const left: Stretch[] = [];
  let { start } = stretch;
  for (const other of taken) {
    if (other.end <= start || other.start >= stretch.end) continue;
    if (other.start > start) left.push({ start, end: other.start });
    start = other.end;
  }
  if (start < stretch.end) left.push({ start, end: stretch.end });
  return left;
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
