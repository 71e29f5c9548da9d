import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRecord } from '../../src/manifest/csv.ts';
import { decompressZstd } from '../../src/manifest/zstd-stream.ts';
import {
  decodeHeaderFrame,
  PackedPlanWriter,
  PLAN_MANIFEST_FILE,
  PLAN_SHARDS_FILE,
} from '../../src/plan/packed-plan.ts';
import { decodeFrame, encodePlannedTrack, type PlannedTrack, retryHeader } from '../../src/plan/plan-rows.ts';
import {
  readShardEntry,
  readShardTable,
  readShardTableHeader,
  SHARD_TABLE_HEADER_RANGE,
  shardEntryRange,
} from '../../src/plan/shard-table.ts';
import type { ByteRange } from '../../src/store/object-store.ts';
import { numRuns } from '../property-settings.ts';

const HEADER = ['language', 'track_id', 'title', 'duration_s', 'audio_uri', 'lyrics_uri'];
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('a,b', '"', 'x\ny', '\r\n', ' '),
);
const nonEmpty = text.filter((value) => value !== '');
const plannedTrack: fc.Arbitrary<PlannedTrack> = fc.record(
  {
    track: fc.record(
      {
        trackId: nonEmpty,
        audioUri: nonEmpty,
        durationSeconds: fc.option(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { nil: undefined }),
        lyricsUri: fc.option(nonEmpty, { nil: undefined }),
        language: fc.option(fc.constantFrom('ja', 'zh-HK'), { nil: undefined }),
        extra: fc.record({ title: text }, { noNullPrototype: true }),
      },
      { noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
);

const LIMITS = { targetSeconds: 10, maxRows: 1000, maxBytes: 1 << 20 };

/** Packs tracks of the given weights, and gives the two files. */
async function packed(
  tracks: readonly (readonly [PlannedTrack, number])[],
  header: readonly string[],
): Promise<{ plan: Buffer; table: Buffer; shards: number; tracks: number; weightSeconds: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'backfill-plan-'));
  try {
    const writer = await PackedPlanWriter.create(directory, header, LIMITS);
    for (const [track, weight] of tracks) await writer.add(track, weight);
    const size = await writer.finish();
    return {
      ...size,
      plan: await readFile(join(directory, PLAN_MANIFEST_FILE)),
      table: await readFile(join(directory, PLAN_SHARDS_FILE)),
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

const range = (bytes: Buffer, { offset, length }: ByteRange): Buffer =>
  bytes.subarray(offset, offset + length);

test('the shards hold every track once, in order, and each is found by two ranged reads', async () => {
  const weighed = fc.tuple(plannedTrack, fc.integer({ min: 1, max: 12 }));
  await fc.assert(
    fc.asyncProperty(fc.array(weighed, { maxLength: 40 }), async (tracks) => {
      const { plan, table, shards, weightSeconds } = await packed(tracks, HEADER);
      const header = readShardTableHeader(range(table, SHARD_TABLE_HEADER_RANGE));
      expect(header.shards).toBe(shards);
      expect(decodeHeaderFrame(range(plan, header.headerFrame))).toEqual(HEADER);
      const found = Array.from({ length: shards }, (_, index) => {
        const entry = readShardEntry(range(table, shardEntryRange(index)));
        return decodeFrame(range(plan, entry.frame), HEADER, entry.rows);
      });
      expect(found.flat()).toStrictEqual(tracks.map(([track]) => track));
      const entries = [...readShardTable(table)];
      expect(entries.reduce((total, entry) => total + entry.weightSeconds, 0)).toBe(weightSeconds);
      let next = 0;
      for (const entry of entries) {
        const weights = tracks.slice(next, (next += entry.rows)).map(([, weight]) => weight);
        expect(entry.heaviestTrackSeconds).toBe(Math.max(...weights));
        expect(entry.rows === 1 || entry.weightSeconds <= LIMITS.targetSeconds).toBe(true);
      }
    }),
    { numRuns: numRuns(50) },
  );
});

function track(trackId: string, algorithms?: readonly string[]): PlannedTrack {
  const empty = { durationSeconds: undefined, lyricsUri: undefined, language: undefined };
  return {
    track: { trackId, audioUri: `${trackId}.mp3`, ...empty, extra: {} },
    ...(algorithms === undefined ? {} : { algorithms }),
  };
}

test('decompressed, the plan is the accepted rows as one CSV', async () => {
  const tracks = Array.from({ length: 25 }, (_, index) => [track(`t${index}`), 4] as const);
  const { plan, shards } = await packed(tracks, ['track_id', 'audio_uri']);
  expect(shards).toBe(13);
  const chunks = await Array.fromAsync(decompressZstd(Readable.from([plan])));
  const rows = tracks.map(([planned]) => csvRecord([planned.track.trackId, planned.track.audioUri]));
  expect(Buffer.concat(chunks).toString()).toBe(`track_id,audio_uri\n${rows.join('')}`);
});

test('the same tracks give the same plan', async () => {
  const tracks = Array.from({ length: 200 }, (_, index) => [track(`t${index}`), 4] as const);
  const first = await packed(tracks, ['track_id', 'audio_uri']);
  expect(await packed(tracks, ['track_id', 'audio_uri'])).toEqual(first);
});

test('the plan of a retry says which algorithms each track is wanted for', async () => {
  const header = retryHeader(['track_id', 'audio_uri']);
  expect(retryHeader(header)).toEqual(header);
  const tracks = [track('a', ['chorus', 'pitch']), track('b'), track('c', ['pitch'])];
  const { plan, table } = await packed(
    tracks.map((planned) => [planned, 1] as const),
    header,
  );
  const entry = readShardEntry(range(table, shardEntryRange(0)));
  expect(decodeFrame(range(plan, entry.frame), header, 3)).toStrictEqual(tracks);
  expect(encodePlannedTrack(track('a', ['chorus', 'pitch']), header)).toBe('a,a.mp3,chorus pitch\n');
});

test('a frame that is damaged, or not the one that its entry means, is an error', async () => {
  const header = ['track_id', 'audio_uri'];
  const { plan, table } = await packed(
    [
      [track('a'), 1],
      [track('b'), 1],
    ],
    header,
  );
  const entry = readShardEntry(range(table, shardEntryRange(0)));
  const frame = range(plan, entry.frame);
  expect(() => decodeFrame(frame, header, 3)).toThrow("the plan's frame holds 2 rows where its entry says 3");
  expect(() => decodeFrame(frame, [...header, 'title'], 2)).toThrow(
    'a row of the plan has 2 fields where its header has 3',
  );
  const damaged = Buffer.from(frame);
  damaged[damaged.length - 6] = (damaged.at(-6) ?? 0) ^ 1;
  expect(() => decodeFrame(damaged, header, 2)).toThrow();
});

test('a table of another kind or size is an error', async () => {
  const { table } = await packed([[track('a'), 1]], ['track_id', 'audio_uri']);
  expect(() => readShardTableHeader(Buffer.alloc(16))).toThrow('not a shard table');
  const future = Buffer.from(range(table, SHARD_TABLE_HEADER_RANGE));
  future.writeUInt32LE(2, 4);
  expect(() => readShardTableHeader(future)).toThrow('a shard table of schema 2: only 1 is read');
  expect(() => readShardEntry(range(table, shardEntryRange(1)))).toThrow(
    'gives 0 bytes where 32 are expected',
  );
});
