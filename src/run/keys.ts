/** Every key of the store is built here. The operating guide shows the layout. */
import { createHash } from 'node:crypto';

/** Where all runs are. */
export const RUNS_PREFIX = 'runs/';

/** The run that a rolled-up listing entry below {@link RUNS_PREFIX} stands for. */
export function runIdOfPrefix(prefix: string): string {
  return prefix.slice(RUNS_PREFIX.length, -1);
}

/** All that belongs to one run. */
export function runPrefix(runId: string): string {
  return `${RUNS_PREFIX}${runId}/`;
}

/** The run's specification. */
export function runKey(runId: string): string {
  return `${runPrefix(runId)}run.json`;
}

/** The name of the run's own plan; those of retries are in their generations' records. */
export const RUN_PLAN = '';

function planPrefix(runId: string, plan: string): string {
  return `${runPrefix(runId)}plan/${plan === RUN_PLAN ? '' : `${plan}/`}`;
}

/** The accepted rows of a plan. */
export function planKey(runId: string, plan: string): string {
  return `${planPrefix(runId, plan)}manifest.csv.zst`;
}

/** The table of a plan's shards. */
export function shardTableKey(runId: string, plan: string): string {
  return `${planPrefix(runId, plan)}shards.bin`;
}

/** The rows that planning refused. */
export function rejectedKey(runId: string): string {
  return `${planPrefix(runId, RUN_PLAN)}rejected.csv`;
}

/** The record of a retry's plan, written when the plan is complete. Generations count from 1. */
export function generationKey(runId: string, generation: number): string {
  return `${planPrefix(runId, RUN_PLAN)}retry-${generation}.json`;
}

/** Where the records of submissions are. */
export function submissionsPrefix(runId: string): string {
  return `${runPrefix(runId)}submissions/`;
}

/** One handing of shards to an executor. */
export function submissionKey(runId: string, submission: number): string {
  return `${submissionsPrefix(runId)}${submission}.json`;
}

/** Which shards those were, by array index. */
export function submissionTableKey(runId: string, submission: number): string {
  return `${submissionsPrefix(runId)}${submission}.bin`;
}

/** One job of a submission to AWS Batch. */
export function jobKey(runId: string, submission: number, job: number): string {
  return `${submissionsPrefix(runId)}${submission}.job-${job}.json`;
}

/** How a submission ended, where its executor lived to say so. */
export function endedKey(runId: string, submission: number): string {
  return `${submissionsPrefix(runId)}${submission}.ended.json`;
}

/** Present when a submission was cancelled. */
export function cancelledKey(runId: string, submission: number): string {
  return `${submissionsPrefix(runId)}${submission}.cancelled`;
}

/** Which submission an object belongs to, if to any. */
export function submissionOfKey(
  runId: string,
  key: string,
):
  | {
      readonly submission: number;
      readonly isRecord: boolean;
      /** Whether it is only written after the record. */
      readonly followsRecord: boolean;
    }
  | undefined {
  const name = key.slice(submissionsPrefix(runId).length);
  const match = /^([1-9]\d{0,8})\.(?:(json)|(ended\.json|cancelled|job-\d+\.json)|bin)$/.exec(name);
  if (match === null) return undefined;
  const [, submission, record, follower] = match;
  return {
    submission: Number(submission),
    isRecord: record !== undefined,
    followsRecord: follower !== undefined,
  };
}

/** A shard's name in keys. Shards are numbered through all generations of a run. */
export function shardName(shard: number): string {
  return String(shard).padStart(6, '0');
}

/** Where the states of shards are. */
export function shardsPrefix(runId: string): string {
  return `${runPrefix(runId)}shards/`;
}

/** A shard's commit record. */
export function checkpointKey(runId: string, shard: number): string {
  return `${shardsPrefix(runId)}${shardName(shard)}/checkpoint.json`;
}

/** The shard that a rolled-up listing entry below {@link shardsPrefix} stands for, if it is one. */
export function shardOfPrefix(runId: string, prefix: string): number | undefined {
  const match = /^(\d{6,10})\/$/.exec(prefix.slice(shardsPrefix(runId).length));
  return match === null ? undefined : Number(match[1]);
}

/** Where a shard's parts are, whether a checkpoint names them or not. */
export function partsPrefix(runId: string, shard: number): string {
  return `${shardsPrefix(runId)}${shardName(shard)}/parts/`;
}

/** A part by the name that its checkpoint has for it. */
export function partKey(runId: string, shard: number, part: string): string {
  return `${partsPrefix(runId, shard)}${part}`;
}

/** Where one algorithm's results are; laid out as Hive partitions. */
export function resultsPrefix(runId: string, algorithm: string, version: string): string {
  return `${runPrefix(runId)}results/algorithm=${algorithm}/version=${version}/`;
}

/** One algorithm's results of a finished shard. */
export function resultsKey(runId: string, algorithm: string, version: string, shard: number): string {
  return `${resultsPrefix(runId, algorithm, version)}shard-${shardName(shard)}.parquet`;
}

/** The failures of a finished shard; absent where there are none. */
export function failuresKey(runId: string, shard: number): string {
  return `${runPrefix(runId)}failures/shard-${shardName(shard)}.parquet`;
}

/** Where the markers of finished shards are. */
export function donePrefix(runId: string): string {
  return `${runPrefix(runId)}done/`;
}

/** What the marker of one shard starts with. */
export function doneMarkerPrefix(runId: string, shard: number): string {
  return `${donePrefix(runId)}${shardName(shard)}-`;
}

/** Hex digits of a rendition's digest that stand in its key: 128 bits. */
const DIGEST_DIGITS = 32;

/**
 * The key of a rendition of a track. It names the bytes themselves: the same file made twice is the same object, and
 * another one, of another source or by another encoder, is another object, so that no run changes what a run before
 * has named. The folder begins with two digits of the id's hash, which spreads requests over S3's partitions, and
 * names the id as far as keys allow.
 */
export function mediaKey(rendition: {
  readonly algorithm: string;
  readonly version: string;
  readonly ladderDigest: string;
  readonly trackId: string;
  /** Of the file, hex. */
  readonly sha256: string;
  readonly fileName: string;
}): string {
  const digest = createHash('sha256').update(rendition.trackId).digest('hex');
  const legible = rendition.trackId.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 80);
  const folder = `${rendition.algorithm}-${rendition.version}-${rendition.ladderDigest}`;
  return `media/${folder}/${digest.slice(0, 2)}/${digest.slice(2, 22)}-${legible}/${rendition.sha256.slice(0, DIGEST_DIGITS)}/${rendition.fileName}`;
}
