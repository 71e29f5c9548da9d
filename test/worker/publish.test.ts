import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LyricsAlgorithm } from '../../src/algorithms/algorithm.ts';
import { commit } from '../../src/run/checkpoint.ts';
import { partKey, partsPrefix, resultsKey } from '../../src/run/keys.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { encodeLine, packPart } from '../../src/worker/part.ts';
import { publishShard } from '../../src/worker/publish.ts';
import { ShardCheckpoint } from '../../src/worker/shard-checkpoint.ts';

const RUN = '20261121-031500-k79e3';
const NOW = '2026-11-21T03:15:00.000Z';

const COUNTS: LyricsAlgorithm = {
  name: 'counts',
  version: '1',
  summary: 'for tests',
  cost: { perTrackSeconds: 0, perAudioSecond: 0 },
  columns: [{ name: 'bytes', type: 'int64', description: 'how long the lyrics are' }],
  input: { kind: 'lyrics' },
  run: ({ bytes }) => ({ bytes: bytes.length }),
  present: () => ({}),
};
const columns = new Map([[COUNTS.name, COUNTS.columns]]);

describe('publishing a shard', () => {
  let store: MemoryStore;
  let scratchDirectory: string;
  beforeEach(async () => {
    store = new MemoryStore();
    scratchDirectory = await mkdtemp(join(tmpdir(), 'publish-'));
  });
  afterEach(() => rm(scratchDirectory, { recursive: true }));

  it('removes the parts that it is made of', async () => {
    const checkpoint = await take('one');
    await commitRow(checkpoint, 0);
    await commitRow(checkpoint, 1);
    await publish(checkpoint);
    expect(await parts()).toEqual([]);
    expect(checkpoint.current).toMatchObject({ state: 'finished', parts: [] });
    await store.get(resultsKey(RUN, 'counts', '1', 0));
  });

  it('removes those as well that another attempt left before it could commit them', async () => {
    await commitRow(await take('one'), 0);
    await store.put(partKey(RUN, 0, '1-2-one.jsonl.zst'), new Uint8Array(1));
    const checkpoint = await take('two');
    await commitRow(checkpoint, 1);
    await publish(checkpoint);
    expect(await parts()).toEqual([]);
  });

  it('removes what an attempt left that came to its end right after the shard was finished', async () => {
    const first = await take('one');
    await commitRow(first, 0);
    await commitRow(first, 1);
    await publish(first);
    await store.put(partKey(RUN, 0, '0-1-one.jsonl.zst'), new Uint8Array(1));
    await publish(await take('two'));
    expect(await parts()).toEqual([]);
  });

  async function take(attempt: string): Promise<ShardCheckpoint> {
    const identity = { run: RUN, shard: 0, rows: 2 };
    const options = { attempt, crash: undefined, now: () => NOW };
    return (await ShardCheckpoint.take(store, identity, options)).checkpoint;
  }

  async function commitRow(checkpoint: ShardCheckpoint, row: number): Promise<void> {
    const part = `${row}-${row + 1}-${checkpoint.current.attempt}.jsonl.zst`;
    const outcome = { algorithm: 'counts', kind: 'succeeded', row: { bytes: 3 }, sourceEtag: null } as const;
    const line = encodeLine(columns, { row, trackId: `track-${row}`, outcomes: [outcome] });
    await store.put(partKey(RUN, 0, part), await packPart([line]));
    const counts = { counts: { succeeded: 1, failed: {} } };
    const progress = { next: row + 1, part, counts, workSeconds: 1, drained: false, now: NOW };
    await checkpoint.write(commit(checkpoint.current, progress));
  }

  function publish(checkpoint: ShardCheckpoint): Promise<void> {
    return publishShard({
      store,
      checkpoint,
      algorithms: [COUNTS],
      columns,
      scratchDirectory,
      now: () => NOW,
    });
  }

  async function parts(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of store.list(partsPrefix(RUN, 0))) keys.push(key);
    return keys;
  }
});
