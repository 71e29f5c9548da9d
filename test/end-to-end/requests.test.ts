import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countShards, withStandIn } from '../../bench/catalogue/counted-shards.ts';
import { makeSong } from './catalogue.ts';

test('what a shard asks of S3 is what the plan says: one read a track, and nothing that is not told', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  try {
    const names = ['one', 'two', 'three', 'no-music'];
    await Promise.all(names.map((name, seed) => makeSong(join(scratch, `${name}.wav`), seed, 8)));
    await writeFile(join(scratch, 'no-music.wav'), 'RIFF');
    const tracks = names.map((trackId) => ({
      trackId,
      path: join(scratch, `${trackId}.wav`),
      durationSeconds: 8,
    }));
    const counted = await withStandIn((server) =>
      countShards(server, {
        tracks,
        algorithms: ['fingerprint', 'chorus', 'pitch'],
        shardSeconds: 600,
        checkpointSeconds: 600,
        scratch,
      }),
    );
    expect(counted.shards).toBe(1);
    const estimated = (kind: 'read' | 'write'): number =>
      counted.estimate.filter((share) => share.kind === kind).reduce((sum, { count }) => sum + count, 0);
    // Deleting its part is free.
    expect(counted.requests).toEqual({
      GetObject: estimated('read'),
      PutObject: estimated('write'),
      DeleteObject: 1,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}, 60_000);
