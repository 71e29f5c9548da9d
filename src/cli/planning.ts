import type { Algorithm, Encoding } from '../algorithms/algorithm.ts';
import { ALGORITHMS, selectAlgorithms } from '../algorithms/registry.ts';
import { readLadder } from '../operations/read-ladder.ts';
import { requirePrograms } from '../operations/diagnose.ts';
import { type DraftPlan, draftPlan } from '../operations/start-run.ts';
import type { PlanTotals } from '../plan/plan-manifest.ts';
import { count } from './render/quantities.ts';
import { say } from './output.ts';
import type { PlanningOptions } from './planning-options.ts';

/** What `run` and `plan` know once the manifest is read. */
export interface CommandPlan {
  readonly draft: DraftPlan;
  readonly algorithms: readonly Algorithm[];
  /** What transcode encodes into, if it is chosen and was said. */
  readonly ladder: readonly Encoding[] | undefined;
}

/**
 * Plans a manifest. The caller discards the draft.
 *
 * @param options `parallelism`: the workers at a time of this machine; undefined where any number can be had.
 *   `forWorkHere`: whether the plan is to be worked on this machine, with the programs that this takes
 */
export async function planForCommand(
  manifestPath: string,
  options: PlanningOptions & {
    readonly parallelism: number | undefined;
    readonly forWorkHere: boolean;
  },
): Promise<CommandPlan> {
  const ladder = options.ladder === undefined ? undefined : await readLadder(options.ladder);
  const names = options.algorithms ?? ALGORITHMS.map(({ name }) => name);
  const algorithms = selectAlgorithms(names, ladder);
  if (options.forWorkHere) await requirePrograms(algorithms);
  const draft = await draftPlan({
    manifestPath,
    workingDirectory: process.cwd(),
    stdin: process.stdin,
    algorithms,
    shardSeconds: options.shardMinutes === undefined ? undefined : options.shardMinutes * 60,
    parallelism: options.parallelism,
    maxRejected: options.maxRejected,
  });
  return { draft, algorithms, ladder };
}

/** Tells on stderr about rows that are left out. */
export function sayRejected({ rejected, rows, firstRejected }: PlanTotals): void {
  if (rejected === 0) return;
  say(`${count(rejected)} of ${count(rows)} rows are rejected (plan/rejected.csv has them all):\n`);
  for (const { line, reason } of firstRejected) say(`  line ${line}: the row ${reason}\n`);
}
