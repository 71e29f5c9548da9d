/**
 * A run of any number of shards in the middle of its work, as the workers of AWS Batch would have left it in
 * the store: made of records alone, without working a track. Results and failures are left out.
 */
import { FAILURE_CODES } from '../../src/failures.ts';
import { type ShardEntry, encodeShardEntry, encodeShardTableHeader } from '../../src/plan/shard-table.ts';
import { type ArrayJob, cutArrayJobs } from '../../src/run/array-jobs.ts';
import { addCounts } from '../../src/run/checkpoint.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import {
  RUN_PLAN,
  cancelledKey,
  checkpointKey,
  endedKey,
  jobKey,
  partKey,
  runKey,
  shardTableKey,
  submissionKey,
  submissionTableKey,
} from '../../src/run/keys.ts';
import { encodeRecord } from '../../src/run/record-codec.ts';
import type {
  BatchTarget,
  Checkpoint,
  OutcomeCounts,
  RunRecord,
  SubmissionRecord,
} from '../../src/run/records.ts';
import { encodeSubmissionTable } from '../../src/run/submission-table.ts';
import { runRecord } from '../run/run-record.ts';

/** Of the submission that is under way. */
export const JOBS = 6;
const ROWS = 1000;
const ROWS_UNDER_WAY = 400;
const PARTS_UNDER_WAY = ['0-200-a1.jsonl.zst', '200-400-b2.jsonl.zst'];
const WORK_SECONDS = 840;
const WORK_SECONDS_UNDER_WAY = 330;
const HEADER_FRAME_BYTES = 60;
/** What a tenth of the shards has met in a bad corner of the catalogue: more than a file name has room for. */
const MANY_KINDS = FAILURE_CODES.filter((code) => code !== 'decode-failed').slice(0, 16);
const EMPTY = new Uint8Array();

export type ShardState = 'finished' | 'under-way' | 'waiting';

export interface StoredEntry {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/**
 * The run's first submission was cancelled when a twenty-fourth of the shards was finished; its second has
 * the others, in {@link JOBS} array jobs. By now five sixths of the shards have been started, and nine tenths
 * of those are finished.
 */
export class SyntheticRun {
  readonly run: string = '20261121-031500-scale';
  readonly shards: number;
  readonly target: BatchTarget;
  /** The second submission. */
  readonly submission: SubmissionRecord;
  /** Its jobs. The shard of an index of its table is {@link firstShard} + index. */
  readonly jobs: readonly ArrayJob[];
  readonly firstShard: number;

  constructor(shards: number) {
    this.shards = shards;
    this.firstShard = Math.floor(shards / 24);
    const resumed = shards - this.firstShard;
    this.target = {
      region: 'us-east-1',
      queue: 'backfill-spot',
      definition: 'backfill-all',
      arraySize: Math.ceil(resumed / JOBS),
      reclaims: 3,
    };
    this.jobs = cutArrayJobs(resumed, this.target.arraySize);
    this.submission = this.#submission(2, 'resume', resumed, '2026-11-21T04:00:00.000Z');
  }

  stateOf(shard: number): ShardState {
    if (shard >= (this.shards * 5) / 6) return 'waiting';
    return shard >= this.firstShard && shard % 10 === 9 ? 'under-way' : 'finished';
  }

  /** How many shards are in a state. */
  count(state: ShardState): number {
    return this.#shardsIn(state).length;
  }

