import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_CHECKPOINTS_READ } from '../../src/operations/shard-states.ts';
import type { OutcomeCounts } from '../../src/run/records.ts';
import type { RunStatus } from '../../src/run/status.ts';
import { IS_THOROUGH } from './account.ts';
import { type SyntheticAccount, openSyntheticAccount } from './synthetic-account.ts';
import { SyntheticRun } from './synthetic-run.ts';

/** A real server takes its time over a hundred thousand objects: it gets a tenth of them, unless asked for more. */
const SHARDS = Number(process.env.BACKFILL_TEST_STATUS_SHARDS ?? (IS_THOROUGH ? 6000 : 60_000));

/** Two listings of all shards, checkpoints of shards under way up to a bound, and some reading around them. */
const MOST_REQUESTS = (SHARDS / 1000) * 2 + Math.min(MAX_CHECKPOINTS_READ, SHARDS / 12) + 50;
/** On a machine that does much else; by itself it takes three or so. */
const MOST_SECONDS = 30;
/** The program alone takes 130; what is on top is what the collector has left lying of a hundred listed pages. */
const MOST_MEBIBYTES = 512;

/** Tells on stderr how much memory a command has taken at most, in KiB. */
const TELL_MEMORY = `data:text/javascript,process.on('exit',()=>process.stderr.write('maxRSS '+process.resourceUsage().maxRSS))`;

const run = new SyntheticRun(SHARDS);
let synthetic: SyntheticAccount;

beforeAll(async () => {
  synthetic = await openSyntheticAccount(run);
}, 900_000);
afterAll(() => synthetic?.close());

function failed({ failed }: OutcomeCounts): number {
  return Object.values(failed).reduce((sum, count) => sum + count, 0);
}

test(`status of ${SHARDS} shards takes a request or two a thousand shards, and seconds`, async () => {
  const { account, requests } = synthetic;
  requests.clear();
  const batchBefore = new Map(account.batch.counters.requests);
  const began = performance.now();
  const { code, stdout, stderr } = await account.backfill(['status', '--json'], {
    env: { AWS_ENDPOINT_URL_S3: synthetic.endpoint, NODE_OPTIONS: `--import "${TELL_MEMORY}"` },
  });
  const seconds = (performance.now() - began) / 1000;
  expect(code, stderr).toBe(0);
  const mebibytes = Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024;
  const batchRequests = new Map(
    [...account.batch.counters.requests].map(([operation, count]) => [
      operation,
      count - (batchBefore.get(operation) ?? 0),
    ]),
  );
  const figures = `${SHARDS} shards: ${seconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB, ${JSON.stringify([...requests])}`;
  if (process.env.BACKFILL_TEST_FIGURES !== undefined) process.stderr.write(`${figures}\n`);

  expect(synthetic.requestCount(), figures).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(seconds, figures).toBeLessThan(MOST_SECONDS);
  expect(mebibytes, figures).toBeLessThan(MOST_MEBIBYTES);
  // One call for all array jobs: their summaries have the children's states.
  expect(batchRequests.get('DescribeJobs')).toBe(1);
  expect(batchRequests.get('ListJobs') ?? 0).toBe(0);

  const status = JSON.parse(stdout) as RunStatus;
  expect(status).toMatchObject({
    runId: run.run,
    state: 'running',
    tracks: { total: run.rows, accepted: run.rows, rejected: 0 },
    shards: {
      total: SHARDS,
      finished: run.count('finished'),
      started: run.count('under-way'),
      waiting: run.count('waiting'),
    },
    batch: {
      queue: 'backfill-spot',
      workers: {
        SUCCEEDED: run.count('finished') - run.firstShard,
        RUNNING: run.count('under-way'),
        RUNNABLE: run.count('waiting'),
      },
      unsubmitted: 0,
    },
  });
  // Shards under way were never reclaimed. What they have worked is read of all of them, or estimated from very many.
  expect(status.work.reclaims).toBe(run.reclaims);
  const isEstimated = run.count('under-way') > MAX_CHECKPOINTS_READ;
  expect(status.progress).toMatchObject({
    estimated: isEstimated,
    inFlightShards: run.count('under-way'),
    sampledShards: Math.min(MAX_CHECKPOINTS_READ, run.count('under-way')),
  });
  // All of them are equally far, and so a sample is exact but for rounding.
  expect(status.progress.fraction).toBeCloseTo(run.fraction, 12);
  expect(status.work.seconds).toBeCloseTo(run.workSeconds, 3);
  const [finished, underWay] = [run.outcomes('finished'), run.outcomes('under-way')];
  for (const name of ['fingerprint', 'romanisation'] as const) {
    const [some, more] = [finished[name] as OutcomeCounts, underWay[name] as OutcomeCounts];
    const told = status.algorithms[name];
    const [succeeded, failures] = [some.succeeded + more.succeeded, failed(some) + failed(more)];
    const tolerance = isEstimated ? 0.01 : 0;
    expect(Math.abs((told?.succeeded ?? 0) - succeeded)).toBeLessThanOrEqual(tolerance * more.succeeded);
    expect(Math.abs((told?.failed ?? 0) - failures)).toBeLessThanOrEqual(tolerance * failed(more));
    expect((told?.succeeded ?? 0) + (told?.failed ?? 0) + (told?.pending ?? 0)).toBe(run.rows);
    expect(told?.estimated).toBe(isEstimated);
  }
});
