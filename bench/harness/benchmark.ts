/** What a benchmark is, and what it comes to. */

/** One line of a benchmark's table: a figure beside its goal, and beside a peer's where it has one. */
export interface Finding {
  /** What was measured, short: `tracks/s`, `CPU of one run beside three`. */
  readonly what: string;
  /** Our figure and the peer's, with their units; for people. */
  readonly ours: string;
  readonly peer?: string;
  /** What the goal is about: a ratio of the two sides, or a figure by itself. For machines. */
  readonly value: number;
  readonly goal?: Goal;
}

/** `least`: the value has to reach it. `most`: it must not pass it. */
export type Goal = { readonly least: number } | { readonly most: number };

export interface BenchmarkReport {
  readonly findings: readonly Finding[];
  /** What a reader has to know besides: how it was measured, what stands apart, what is missing. */
  readonly notes?: readonly string[];
}

export interface BenchmarkContext {
  /** An empty folder, removed afterwards. */
  readonly scratch: string;
  /** How often both sides run. */
  readonly rounds: number;
  /** `1` measures at the size that the goal names; less is a trial: so many times as much work. */
  readonly scale: number;
  /** A folder with recordings and their `manifest.csv`, where the user has named one. */
  readonly recordings: string | undefined;
  /** Says what is going on, on stderr. */
  readonly say: (line: string) => void;
}

export interface Benchmark {
  readonly name: string;
  /** One line: what is compared with what. */
  readonly summary: string;
  run(context: BenchmarkContext): Promise<BenchmarkReport>;
}

/** Something that is needed is not there: the message tells what, and how to get it. */
export class Unavailable extends Error {}

/** Whether a finding reaches its goal; undefined where it has none. */
export function reachesGoal({ value, goal }: Pick<Finding, 'value' | 'goal'>): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'least' in goal ? value >= goal.least : value <= goal.most;
}
