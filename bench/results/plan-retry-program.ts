/**
 * What `retry-failed` does until its plan is stored, as a process of its own: `plan-retry-program.ts STORE RUN DIST`.
 * `retry-failed` goes on by working the plan, which is another matter. Prints what was planned.
 */
import { pathToFileURL } from 'node:url';

const [, , location = '', runId = '', dist = ''] = process.argv;
const load = <Module>(name: string): Promise<Module> =>
  import(pathToFileURL(`${dist}/${name}.js`).href) as Promise<Module>;

const { openStore } = await load<typeof import('../../src/compose.ts')>('compose');
const { openRun } = await load<typeof import('../../src/operations/runs.ts')>('operations/runs');
const { planRetry } =
  await load<typeof import('../../src/operations/plan-retry.ts')>('operations/plan-retry');
const { selectAlgorithms } =
  await load<typeof import('../../src/algorithms/registry.ts')>('algorithms/registry');

const store = await openStore(location);
const run = await openRun(store, runId);
const entries = await planRetry(store, run, {
  wanted: () => true,
  algorithms: selectAlgorithms(run.record.settings.algorithms.map(({ name }) => name)),
  parallelism: undefined,
  now: new Date().toISOString(),
});
process.stdout.write(
  JSON.stringify({ shards: entries.length, tracks: entries.reduce((sum, { rows }) => sum + rows, 0) }),
);
