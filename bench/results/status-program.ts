/** What `status` asks of the store and of Batch, without the command line: `status-program.ts STORE`. Prints JSON. */
import { inspectorOf, openStore } from '../../src/compose.ts';
import { readStatus } from '../../src/operations/read-status.ts';
import { openRun } from '../../src/operations/runs.ts';

const store = await openStore(process.argv[2] ?? '');
const run = await openRun(store, undefined);
const began = performance.now();
const status = await readStatus(store, run, inspectorOf(store));
const seconds = (performance.now() - began) / 1000;
process.stdout.write(JSON.stringify({ seconds, finished: status.shards.finished }));
