/** Lines count as the same from this share of common letter pairs on: `yeah`s and misprints differ. */
const SAME_LINE = 0.75;

/** Which of a song's lines are sung to the same words. */
export class LineSimilarity {
  readonly #count: number;
  /** For lines `a` and `b`, at `a * count + b`: how many lines from there on, one after the other, are alike. */
  readonly #runs: Uint16Array;

  /** Compares each line with each. @param texts at most 65,535 */
  constructor(texts: readonly string[]) {
    this.#count = texts.length;
    this.#runs = new Uint16Array(texts.length ** 2);
    const pairs = letterPairs(texts);
    // From the end, as a run is one longer than that which starts at its second lines.
    for (let a = texts.length - 1; a >= 0; a--) {
      for (let b = texts.length - 1; b >= a; b--) {
        if (!areAlike(pairs[a] as Uint32Array, pairs[b] as Uint32Array)) continue;
        const run = 1 + this.run(a + 1, b + 1);
        this.#runs[a * this.#count + b] = run;
        this.#runs[b * this.#count + a] = run;
      }
    }
  }

  /** How many lines from `a` and from `b` on, one after the other, are alike. */
  run(a: number, b: number): number {
    return a < this.#count && b < this.#count ? (this.#runs[a * this.#count + b] as number) : 0;
  }

  /** At how many lines a stretch of `length` lines like those from `first` on starts, these included. */
  occurrences(first: number, length: number): number {
    const runs = this.#runs.subarray(first * this.#count, (first + 1) * this.#count);
    let occurrences = 0;
    for (const run of runs) if (run >= length) occurrences++;
    return occurrences;
  }
}

/**
 * Pairs of neighbouring letters of each text, without case, marks and spaces, as numbers in ascending order; none where
 * there are no letters.
 */
function letterPairs(texts: readonly string[]): Uint32Array[] {
  const numbers = new Map<string, number>();
  return texts.map((text) => {
    const letters = [
      ...text
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]/gu, ''),
    ];
    if (letters.length === 0) return new Uint32Array();
    return Uint32Array.from(['', ...letters], (letter, index) => {
      const pair = letter + (letters[index] ?? '');
      const number = numbers.get(pair) ?? numbers.size;
      numbers.set(pair, number);
      return number;
    }).toSorted();
  });
}

/** By Dice's coefficient (L. Dice 1945): twice what both have over what each has. Lines without letters are like none. */
function areAlike(a: Uint32Array, b: Uint32Array): boolean {
  const total = a.length + b.length;
  if (total === 0 || (2 * Math.min(a.length, b.length)) / total < SAME_LINE) return false;
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = (a[i] as number) - (b[j] as number);
    if (difference === 0) common++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return (2 * common) / total >= SAME_LINE;
}
