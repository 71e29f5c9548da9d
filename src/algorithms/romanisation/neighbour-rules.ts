/**
 * Readings of characters that hang on the characters beside them: what dictionaries of words leave to the
 * reader. Used for Chinese, where a neighbour nearly always decides.
 */
export interface NeighbourRule {
  readonly reading: string;
  /** What must stand right before and after (at a line's edge: the empty string). Undefined: anything. */
  readonly before?: RegExp | undefined;
  readonly after?: RegExp | undefined;
  /** What must not. */
  readonly notBefore?: RegExp | undefined;
  readonly notAfter?: RegExp | undefined;
}

/** The same rules as objects of one shape, whatever each leaves out: a fiftieth of all time in Mandarin. */
export function inOneShape(rules: readonly NeighbourRule[]): readonly NeighbourRule[] {
  return rules.map(({ reading, before, after, notBefore, notAfter }) => ({
    reading,
    before,
    after,
    notBefore,
    notAfter,
  }));
}

/** The reading of the first rule that applies between these neighbours; undefined where none does. */
export function readingBetween(
  rules: readonly NeighbourRule[],
  before: string,
  after: string,
): string | undefined {
  for (const rule of rules) {
    if (
      (rule.before === undefined || rule.before.test(before)) &&
      (rule.after === undefined || rule.after.test(after)) &&
      (rule.notBefore === undefined || !rule.notBefore.test(before)) &&
      (rule.notAfter === undefined || !rule.notAfter.test(after))
    ) {
      return rule.reading;
    }
  }
  return undefined;
}
