import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openManifest } from '../../src/manifest/read-manifest.ts';
import { PLAN_MANIFEST_FILE, PLAN_SHARDS_FILE } from '../../src/plan/packed-plan.ts';
import { decodeFrame } from '../../src/plan/plan-rows.ts';
import { type PlanOptions, type PlanTotals, planManifest } from '../../src/plan/plan-manifest.ts';
import { PLAN_REJECTED_FILE } from '../../src/plan/rejections.ts';
import { readShardTable } from '../../src/plan/shard-table.ts';
import { trackWeight, type WeighedAlgorithm } from '../../src/plan/weights.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-planning-'));
});
afterEach(() => rm(folder, { recursive: true }));

const algorithms: readonly WeighedAlgorithm[] = [
  { input: { kind: 'encodings' }, cost: { perTrackSeconds: 0.9, perAudioSecond: 0.008 } },
];

async function plan(csv: string, options: Partial<PlanOptions> = {}): Promise<PlanTotals> {
  const manifest = await openManifest({ name: 'm.csv', chunks: Readable.from([Buffer.from(csv)]) });
  return planManifest({
    manifest,
    algorithms,
    maxRejected: { fraction: 0.01 },
    scratchDirectory: folder,
    ...options,
  });
}

function csvOf(rows: readonly string[]): string {
  return ['track_id,audio_uri,duration_s', ...rows, ''].join('\n');
}

async function rejectedRows(): Promise<string[][]> {
  return parse(await readFile(join(folder, PLAN_REJECTED_FILE)));
}

test('a manifest becomes shards, and totals that add up', async () => {
  const rows = Array.from(
    { length: 1000 },
    (_, index) => `t${index},${index}.mp3,${index % 10 === 0 ? '' : 100}`,
  );
  const totals = await plan(csvOf(rows), { shardSeconds: 60 });
  expect(totals).toMatchObject({
    rows: 1000,
    accepted: 1000,
    rejected: 0,
    unknownDurations: 100,
    shardSeconds: 60,
  });
  expect(totals.audioSeconds).toBe(900 * 100 + 100 * 240);
  const weights = [100, 240].map((durationSeconds) => trackWeight({ durationSeconds, algorithms }));
  expect(totals.weightSeconds).toBeCloseTo(900 * (weights[0] ?? 0) + 100 * (weights[1] ?? 0), 6);

  const frames = await readFile(join(folder, PLAN_MANIFEST_FILE));
  const entries = [...readShardTable(await readFile(join(folder, PLAN_SHARDS_FILE)))];
  expect(entries.length).toBe(totals.shards);
  const tracks = entries.flatMap(({ frame, rows: count }) =>
    decodeFrame(frames.subarray(frame.offset, frame.offset + frame.length), totals.header, count),
  );
  expect(tracks.map(({ track }) => track.trackId)).toEqual(rows.map((_, index) => `t${index}`));
});

test('a local run gets about four shards a core, a rented one shards of the default size', async () => {
  const rows = Array.from({ length: 400 }, (_, index) => `t${index},${index}.mp3,100`);
  const local = await plan(csvOf(rows), { parallelism: 2 });
  expect(local.shards).toBeGreaterThanOrEqual(8);
  expect(local.shards).toBeLessThanOrEqual(9);
  expect((await plan(csvOf(rows))).shards).toBe(1);
});

test('rejected rows are written down with line, reason and row', async () => {
  const rows = ['a,a.mp3,', 'b,,', 'a,"a, b.mp3",', 'c,c.mp3,'];
  const totals = await plan(csvOf(rows), { maxRejected: { count: 2 } });
  expect(totals).toMatchObject({ rows: 4, accepted: 2, rejected: 2 });
  expect(totals.firstRejected.map(({ line }) => line)).toEqual([3, 4]);
  expect(totals.rejections).toEqual([
    { code: 'audio-uri-missing', rows: 1, lines: [3], reason: 'audio_uri is missing' },
    { code: 'track-id-repeated', rows: 1, lines: [4], reason: 'track_id repeats that of an earlier row' },
  ]);
  expect(await rejectedRows()).toEqual([
    ['line', 'reason', 'row'],
    ['3', 'audio_uri is missing', 'b,,'],
    ['4', 'track_id repeats that of an earlier row', 'a,"a, b.mp3",'],
  ]);
});

