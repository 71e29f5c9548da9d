/**
 * A run that nobody has worked: its plan, and the markers, failures and results of its shards as workers
 * leave them, for whatever outcomes a test wants.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { FAILURE_MEANINGS, type FailureCode } from '../../src/failures.ts';
import { readGenerationShards, readShardTracks } from '../../src/operations/plans.ts';
import { type OpenRun, openRun } from '../../src/operations/runs.ts';
import { PLAN_MANIFEST_FILE, PLAN_SHARDS_FILE, PackedPlanWriter } from '../../src/plan/packed-plan.ts';
import type { Column, Row } from '../../src/results/columns.ts';
import { FAILURE_COLUMNS } from '../../src/results/failure-columns.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import type { StoredResult } from '../../src/results/stored-result.ts';
import { claim, commit, finish } from '../../src/run/checkpoint.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import { shardSpans } from '../../src/run/generations.ts';
import {
  RUN_PLAN,
  checkpointKey,
  doneMarkerPrefix,
  failuresKey,
  planKey,
  resultsKey,
  runKey,
  shardTableKey,
} from '../../src/run/keys.ts';
import { encodeRecord } from '../../src/run/record-codec.ts';
import type { OutcomeCounts } from '../../src/run/records.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { runRecord } from '../run/run-record.ts';

export const ALGORITHMS: ReturnType<typeof selectAlgorithms> = selectAlgorithms([
  'fingerprint',
  'romanisation',
]);
const RUN = '20261121-031500-worked';
const HEADER = ['track_id', 'audio_uri'];

/** What a shard came to: by track and algorithm the code of a failure, undefined for a success. */
export interface WorkedShard {
  readonly generation: number;
  readonly shard: number;
  readonly finished: boolean;
  readonly outcomes: readonly {
    readonly trackId: string;
    readonly algorithm: string;
    readonly code: string | undefined;
  }[];
}

export interface ShardFate {
  readonly finished: boolean;
  /** Whether its marker is without counts by algorithm, as one too long for a key is. */
  readonly shortMarker?: boolean;
}

/** Stores a run of so many shards and tracks a shard: `track-0`, `track-1`, ... */
export async function storeRun(
  store: ObjectStore,
  { shards, rows }: { readonly shards: number; readonly rows: number },
): Promise<OpenRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'backfill-test-plan-'));
  try {
    const limits = { targetSeconds: 1, maxRows: rows, maxBytes: 1e6 };
    const writer = await PackedPlanWriter.create(scratch, HEADER, limits);
    for (let i = 0; i < shards * rows; i++) {
      const track = {
        trackId: `track-${i}`,
        audioUri: `s3://masters/${i}.flac`,
        durationSeconds: undefined,
        lyricsUri: undefined,
        language: undefined,
        extra: {},
      };
      await writer.add({ track }, 0);
    }
    await writer.finish();
    await store.putFile(planKey(RUN, RUN_PLAN), join(scratch, PLAN_MANIFEST_FILE));
    await store.putFile(shardTableKey(RUN, RUN_PLAN), join(scratch, PLAN_SHARDS_FILE));
  } finally {
    await rm(scratch, { recursive: true });
  }
  const tracks = shards * rows;
  const record = runRecord({
    run: RUN,
    algorithms: ALGORITHMS,
    header: HEADER,
    rows: tracks,
    plan: { shards, weightSeconds: shards, audioSeconds: tracks },
  });
  await store.put(runKey(RUN), encodeRecord(record));
  return openRun(store, RUN);
}

/** Leaves the shards of a run's newest generation as workers would. */
export async function workNewestGeneration(
  store: ObjectStore,
  run: OpenRun,
  codeOf: (trackId: string, algorithm: string) => string | undefined,
  fateOf: (shard: number) => ShardFate = () => ({ finished: true }),
): Promise<WorkedShard[]> {
  const span = shardSpans(run.record, run.generations).at(-1);
  const worked: WorkedShard[] = [];
  for (const entry of span === undefined ? [] : await readGenerationShards(store, RUN, span)) {
    const tracks = await readShardTracks(store, run, entry);
    const outcomes = tracks.flatMap(({ track: { trackId }, algorithms }) =>
      (algorithms ?? ALGORITHMS.map(({ name }) => name)).map((algorithm) => ({
        trackId,
        algorithm,
        code: codeOf(trackId, algorithm),
      })),
    );
    const fate = fateOf(entry.shard);
    const shard = { ...fate, generation: entry.generation, shard: entry.shard, outcomes };
    worked.push(shard);
    await publish(store, shard, fate);
  }
  return worked;
}

/** An unfinished shard may have its files too: its worker died before it wrote the marker. */
async function publish(store: ObjectStore, { shard, outcomes }: WorkedShard, fate: ShardFate): Promise<void> {
  const counts: Record<string, OutcomeCounts & { succeeded: number; failed: Record<string, number> }> = {};
  const rows = new Map<string, { columns: readonly Column[]; results: StoredResult[] }>();
  for (const { trackId, algorithm: name, code } of outcomes) {
    const { version, columns } = algorithmOf(name);
    const count = (counts[name] ??= { succeeded: 0, failed: {} });
    const key = code === undefined ? resultsKey(RUN, name, version, shard) : failuresKey(RUN, shard);
    if (code === undefined) count.succeeded += 1;
    else count.failed[code] = (count.failed[code] ?? 0) + 1;
    const file = rows.get(key) ?? { columns: code === undefined ? columns : FAILURE_COLUMNS, results: [] };
    file.results.push({
      trackId,
      sourceEtag: null,
      row: code === undefined ? resultRow(name, trackId) : failureRow(name, version, code),
    });
    rows.set(key, file);
  }
  for (const [key, { columns, results }] of rows) {
    const encoder = new ParquetEncoder({ columns });
    for (const result of results) encoder.add(result);
    await store.put(key, encoder.finish());
  }
  if (!fate.finished) return;
  const at = { run: RUN, shard, rows: outcomes.length, now: '2026-11-21T03:30:00.000Z' };
  const { checkpoint } = claim({
    previous: undefined,
    ...at,
    attempt: 'a1',
    holder: { host: 'worker', process: 1 },
    crash: undefined,
    previousLives: false,
  });
  const progress = { next: at.rows, part: undefined, counts, workSeconds: 840, drained: false, now: at.now };
  await store.put(checkpointKey(RUN, shard), encodeRecord(finish(commit(checkpoint, progress), at.now)));
  const full = doneMarkerKey(RUN, { shard, counts, workSeconds: 840, reclaims: 0 });
  const prefix = doneMarkerPrefix(RUN, shard);
  const [succeeded, failed] = full.slice(prefix.length).split('-');
  const key = fate.shortMarker === true ? `${prefix}${succeeded}-${failed}~840.0` : full;
  await store.put(key, new Uint8Array());
}

function algorithmOf(name: string): (typeof ALGORITHMS)[number] {
  const algorithm = ALGORITHMS.find((known) => known.name === name);
  if (algorithm === undefined) throw new Error(`${name} is no algorithm of this run`);
  return algorithm;
}

function resultRow(algorithm: string, trackId: string): Row {
  return algorithm === 'fingerprint'
    ? { fingerprint: new TextEncoder().encode(trackId), duration_s: 1 }
    : { language: 'ja', system: 'hepburn', lines: [], lrc: trackId };
}

function failureRow(algorithm: string, version: string, code: string): Row {
  const transient = FAILURE_MEANINGS[code as FailureCode]?.transient ?? true;
  return { algorithm, version, code, transient, message: `it is ${code}` };
}