  /** All committed outcomes of the shards in a state. */
  outcomes(state: 'finished' | 'under-way'): Record<string, OutcomeCounts> {
    let sum: Record<string, OutcomeCounts> = {};
    for (const shard of this.#shardsIn(state)) sum = addCounts(sum, this.#checkpoint(shard, state).counts);
    return sum;
  }

  /** Rows of the manifest, none of them rejected. */
  get rows(): number {
    return this.shards * ROWS;
  }

  /** What workers have taken for what is committed. */
  get workSeconds(): number {
    return this.count('finished') * WORK_SECONDS + this.count('under-way') * WORK_SECONDS_UNDER_WAY;
  }

  /** Committed work by the plan, 0 to 1: of the whole run. */
  get fraction(): number {
    const underWay = (this.count('under-way') * ROWS_UNDER_WAY) / ROWS;
    return (this.count('finished') + underWay) / this.shards;
  }

  /** Of the finished shards' workers: each of these was reclaimed once. */
  get reclaims(): number {
    return this.#shardsIn('finished').filter(wasReclaimed).length;
  }

  /**
   * All that the store holds.
   * @param jobIds of {@link jobs}
   */
  *entries(jobIds: readonly string[]): Generator<StoredEntry> {
    const { run, submission, shards } = this;
    yield { key: runKey(run), bytes: encodeRecord(this.#record()) };
    yield { key: shardTableKey(run, RUN_PLAN), bytes: this.#shardTable() };
    const first = this.#submission(1, 'run', shards, '2026-11-21T03:15:00.000Z');
    for (const record of [first, submission]) {
      const skipped = shards - record.shards;
      const table = Array.from({ length: record.shards }, (_, index) => ({
        shard: skipped + index,
        generation: 0,
        ...plannedShard(skipped + index),
      }));
      yield {
        key: submissionTableKey(run, record.submission),
        bytes: encodeSubmissionTable(table),
      };
      yield { key: submissionKey(run, record.submission), bytes: encodeRecord(record) };
    }
    for (const { job } of cutArrayJobs(shards, this.target.arraySize)) yield this.#job(1, job, `gone-${job}`);
    for (const [job, jobId] of jobIds.entries()) yield this.#job(2, job, jobId);
    yield { key: cancelledKey(run, 1), bytes: EMPTY };
    yield {
      key: endedKey(run, 1),
      bytes: encodeRecord({
        schema: 1,
        kind: 'ended',
        run,
        submission: 1,
        endedAt: '2026-11-21T03:45:00.000Z',
        outcome: 'cancelled',
        gaveUp: [],
      }),
    };
    for (const shard of this.#shardsIn('finished')) {
      const checkpoint = this.#checkpoint(shard, 'finished');
      yield { key: checkpointKey(run, shard), bytes: encodeRecord(checkpoint) };
      yield { key: doneMarkerKey(run, checkpoint), bytes: EMPTY };
    }
    for (const shard of this.#shardsIn('under-way')) {
      yield {
        key: checkpointKey(run, shard),
        bytes: encodeRecord(this.#checkpoint(shard, 'under-way')),
      };
      for (const part of PARTS_UNDER_WAY) yield { key: partKey(run, shard, part), bytes: EMPTY };
    }
  }

  #shardsIn(state: ShardState): number[] {
    const shards: number[] = [];
    for (let shard = 0; shard < this.shards; shard++) if (this.stateOf(shard) === state) shards.push(shard);
    return shards;
  }

  #checkpoint(shard: number, state: 'finished' | 'under-way'): Checkpoint {
    const rows = state === 'finished' ? ROWS : ROWS_UNDER_WAY;
    const damaged = shard % 4;
    const hasManyKinds = shard % 10 === 3;
    return {
      schema: 1,
      kind: 'checkpoint',
      run: this.run,
      shard,
      attempt: `attempt-${shard}`,
      holder: { host: 'ip-10-0-0-1', process: 7 },
      attempts: 1,
      state: state === 'finished' ? 'finished' : 'running',
      rows: ROWS,
      next: rows,
      parts: state === 'finished' ? [] : PARTS_UNDER_WAY,
      counts: {
        fingerprint: {
          succeeded: rows - damaged - (hasManyKinds ? MANY_KINDS.length : 0),
          failed: {
            ...(damaged === 0 ? {} : { 'decode-failed': damaged }),
            ...(hasManyKinds ? Object.fromEntries(MANY_KINDS.map((code) => [code, 1])) : {}),
          },
        },
        romanisation: { succeeded: rows - 10, failed: { 'no-lyrics': 10 } },
      },
      strikes: [],
      workSeconds: state === 'finished' ? WORK_SECONDS : WORK_SECONDS_UNDER_WAY,
      updatedAt: '2026-11-21T05:00:00.000Z',
      ...(state === 'finished' && wasReclaimed(shard) ? { reclaims: 1 } : {}),
    };
  }

  #shardTable(): Uint8Array {
    const headerFrame = { offset: 0, length: HEADER_FRAME_BYTES };
    const entries = Array.from({ length: this.shards }, (_, shard) => encodeShardEntry(plannedShard(shard)));
    return Buffer.concat([encodeShardTableHeader({ shards: this.shards, headerFrame }), ...entries]);
  }

  #record(): RunRecord {
    return {
      ...runRecord({
        run: this.run,
        algorithms: [
          { name: 'fingerprint', version: '1' },
          { name: 'romanisation', version: '1' },
        ],
        header: ['track_id', 'audio_uri', 'lyrics_uri', 'language'],
        rows: this.rows,
        plan: { shards: this.shards, weightSeconds: this.shards * 900, audioSeconds: this.rows * 200 },
      }),
      target: this.target,
    };
  }

  #submission(
    submission: number,
    reason: SubmissionRecord['reason'],
    shards: number,
    createdAt: string,
  ): SubmissionRecord {
    return {
      schema: 1,
      kind: 'submission',
      run: this.run,
      submission,
      createdAt,
      reason,
      shards,
      executor: {
        kind: 'batch',
        target: this.target,
        queue: this.target.queue,
        definition: `${this.target.definition}:1`,
      },
    };
  }

  #job(submission: number, job: number, jobId: string): StoredEntry {
    const bytes = encodeRecord({
      schema: 1,
      kind: 'job',
      run: this.run,
      submission,
      job,
      state: 'submitted',
      claim: 'claim',
      jobId,
      updatedAt: '2026-11-21T04:00:01.000Z',
    });
    return { key: jobKey(this.run, submission, job), bytes };
  }
}

function plannedShard(shard: number): ShardEntry {
  return {
    frame: { offset: HEADER_FRAME_BYTES + shard * 20_000, length: 20_000 },
    rows: ROWS,
    weightSeconds: 900,
    heaviestTrackSeconds: 2,
  };
}

function wasReclaimed(shard: number): boolean {
  return shard % 5 === 0;
}
