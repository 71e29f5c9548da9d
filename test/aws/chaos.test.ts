import { afterEach, expect, it } from 'vitest';
import { type Account, IS_THOROUGH, openAccount } from './account.ts';
import { TINY_SHARDS, manyTracks } from './many-shards.ts';

/** Each is a job of its own, of two processes: on two cores 2,500 take some twenty minutes. */
const SHARDS = Number(process.env.BACKFILL_TEST_SHARDS ?? (IS_THOROUGH ? 400 : 20));

let account: Account;
afterEach(() => account.close());

it(`ends with every track once, of ${SHARDS} shards, though machines, calls and answers get lost`, {
  timeout: 3_600_000,
}, async () => {
  account = await openAccount({
    batch: {
      vcpus: 4,
      reclaims: { share: 0.2, hardShare: 0.1, attemptMilliseconds: 800 },
      faults: { throttle: 0.03, serverError: 0.02, loseResponse: 0.005, errorAfterAcceptance: 0.005 },
      staleness: { reads: 2 },
    },
    s3Faults: { slowDown: 0.012, resetBefore: 0.004, loseResponse: 0.004 },
  });
  const { batch } = account;
  const { manifest, ids } = await manyTracks(account, SHARDS);
  const arraySize = ['--array-size', String(Math.ceil(SHARDS / 10))];
  const fallback = ['--reclaims', '3', '--fallback-queue', 'backfill-on-demand'];
  const onBatch = ['--executor', 'batch', ...arraySize, ...fallback];
  const ended = await account.backfill(['run', manifest, ...TINY_SHARDS, ...onBatch, '--json']);
  expect(ended.code, ended.stderr).toBe(0);
  const status = JSON.parse(ended.stdout) as { runId: string; work: { reclaims: number } };

  const verified = await account.backfill(['verify', '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject({
    proven: true,
    algorithms: { romanisation: { succeeded: SHARDS, failed: 0 } },
  });
  const exported = await account.backfill(['results', 'export', '--algorithm', 'romanisation']);
  const tracks = exported.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { track_id: string }).track_id);
  expect(tracks.toSorted()).toEqual(ids);

  const { counters } = batch;
  const doubled = [...counters.submitted].filter(([, times]) => times > 1);
  expect(doubled, 'jobs that were submitted twice').toEqual([]);
  const escalated = /(\d+) shards? (?:was|were) reclaimed/.exec(ended.stderr)?.[1] ?? '0';
  // A child whose machine is taken for the last time just after its shard was through has failed, and is not escalated.
  expect(counters.succeeded + counters.failed).toBe(SHARDS + Number(escalated));
  expect(counters.failed).toBeGreaterThanOrEqual(Number(escalated));
  // A worker that is reclaimed before it has taken its shard is not known to have been.
  expect(status.work.reclaims).toBeGreaterThan(0);
  expect(status.work.reclaims).toBeLessThanOrEqual(counters.reclaims);

  const requests = Object.fromEntries(counters.requests);
  process.stdout.write(
    `${JSON.stringify({ shards: SHARDS, escalated, told: status.work.reclaims, ...counters, requests, submitted: counters.submitted.size, s3: account.s3Faults?.counts() })}\n`,
  );
});
