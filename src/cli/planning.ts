import { fstatSync } from 'node:fs';
import type { Algorithm, Encoding } from '../algorithms/algorithm.ts';
import { ALGORITHMS, selectAlgorithms } from '../algorithms/registry.ts';
import { readLadder } from '../operations/read-ladder.ts';
import { requirePrograms } from '../operations/diagnose.ts';
import { type DraftPlan, draftPlan } from '../operations/start-run.ts';
import { usageError } from '../errors.ts';
import { lookalikeColumns } from '../manifest/header.ts';
import type { PlanTotals } from '../plan/plan-manifest.ts';
import { ManifestRejected, rejectionLines } from '../plan/rejections.ts';
import { rejectedDocument } from './render/plan.ts';
import { count } from './render/quantities.ts';
import { printJson, say } from './output.ts';
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
 *   `forWorkHere`: whether the plan is to be worked on this machine, with the programs that this takes. `json`:
 *   whether a manifest that is refused for its rows is told of as JSON, too
 */
export async function planForCommand(
  manifestPath: string,
  options: PlanningOptions & {
    readonly parallelism: number | undefined;
    readonly forWorkHere: boolean;
    readonly json?: boolean;
  },
): Promise<CommandPlan> {
  const ladder = options.ladder === undefined ? undefined : await readLadder(options.ladder);
  const names = options.algorithms ?? ALGORITHMS.map(({ name }) => name);
  const algorithms = selectAlgorithms(names, ladder);
  if (options.forWorkHere) await requirePrograms(algorithms);
  if (manifestPath === '-' && fstatSync(0).isDirectory()) {
    // Node would give nothing, as of an empty file.
    throw usageError('manifest-unreadable', 'stdin is a folder: redirect it from a CSV file');
  }
  const drafted = draftPlan({
    manifestPath,
    workingDirectory: process.cwd(),
    stdin: process.stdin,
    algorithms,
    shardSeconds: options.shardMinutes === undefined ? undefined : options.shardMinutes * 60,
    parallelism: options.parallelism,
    maxRejected: options.maxRejected,
  });
  const draft = await drafted.catch((error: unknown) => {
    if (options.json === true && error instanceof ManifestRejected) printJson(rejectedDocument(error));
    throw error;
  });
  for (const { column, meant } of lookalikeColumns(draft.totals.header)) {
    say(`backfill: the column '${column}' is carried along; if it is the ${meant}, name it ${meant}\n`);
  }
  return { draft, algorithms, ladder };
}

/** Tells on stderr about rows that are left out. */
export function sayRejected({ rejected, rows, rejections }: PlanTotals): void {
  if (rejected === 0) return;
  say(`${count(rejected)} of ${count(rows)} rows are rejected (plan/rejected.csv has them all):\n`);
  for (const line of rejectionLines(rejections)) say(`${line}\n`);
}
