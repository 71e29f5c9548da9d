/** What a check is: a figure that does not drift from machine to machine, and a limit with its reason. */
export interface Check {
  readonly name: string;
  /** `least`: the figure must not fall below it. `most`: it must not pass it. */
  readonly limit: { readonly least: number } | { readonly most: number };
  /** Why the limit is what it is: what was measured when it was set, and how far off that is. */
  readonly reason: string;
  /** Where to look when it fails. */
  readonly look: string;
  measure(scratch: string): Promise<number>;
}

/** Whether a figure keeps to its limit. */
export function holds(figure: number, limit: Check['limit']): boolean {
  return 'least' in limit ? figure >= limit.least : figure <= limit.most;
}
