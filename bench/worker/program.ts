/**
 * The three processes of a local run, as the product's commands make them, with the algorithms of the benchmarks:
 *
 *     program.ts command STORE RUN    works a run that is planned, like `backfill resume`
 *     program.ts worker ...           the supervisor that the local executor starts, like `backfill worker`
 *     program.ts attempt ...          the process that works the shard, like `backfill attempt`
 *
 * BENCH_FIGURES names a file; each adds a line to it with what it took. With BENCH_MEMORY the attempt collects
 * garbage every so many tracks, and notes what is left.
 */
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Algorithm } from '../../src/algorithms/algorithm.ts';
import { ALGORITHMS } from '../../src/algorithms/registry.ts';
import { createLocalExecutor, openSources, openStore } from '../../src/compose.ts';
import { readShards } from '../../src/operations/plans.ts';
import { openRun } from '../../src/operations/runs.ts';
import { workShards } from '../../src/operations/work-shards.ts';
import { parseSubmissionUri, readAssignment } from '../../src/worker/assignment.ts';
import { runAttempt } from '../../src/worker/attempt.ts';
import { thisProcess } from '../../src/worker/liveness.ts';
import type { AttemptMessage } from '../../src/worker/messages.ts';
import { supervise } from '../../src/worker/supervisor.ts';
import type { ProcessFigures } from './figures.ts';
import { MemoryCurve } from './memory-curve.ts';
import { NO_OP_AUDIO, NO_OP_LYRICS } from './no-op.ts';

const PROGRAM = fileURLToPath(import.meta.url);
const KNOWN: readonly Algorithm[] = [...ALGORITHMS, NO_OP_LYRICS, NO_OP_AUDIO];
const GRACE_SECONDS = 30;
const never = new AbortController().signal;

const [role = '', ...args] = process.argv.slice(2);
switch (role) {
  case 'command':
    await command(args);
    break;
  case 'worker':
    await worker(args);
    break;
  case 'attempt':
    await attempt(args);
    break;
  default:
    throw new Error(`'${role}' is no role of this program`);
}

async function command([folder = '', run = '']: readonly string[]): Promise<void> {
  const store = await openStore(folder);
  const { outcome } = await workShards({
    store,
    run,
    handover: { kind: 'new', reason: 'run', execution: { kind: 'local', ...thisProcess(), concurrency: 1 } },
    entries: await readShards(store, await openRun(store, run)),
    executor: createLocalExecutor({
      store,
      run,
      concurrency: 1,
      graceSeconds: GRACE_SECONDS,
      selfCommand: [process.execPath, PROGRAM],
    }),
    detach: false,
    drain: never,
    stop: never,
    onSubmission: () => {},
    onTrouble: ({ message }) => process.stderr.write(`${message}\n`),
    onNotice: () => {},
    onWorkers: () => {},
  });
  note({ role: 'command' });
  if (outcome !== 'finished') process.exitCode = 1;
}

async function worker(rest: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: { grace: { type: 'string' }, scratch: { type: 'string', default: '' } },
  });
  process.exitCode = await supervise({
    attemptArguments: [PROGRAM, 'attempt', ...positionals],
    scratchDirectory: values.scratch,
    graceSeconds: GRACE_SECONDS,
    reclaims: 0,
    drain: never,
    stop: never,
    onProgress: (progress) => process.send?.({ ...progress, kind: 'progress' }, undefined, {}, () => {}),
    onNotice: (message) => process.stderr.write(`${message}\n`),
  });
  note({ role: 'worker' });
  process.disconnect();
}

async function attempt(rest: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      attempt: { type: 'string', default: '' },
      scratch: { type: 'string', default: '' },
    },
  });
  const { storeUri, ...address } = parseSubmissionUri(positionals[0] ?? '');
  const store = await openStore(storeUri);
  const assignment = await readAssignment(store, address, 0);
  const wanted = assignment.run.settings.algorithms.map(({ name }) => name);
  const memory =
    process.env['BENCH_MEMORY'] === undefined ? undefined : new MemoryCurve(assignment.entry.rows);
  let firstRow: number | undefined;
  let lastRow = 0;
  process.exitCode = await runAttempt({
    store,
    assignment,
    algorithms: KNOWN.filter(({ name }) => wanted.includes(name)),
    ladderDigest: 'none',
    scratchDirectory: values.scratch,
    openSources,
    attempt: values.attempt,
    crash: undefined,
    reclaims: undefined,
    drain: never,
    orphaned: never,
    stop: never,
    report: (message: AttemptMessage) => {
      process.send?.(message, undefined, {}, () => {});
      if (message.kind === 'row') firstRow ??= performance.now();
      lastRow = performance.now();
      if (message.kind === 'row') memory?.sample(message.row);
    },
  });
  memory?.sampleNow(assignment.entry.rows);
  note({
    role: 'attempt',
    rowsSeconds: (lastRow - (firstRow ?? lastRow)) / 1000,
    ...(memory === undefined ? {} : { memory: memory.samples }),
  });
  process.disconnect();
}

function note(figures: Omit<ProcessFigures, 'cpuSeconds' | 'peakBytes'>): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const line: ProcessFigures = {
    ...figures,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakBytes: maxRSS * 1024,
  };
  appendFileSync(process.env['BENCH_FIGURES'] ?? '/dev/null', `${JSON.stringify(line)}\n`);
}
