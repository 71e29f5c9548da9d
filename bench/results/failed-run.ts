/**
 * A run of any number of shards in a folder store, all of them finished, with failures in every one. The pieces of
 * the plan and the files of failures are those of some hundred shards, over and over: what is read, decompressed and
 * decoded is as much as if every shard had its own, and storing it takes a minute instead of ten.
 */
import { appendFile, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { PLAN_MANIFEST_FILE, PLAN_SHARDS_FILE, PackedPlanWriter } from '../../src/plan/packed-plan.ts';
import {
  encodeShardEntry,
  encodeShardTableHeader,
  readShardTable,
  readShardTableHeader,
} from '../../src/plan/shard-table.ts';
import { FAILURE_COLUMNS } from '../../src/results/failure-columns.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import { RUN_PLAN, donePrefix, failuresKey, planKey, runKey, shardTableKey } from '../../src/run/keys.ts';
import { encodeRecord } from '../../src/run/record-codec.ts';
import { runRecord } from '../../test/run/run-record.ts';

export const FAILED_RUN = '20261121-031500-failed';
const HEADER = ['track_id', 'audio_uri', 'duration_s', 'lyrics_uri', 'language'];
const DISTINCT_SHARDS = 300;
const WORK_SECONDS = 840;

/** Codes of failures, and what each is about, as a worker words it. */
const FAILURES = [
  { code: 'timeout', transient: true, message: 'the track took longer than its time: 600 s' },
  { code: 'fetch-failed', transient: true, message: 'reading s3://masters/catalogue failed: 503 SlowDown' },
  { code: 'decode-failed', transient: false, message: 'ffmpeg: Invalid data found when processing input' },
  { code: 'too-short', transient: false, message: 'the track lasts 2.1 s: 3 s are needed' },
];

export interface FailedRunSize {
  readonly shards: number;
  readonly rowsPerShard: number;
  readonly failuresPerShard: number;
}

/** Stores the run in `folder`. */
export async function storeFailedRun(folder: string, size: FailedRunSize): Promise<void> {
  const pathOf = (key: string): string => join(folder, key);
  const distinct = Math.min(DISTINCT_SHARDS, size.shards);
  await mkdir(dirname(pathOf(planKey(FAILED_RUN, RUN_PLAN))), { recursive: true });
  await storePlan(pathOf, distinct, size);
  await mkdir(dirname(pathOf(failuresKey(FAILED_RUN, 0))), { recursive: true });
  await mkdir(pathOf(donePrefix(FAILED_RUN)), { recursive: true });
  for (let shard = 0; shard < distinct; shard += 1) {
    await writeFile(pathOf(failuresKey(FAILED_RUN, shard)), failuresFile(shard, size));
  }
  for (let shard = 0; shard < size.shards; shard += 1) {
    if (shard >= distinct) {
      await link(pathOf(failuresKey(FAILED_RUN, shard % distinct)), pathOf(failuresKey(FAILED_RUN, shard)));
    }
    await writeFile(pathOf(markerKey(shard, size)), '');
  }
  const { shards, rowsPerShard } = size;
  const rows = shards * rowsPerShard;
  const record = runRecord({
    run: FAILED_RUN,
    algorithms: selectAlgorithms(['fingerprint']),
    header: HEADER,
    rows,
    plan: { shards, weightSeconds: shards * 900, audioSeconds: rows * 240 },
  });
  await writeFile(pathOf(runKey(FAILED_RUN)), encodeRecord(record));
}

function trackId(shard: number, row: number): string {
  return `QZ${String(shard).padStart(6, '0')}-${String(row).padStart(6, '0')}`;
}

async function storePlan(
  pathOf: (key: string) => string,
  distinct: number,
  { shards, rowsPerShard }: FailedRunSize,
): Promise<void> {
  const scratch = pathOf('plan-of-distinct-shards');
  await mkdir(scratch);
  const limits = { targetSeconds: Number.MAX_VALUE, maxRows: rowsPerShard, maxBytes: 2 ** 25 };
  const writer = await PackedPlanWriter.create(scratch, HEADER, limits);
  for (let index = 0; index < distinct * rowsPerShard; index += 1) {
    const id = trackId(Math.floor(index / rowsPerShard), index % rowsPerShard);
    const track = {
      trackId: id,
      audioUri: `s3://masters/catalogue/${id.slice(-2)}/${id}.flac`,
      durationSeconds: 120 + ((index * 7919) % 240),
      lyricsUri: `s3://masters/lyrics/${id}.lrc`,
      language: index % 3 === 0 ? 'ja' : 'ko',
      extra: {},
    };
    await writer.add({ track }, 1);
  }
  await writer.finish();
  const plan = await readFile(join(scratch, PLAN_MANIFEST_FILE));
  const table = await readFile(join(scratch, PLAN_SHARDS_FILE));
  const { headerFrame } = readShardTableHeader(table.subarray(0, 16));
  const entries = [...readShardTable(table)];
  const frames = plan.subarray(headerFrame.length);
  const [planPath, tablePath] = [
    pathOf(planKey(FAILED_RUN, RUN_PLAN)),
    pathOf(shardTableKey(FAILED_RUN, RUN_PLAN)),
  ];
  await writeFile(planPath, plan.subarray(0, headerFrame.length));
  await writeFile(tablePath, encodeShardTableHeader({ shards, headerFrame }));
  for (let first = 0; first < shards; first += distinct) {
    const some = entries.slice(0, shards - first);
    const shift = (first / distinct) * frames.length;
    const moved = some.map((entry) =>
      encodeShardEntry({ ...entry, frame: { ...entry.frame, offset: entry.frame.offset + shift } }),
    );
    await appendFile(planPath, frames);
    await appendFile(tablePath, Buffer.concat(moved));
  }
}

function failuresFile(shard: number, { rowsPerShard, failuresPerShard }: FailedRunSize): Uint8Array {
  const encoder = new ParquetEncoder({ columns: FAILURE_COLUMNS });
  for (let index = 0; index < failuresPerShard; index += 1) {
    const failure = FAILURES[index % FAILURES.length] ?? FAILURES[0];
    encoder.add({
      trackId: trackId(shard, Math.floor((index * rowsPerShard) / failuresPerShard) + (shard % 7)),
      sourceEtag: shard.toString(16).padStart(32, '7'),
      row: { algorithm: 'fingerprint', version: '1', ...failure },
    });
  }
  return encoder.finish();
}

function markerKey(shard: number, { rowsPerShard, failuresPerShard }: FailedRunSize): string {
  const failed: Record<string, number> = {};
  for (let index = 0; index < failuresPerShard; index += 1) {
    const code = FAILURES[index % FAILURES.length]?.code ?? '';
    failed[code] = (failed[code] ?? 0) + 1;
  }
  const counts = { fingerprint: { succeeded: rowsPerShard - failuresPerShard, failed } };
  return doneMarkerKey(FAILED_RUN, { shard, counts, workSeconds: WORK_SECONDS, reclaims: 0 });
}
