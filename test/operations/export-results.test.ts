import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { exportResults } from '../../src/operations/export-results.ts';
import { openRun } from '../../src/operations/runs.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import { doneMarkerPrefix, resultsKey } from '../../src/run/keys.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { ALGORITHMS, storeRun } from './worked-run.ts';

const [FINGERPRINT] = ALGORITHMS;
const RUN = '20261121-031500-worked';

/** Stores fingerprints of `bytes` bytes each; no two tracks have the same. */
async function storeFingerprints(
  store: ObjectStore,
  { shards, rows, bytes }: { readonly shards: number; readonly rows: number; readonly bytes: number },
): Promise<void> {
  if (FINGERPRINT === undefined) throw new Error('there is no fingerprint');
  for (let shard = 0; shard < shards; shard += 1) {
    const encoder = new ParquetEncoder({ columns: FINGERPRINT.columns });
    const chunks: Uint8Array[] = [];
    for (let index = 0; index < rows; index += 1) {
      const track = shard * rows + index;
      const fingerprint = Uint8Array.from(
        { length: bytes },
        (_, byte) => Math.imul(track * bytes + byte, 0x9e3779b1) >>> 24,
      );
      const row = { fingerprint, duration_s: track / 8 };
      const chunk = encoder.add({ trackId: `track "${track}"`, sourceEtag: null, row });
      if (chunk !== undefined) chunks.push(chunk);
    }
    await store.put(resultsKey(RUN, 'fingerprint', '1', shard), Buffer.concat([...chunks, encoder.finish()]));
    const counts = { fingerprint: { succeeded: rows, failed: {} } };
    await store.put(doneMarkerKey(RUN, { shard, counts, workSeconds: 1 }), new Uint8Array());
  }
}

async function textOf(store: ObjectStore, format: 'csv' | 'jsonl'): Promise<string> {
  const run = await openRun(store, RUN);
  return Buffer.concat(await Array.fromAsync(exportResults(store, run, 'fingerprint', format))).toString();
}

// The second is worked by threads; in the third a shard has several row groups.
it.each([
  { shards: 3, rows: 5, bytes: 10 },
  { shards: 40, rows: 100, bytes: 1000 },
  { shards: 2, rows: 3000, bytes: 2000 },
])('exports all rows of $shards shards of $rows in their order', async (size) => {
  const store = new MemoryStore();
  await storeRun(store, { shards: size.shards, rows: size.rows });
  await storeFingerprints(store, size);
  const tracks = Array.from({ length: size.shards * size.rows }, (_, track) => track);

  const lines = (await textOf(store, 'jsonl'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines.map((line) => 'track_id' in line && line.track_id)).toEqual(
    tracks.map((track) => `track "${track}"`),
  );
  const [header, ...records] = parse(await textOf(store, 'csv'));
  expect(header).toEqual(Object.keys(lines[0] ?? {}));
  expect(records).toEqual(lines.map((line) => Object.values(line).map((value) => String(value ?? ''))));
  expect(new Set(records.map((record) => record[4])).size).toBe(tracks.length);
});

it('exports a run without results as a header, and as no lines', async () => {
  const store = new MemoryStore();
  await storeRun(store, { shards: 1, rows: 1 });
  expect(await textOf(store, 'csv')).toBe('track_id,source_etag,algorithm,version\n');
  expect(await textOf(store, 'jsonl')).toBe('');
});

it('tells of a file that is damaged, whichever thread finds it', async () => {
  const store = new MemoryStore();
  await storeRun(store, { shards: 40, rows: 100 });
  await storeFingerprints(store, { shards: 40, rows: 100, bytes: 1000 });
  const key = resultsKey(RUN, 'fingerprint', '1', 39);
  const { bytes } = await store.get(key);
  await store.put(key, Uint8Array.from(bytes).fill(0xff, 100, 20_000));
  await expect(textOf(store, 'csv')).rejects.toThrow(
    expect.objectContaining({ code: 'store-damaged', message: expect.stringContaining(key) }),
  );
});

it('reports a file that is missing, of another shard, or of fewer rows than its marker says', async () => {
  const store = new MemoryStore();
  await storeRun(store, { shards: 3, rows: 5 });
  await storeFingerprints(store, { shards: 3, rows: 5, bytes: 10 });
  const [first, second] = [0, 1].map((shard) => resultsKey(RUN, 'fingerprint', '1', shard)) as [
    string,
    string,
  ];
  const file = (await store.get(first)).bytes;
  const damaged = (problem: string): unknown =>
    expect.objectContaining({ code: 'store-damaged', message: expect.stringContaining(problem) });

  await store.delete(first);
  await expect(textOf(store, 'jsonl')).rejects.toThrow(
    damaged(`${first} in the store is damaged: it is missing`),
  );

  const metadata = { run: RUN, shard: '1', algorithm: 'fingerprint', version: '1' };
  const other = new ParquetEncoder({ columns: FINGERPRINT?.columns ?? [], metadata });
  for (let track = 0; track < 5; track += 1) {
    const row = { fingerprint: new Uint8Array(10), duration_s: 1 };
    other.add({ trackId: `other ${track}`, sourceEtag: null, row });
  }
  await store.put(first, other.finish());
  await expect(textOf(store, 'jsonl')).rejects.toThrow(damaged('it is that of shard 1, not 0'));

  await store.put(first, file);
  await store.put(second, new ParquetEncoder({ columns: FINGERPRINT?.columns ?? [] }).finish());
  await expect(textOf(store, 'jsonl')).rejects.toThrow(damaged('it has 0 rows, and its shard has 5'));
});

it('leaves out what no finished shard has published', async () => {
  const store = new MemoryStore();
  await storeRun(store, { shards: 2, rows: 5 });
  await storeFingerprints(store, { shards: 2, rows: 5, bytes: 10 });
  for await (const { key } of store.list(doneMarkerPrefix(RUN, 1))) await store.delete(key);
  expect((await textOf(store, 'jsonl')).trimEnd().split('\n')).toHaveLength(5);
});
