/** Runs in memory, made of records alone: shards in any state, without working a track. */
import { encodeShardEntry, encodeShardTableHeader } from '../../src/plan/shard-table.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import {
  RUN_PLAN,
  checkpointKey,
  endedKey,
  runKey,
  shardTableKey,
  submissionKey,
} from '../../src/run/keys.ts';
import { encodeRecord } from '../../src/run/record-codec.ts';
import type { Checkpoint, RunRecord, SubmissionRecord } from '../../src/run/records.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { ByteRange, StoredObject } from '../../src/store/object-store.ts';
import { runRecord } from '../run/run-record.ts';

export const RUN = '20261121-031500-shards';
export const ROWS = 1000;
const WEIGHT_SECONDS = 900;

/** Counts what is read from it. */
export class CountedStore extends MemoryStore {
  reads = 0;

  override get(key: string, options?: { range?: ByteRange; signal?: AbortSignal }): Promise<StoredObject> {
    this.reads += 1;
    return super.get(key, options);
  }
}

export interface StoredShard {
  /** Committed rows of {@link ROWS}; undefined: nobody has claimed it. */
  readonly next: number | undefined;
  /** Failed outcomes by code. */
  readonly failed?: Readonly<Record<string, number>>;
  readonly isFinished?: boolean;
  /** Whether a finished one has its marker. */
  readonly isMarked?: boolean;
  /** CPU seconds as planned. */
  readonly weightSeconds?: number;
}

/** Stores a run, and returns its record. */
export async function storeShards(store: MemoryStore, shards: readonly StoredShard[]): Promise<RunRecord> {
  const weights = shards.map(({ weightSeconds = WEIGHT_SECONDS }) => weightSeconds);
  const record = runRecord({
    run: RUN,
    algorithms: [{ name: 'pitch', version: '1' }],
    header: ['track_id', 'audio_uri'],
    rows: ROWS * shards.length,
    plan: {
      shards: shards.length,
      weightSeconds: weights.reduce((sum, weight) => sum + weight, 0),
      audioSeconds: 1,
    },
  });
  await store.put(runKey(RUN), encodeRecord(record));
  const header = encodeShardTableHeader({
    shards: shards.length,
    headerFrame: { offset: 0, length: 20 },
  });
  const entries = weights.map((weightSeconds, index) =>
    encodeShardEntry({
      frame: { offset: 20 + 100 * index, length: 100 },
      rows: ROWS,
      weightSeconds,
      heaviestTrackSeconds: weightSeconds,
    }),
  );
  await store.put(shardTableKey(RUN, RUN_PLAN), Buffer.concat([header, ...entries]));
  for (const [shard, { next, failed = {}, isFinished = false, isMarked = true }] of shards.entries()) {
    if (next === undefined) continue;
    const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
    const checkpoint: Checkpoint = {
      schema: 1,
      kind: 'checkpoint',
      run: RUN,
      shard,
      attempt: `attempt-${shard}`,
      holder: { host: 'elsewhere', process: 7 },
      attempts: 1,
      state: isFinished ? 'finished' : 'running',
      rows: ROWS,
      next,
      parts: [],
      counts: { pitch: { succeeded: next - failures, failed } },
      strikes: [],
      workSeconds: next,
      updatedAt: record.createdAt,
    };
    await store.put(checkpointKey(RUN, shard), encodeRecord(checkpoint));
    if (isFinished && isMarked) await store.put(doneMarkerKey(RUN, checkpoint), new Uint8Array());
  }
  return record;
}

/**
 * Stores a submission to this machine.
 * @param seconds that it took; undefined: its end is not recorded
 */
export async function storeSubmission(
  store: MemoryStore,
  submission: number,
  seconds: number | undefined,
  host: string,
): Promise<void> {
  const began = Date.UTC(2026, 10, 21, 3, submission);
  const record: SubmissionRecord = {
    schema: 1,
    kind: 'submission',
    run: RUN,
    submission,
    createdAt: new Date(began).toISOString(),
    reason: submission === 1 ? 'run' : 'resume',
    shards: 1,
    executor: { kind: 'local', host, process: 1, concurrency: 3 },
  };
  await store.put(submissionKey(RUN, submission), encodeRecord(record));
  if (seconds === undefined) return;
  await store.put(
    endedKey(RUN, submission),
    encodeRecord({
      schema: 1,
      kind: 'ended',
      run: RUN,
      submission,
      endedAt: new Date(began + seconds * 1000).toISOString(),
      outcome: 'interrupted',
      gaveUp: [],
    }),
  );
}
