/**
 * Readings of characters that hang on the characters beside them: what dictionaries of words leave to the
 * reader. Used for Chinese, where a neighbour nearly always decides.
 */
export interface NeighbourRule {
  readonly reading: string;
  /** What must stand right before and after (at a line's edge: the empty string). Undefined: anything. */
  readonly before?: RegExp;
  readonly after?: RegExp;
  /** What must not. */
  readonly notBefore?: RegExp;
  readonly notAfter?: RegExp;
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
