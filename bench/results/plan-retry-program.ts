/**
 * What `retry-failed` does until its plan is stored, as a process of its own: `plan-retry-program.ts STORE RUN`.
 * `retry-failed` goes on by working the plan, which is another matter. Prints what was planned.
 */
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { openStore } from '../../src/compose.ts';
import { planRetry } from '../../src/operations/plan-retry.ts';
import { openRun } from '../../src/operations/runs.ts';

const [, , location = '', runId = ''] = process.argv;
const store = await openStore(location);
const run = await openRun(store, runId);
const entries = await planRetry(store, run, {
  wanted: () => true,
  algorithms: selectAlgorithms(run.record.settings.algorithms.map(({ name }) => name)),
  parallelism: undefined,
  now: new Date().toISOString(),
});
const tracks = entries.reduce((sum, { rows }) => sum + rows, 0);
process.stdout.write(JSON.stringify({ shards: entries.length, tracks }));
