/**
 * What it takes to find few failures among many shards in S3. For the times of docs/performance.md:
 *
 *     BACKFILL_TEST_ANSWER_MS=20 npx vitest run test/operations/failures-at-scale.test.ts --reporter=verbose
 */
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportResults } from '../../src/operations/export-results.ts';
import { getTrack } from '../../src/operations/get-track.ts';
import { planRetry } from '../../src/operations/plan-retry.ts';
import type { OpenRun } from '../../src/operations/runs.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { createS3Client } from '../../src/store/s3-client.ts';
import { openS3Store } from '../../src/store/s3-store.ts';
import { putPipelined } from '../fake-aws/s3/pipelined-puts.ts';
import { type S3Server, startS3Server } from '../fake-aws/s3/s3-server.ts';
import { useDummyCredentials } from '../store/s3-setting.ts';
import { ALGORITHMS, storeRun, workNewestGeneration } from './worked-run.ts';

useDummyCredentials();

const ANSWER_MS = Number(process.env['BACKFILL_TEST_ANSWER_MS'] ?? 0);
const SHARDS = 2000;
const ROWS = 4;
/** One track of every hundredth shard timed out, and one of every second has no lyrics. */
const TIMEOUTS = SHARDS / 100;
const WITHOUT_LYRICS = SHARDS / 2;
/** Markers are listed a thousand at a time, and so are the shards that may lack one. */
const LISTINGS = (2 * SHARDS) / 1000;

describe(`${SHARDS} finished shards in S3`, () => {
  let server: S3Server;
  let store: ObjectStore;
  let run: OpenRun;
  let before: Record<string, number>;

  beforeAll(async () => {
    const memory = new MemoryStore();
    run = await storeRun(memory, { shards: SHARDS, rows: ROWS });
    await workNewestGeneration(memory, run, (trackId, algorithm) => {
      const track = Number(trackId.slice('track-'.length));
      if (algorithm === 'fingerprint') return track % (100 * ROWS) === 17 ? 'timeout' : undefined;
      return track % (2 * ROWS) === 1 ? 'no-lyrics' : undefined;
    });
    server = await startS3Server({ answerAfterMs: ANSWER_MS });
    const client = createS3Client({ endpoint: server.endpoint });
    await client.send(new CreateBucketCommand({ Bucket: 'catalogue' }));
    const objects = [];
    for await (const { key } of memory.list('')) {
      objects.push({ key: `store/${key}`, bytes: (await memory.get(key)).bytes });
    }
    await putPipelined(server.endpoint, 'catalogue', objects);
    store = openS3Store('s3://catalogue/store', client);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    before = server.requests();
  });

  /** Requests of a kind since the test began. */
  const requests = (operation: string): number =>
    (server.requests()[operation] ?? 0) - (before[operation] ?? 0);
  const reads = (): number[] => [requests('ListObjectsV2'), requests('GetObject')];

  it('of which a hundredth has what is retried: these alone are read', async () => {
    const entries = await planRetry(store, run, {
      wanted: ({ transient }) => transient,
      algorithms: ALGORITHMS,
      parallelism: undefined,
      now: '2026-11-21T04:00:00.000Z',
    });
    expect(entries.reduce((sum, { rows }) => sum + rows, 0)).toBe(TIMEOUTS);
    // The tables of both plans; of each shard its failures and its piece of the plan.
    expect(reads()).toEqual([LISTINGS, 2 + 2 * TIMEOUTS]);
  });

  it('export their failures with one request for each shard that has any', async () => {
    const chunks = await Array.fromAsync(exportResults(store, run, 'failures', 'jsonl'));
    const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(TIMEOUTS + WITHOUT_LYRICS);
    expect(requests('ListObjectsV2')).toBe(LISTINGS);
    expect(requests('GetObject')).toBeLessThanOrEqual(1 + TIMEOUTS + WITHOUT_LYRICS);
  });

  it('tell of one track what is known, with a request a mebibyte of the plan', async () => {
    const rows = await Array.fromAsync(getTrack(store, run, `track-${SHARDS * ROWS - 1}`));
    expect(rows).toEqual([
      expect.objectContaining({ algorithm: 'fingerprint', duration_s: 1 }),
      expect.objectContaining({ algorithm: 'romanisation', language: 'ja' }),
    ]);
    expect(requests('GetObject')).toBeLessThan(12);
  });
});
