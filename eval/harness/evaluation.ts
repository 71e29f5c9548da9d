/** What an evaluation is, and what it comes to. */
import type { Goal } from '../../bench/harness/benchmark.ts';
import type { Material } from '../data/material.ts';

export { type Goal, Unavailable } from '../../bench/harness/benchmark.ts';

/** One line of an evaluation's summary: a figure beside its anchor's and beside the goal, where it has them. */
export interface Finding {
  /** What was measured, short: `start within 3 s`, `syllable error rate`. */
  readonly what: string;
  readonly value: number;
  readonly unit: '%' | 's' | 'F' | 'LU' | 'lines';
  /** Decimals that are shown. */
  readonly digits: number;
  readonly anchor?: Anchor;
  readonly goal?: Goal;
}

/** What someone else's method reaches. */
export interface Anchor {
  /** The method, and what it was measured on where that is not this folder: `Melodia, the dev six`. */
  readonly method: string;
  readonly value: number;
}

/** Songs down, measures across. */
export interface SongTable {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly songs: readonly SongRow[];
  /** What stands below the songs: their mean, and the anchors. */
  readonly totals: readonly SongRow[];
}

export interface Column {
  readonly name: string;
  /** Decimals that are shown; 1 by default. */
  readonly digits?: number;
}

export interface SongRow {
  readonly name: string;
  /** By the name of the column; what is missing stays blank. */
  readonly values: Readonly<Record<string, number | string | undefined>>;
}

export interface EvaluationReport {
  readonly findings: readonly Finding[];
  readonly tables: readonly SongTable[];
  /** Tables that are too long to print: in the results file alone. */
  readonly details?: readonly SongTable[];
  /** What a reader has to know besides: what was left out, and why; which tracks failed. */
  readonly notes: readonly string[];
}

export interface EvaluationContext {
  readonly material: Material;
  /** An empty folder, removed afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Says what is going on, on stderr. */
  readonly say: (line: string) => void;
  /** Keeps a picture, an SVG document, of a song; undefined where none was asked for. */
  readonly draw: ((name: string, svg: string) => Promise<void>) | undefined;
  /** Keeps what was scored, found and true, as JSON for a check by other means; undefined where not asked for. */
  readonly keepArrays: ((name: string, arrays: object) => Promise<void>) | undefined;
}

export interface Evaluation {
  /** The algorithm that it scores. */
  readonly name: string;
  /** One line: what is scored against what. */
  readonly summary: string;
  /** @throws Unavailable where there is nothing to score, or a program is missing */
  run(context: EvaluationContext): Promise<EvaluationReport>;
}
