/** The least number of insertions, deletions and substitutions that turn one sequence into the other (Levenshtein). */
export function editDistance(a: ArrayLike<string>, b: ArrayLike<string>): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** What was read, and what is right. */
export type Reading<T extends ArrayLike<string>> = readonly [found: T, truth: T];

/** Errors over the length of the truth, all lines taken together, in per cent: CER of strings, SER of syllables. */
export function errorRate<T extends ArrayLike<string>>(readings: readonly Reading<T>[]): number {
  let errors = 0;
  let length = 0;
  for (const [found, truth] of readings) {
    errors += editDistance(found, truth);
    length += truth.length;
  }
  return (100 * errors) / length;
}