test('too many rejected rows stop the plan with the first of them in the message', async () => {
  const rows = Array.from({ length: 50 }, (_, index) =>
    index % 5 === 0 ? `,${index}.mp3,` : `t${index},${index}.mp3,`,
  );
  await expect(plan(csvOf(rows), { maxRejected: { fraction: 0.1 } })).rejects.toMatchObject({
    code: 'too-many-rejected',
    fault: 'usage',
    message: [
      '10 of 50 rows of m.csv are rejected, and 10 % may be:',
      '  10 track-id-missing: line 2: track_id is missing; also lines 7, 12, 17, 22, ...',
    ].join('\n'),
  });
  expect((await rejectedRows()).length).toBe(11);
  expect(await plan(csvOf(rows), { maxRejected: { fraction: 0.2 } })).toMatchObject({ rejected: 10 });
});

test('a count of allowed rejections stops the plan before the manifest is read to its end', async () => {
  let served = 0;
  const stream = Readable.from(
    (function* chunks() {
      yield Buffer.from('track_id,audio_uri\n');
      for (; served < 1000; served += 1) yield Buffer.from(',a.mp3\n'.repeat(100));
    })(),
  );
  const manifest = await openManifest({ name: 'm.csv', chunks: stream });
  const planning = planManifest({
    manifest,
    algorithms,
    maxRejected: { count: 150 },
    scratchDirectory: folder,
  });
  await expect(planning).rejects.toMatchObject({
    code: 'too-many-rejected',
    message: expect.stringMatching(/^(\d+) of the first \1 rows of m\.csv are rejected, and 150 may be:\n/),
  });
  expect(served).toBeLessThan(100);
});

test('without a track there is no plan', async () => {
  await expect(plan('track_id,audio_uri\n')).rejects.toMatchObject({
    code: 'no-tracks',
    fault: 'usage',
    message: 'm.csv holds no tracks: it has a header and no rows below it',
  });
  await expect(plan(csvOf([',a.mp3,']), { maxRejected: { fraction: 1 } })).rejects.toMatchObject({
    message:
      'm.csv holds no tracks: all of its rows are rejected:\n  1 track-id-missing: line 2: track_id is missing',
  });
});

test('planning can be aborted', async () => {
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(plan(csvOf(['a,a.mp3,']), { signal })).rejects.toThrow('stopped');
});

test('a plan of many megabytes holds every row as it stands, whichever way it was read', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => {
    const title = 'many words '.repeat(index % 9);
    return index % 1000 === 0
      ? `t${index},"a, b.mp3",1e2,"${title}"`
      : `t${index},s3://music/${index}.mp3,100,${title}`;
  });
  const totals = await plan(['track_id,audio_uri,duration_s,title', ...rows, ''].join('\n'), {
    shardSeconds: 600,
  });
  expect(totals).toMatchObject({ accepted: 60_000, withLocalFiles: 60, audioSeconds: 6_000_000 });
  const frames = await readFile(join(folder, PLAN_MANIFEST_FILE));
  const entries = [...readShardTable(await readFile(join(folder, PLAN_SHARDS_FILE)))];
  expect(entries.length).toBe(totals.shards);
  expect(entries.at(-1)?.frame).toMatchObject({
    offset: frames.length - (entries.at(-1)?.frame.length ?? 0),
  });
  const found = entries.flatMap(({ frame, rows: count }) =>
    decodeFrame(frames.subarray(frame.offset, frame.offset + frame.length), totals.header, count),
  );
  expect(
    found.map(({ track }) => [track.trackId, track.audioUri, track.durationSeconds, track.extra['title']]),
  ).toEqual(
    rows.map((_, index) => [
      `t${index}`,
      index % 1000 === 0 ? 'a, b.mp3' : `s3://music/${index}.mp3`,
      100,
      'many words '.repeat(index % 9),
    ]),
  );
});
