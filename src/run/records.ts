/**
 * The records of a run as they stand in the store. Each is a member of a union by `kind` with
 * `schema: 1`; record-codec.ts writes them and reads them back, validated.
 */
import type { Encoding } from '../algorithms/algorithm.ts';

/** An algorithm as results are keyed by it. */
export interface AlgorithmRef {
  readonly name: string;
  readonly version: string;
}

/** What decides the results of a run, and how it is worked. */
export interface RunSettings {
  readonly algorithms: readonly AlgorithmRef[];
  /** The renditions of transcode, where it runs. */
  readonly ladder?: readonly Encoding[] | undefined;
  /** CPU seconds of work that a shard aims at. */
  readonly shardSeconds: number;
  /** Seconds of work between commits. */
  readonly checkpointSeconds: number;
  readonly maxSourceBytes: number;
  readonly maxDurationSeconds: number;
}

/** What an object is, for whoever reads it later: a record that names an object which cannot check itself carries one. */
export interface ObjectDigest {
  readonly bytes: number;
  /** Of all its bytes, hex. */
  readonly sha256: string;
}

/** The files of a plan. */
export interface PlanFiles {
  /** The accepted rows, manifest.csv.zst. */
  readonly rows: ObjectDigest;
  /** shards.bin. */
  readonly shardTable: ObjectDigest;
}

/** The run's specification: created once, when its plan is complete. */
export interface RunRecord {
  readonly schema: 1;
  readonly kind: 'run';
  readonly run: string;
  /** ISO 8601, UTC, as are all times. */
  readonly createdAt: string;
  /** The version of backfill that planned it. */
  readonly tool: string;
  readonly settings: RunSettings;
  readonly manifest: {
    /** As the user named it. */
    readonly name: string;
    /** The absolute folder that relative paths start from, on the machine that planned. */
    readonly base: string;
    readonly sha256: string;
    readonly header: readonly string[];
    readonly rows: number;
    readonly accepted: number;
    readonly rejected: number;
  };
  readonly plan: {
    readonly shards: number;
    readonly weightSeconds: number;
    readonly audioSeconds: number;
    /** Absent in runs of backfill 0.1.0. */
    readonly files?: (PlanFiles & { readonly rejected: ObjectDigest }) | undefined;
  };
  /** Where it is to be worked, unless a later command says otherwise; absent: on the machine of the command. */
  readonly target?: BatchTarget | undefined;
}

/** What handing shards to AWS Batch takes: settled once, and the same for every job of a submission. */
export interface BatchTarget {
  /** Of the queues, so that any machine asks the right region. */
  readonly region: string;
  /** Spot, as a rule. */
  readonly queue: string;
  /** Where shards go that were reclaimed too often: on-demand, as a rule. */
  readonly fallbackQueue?: string | undefined;
  /** A job definition's name, whose newest revision is taken; or `name:revision`. */
  readonly definition: string;
  /** Children of an array job, at most. */
  readonly arraySize: number;
  /** A child that is reclaimed so often on `queue` is not started there again. */
  readonly reclaims: number;
  /** MiB for each worker, where it is not what the definition says. */
  readonly memoryMiB?: number | undefined;
  /** For queues with fair-share scheduling. */
  readonly shareIdentifier?: string | undefined;
}

/** The record of a retry's plan: created once, when that plan is complete. */
export interface GenerationRecord {
  readonly schema: 1;
  readonly kind: 'generation';
  readonly run: string;
  /** From 1; the run's own plan is generation 0. */
  readonly generation: number;
  /** The folder of its plan. Unique, so that two who plan at one moment do not mix their plans. */
  readonly plan: string;
  readonly createdAt: string;
  /** Shards of this generation are numbered from here. */
  readonly firstShard: number;
  readonly shards: number;
  readonly tracks: number;
  /** The failures that are worked again: how many by algorithm and code. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly weightSeconds: number;
  /** Absent in runs of backfill 0.1.0. */
  readonly files?: PlanFiles | undefined;
}

/** One handing of shards to an executor. */
export interface SubmissionRecord {
  readonly schema: 1;
  readonly kind: 'submission';
  readonly run: string;
  /** From 1. */
  readonly submission: number;
  readonly createdAt: string;
  /** `escalate`: shards that a submission before could not finish go on elsewhere, or with more memory. */
  readonly reason: 'run' | 'resume' | 'retry-failed' | 'escalate';
  /** How many shards. */
  readonly shards: number;
  /** Which ones, by array index. Absent in runs of backfill 0.1.0. */
  readonly table?: ObjectDigest | undefined;
  readonly executor: LocalExecution | BatchExecution;
}

/** Workers are child processes of this process. */
export interface LocalExecution extends ProcessAddress {
  readonly kind: 'local';
  readonly concurrency: number;
}

/** Workers are children of array jobs of AWS Batch; array-jobs.ts says which child works which shard. */
export interface BatchExecution {
  readonly kind: 'batch';
  readonly target: BatchTarget;
  /** The queue that was used: the target's, or its fallback. */
  readonly queue: string;
  /** The revision that was used: `name:revision`. */
  readonly definition: string;
  /** MiB for each worker; undefined: as the definition says. */
  readonly memoryMiB?: number | undefined;
  /** Whether that is more than a submission before gave, which ran out of it. */
  readonly escalatedMemory?: boolean | undefined;
}

/**
 * One job of a submission: `intended` before it is submitted, so that no crash between leaves a job that
 * nobody knows; changed by compare-and-swap, so that one claimant alone submits it.
 */
export interface JobRecord {
  readonly schema: 1;
  readonly kind: 'job';
  readonly run: string;
  readonly submission: number;
  /** Which job of the submission, from 0. */
  readonly job: number;
  readonly state: 'intended' | 'submitted';
  /** Whose intent it is. */
  readonly claim: string;
  /** Batch's id of it, once known. */
  readonly jobId?: string | undefined;
  readonly updatedAt: string;
}

/**
 * A process, as long as it lives. Its number alone names many: every container counts from 1, and numbers are given
 * again. The optional fields say which one it is, where the system tells them; records of before do not have them.
 */
export interface ProcessAddress {
  readonly host: string;
  readonly process: number;
  /** When it was started: clock ticks after the boot (Linux), a date (macOS). */
  readonly started?: string | undefined;
  /** Linux: the boot of the machine, by the kernel's own id of it. */
  readonly boot?: string | undefined;
  /** Linux: the PID namespace in which `process` counts, by its inode. The inode of one that is gone is used again. */
  readonly namespace?: string | undefined;
  /** Linux: when the first process of that namespace was started, as `started` is. */
  readonly namespaceStarted?: string | undefined;
}

/** How a submission ended, where its executor lived to say so. */
export interface EndedRecord {
  readonly schema: 1;
  readonly kind: 'ended';
  readonly run: string;
  readonly submission: number;
  readonly endedAt: string;
  readonly outcome: 'finished' | 'interrupted' | 'cancelled' | 'gave-up';
  /** Shards that could not be finished, and what their workers said last. */
  readonly gaveUp: readonly { readonly shard: number; readonly reason: string }[];
}

/** One algorithm's outcomes in a shard. */
export interface OutcomeCounts {
  readonly succeeded: number;
  /** By failure code. */
  readonly failed: Readonly<Record<string, number>>;
}

/** What a worker's hard end is put down to. */
export type CrashCause = 'crashed' | 'out-of-memory' | 'timeout';

/** A row that was in flight at hard crashes. */
export interface Strike {
  readonly row: number;
  readonly crashes: number;
  /** Of the last one. */
  readonly cause: CrashCause;
}

/** A shard's commit record; checkpoint.ts has its transitions. */
export interface Checkpoint {
  readonly schema: 1;
  readonly kind: 'checkpoint';
  readonly run: string;
  readonly shard: number;
  /** Who holds the shard. An attempt that finds another's name here has been replaced. */
  readonly attempt: string;
  /** The machine and process that it runs in. */
  readonly holder: ProcessAddress;
  /** How many attempts have held the shard. */
  readonly attempts: number;
  /** How many of them came after one whose machine was taken away. */
  readonly reclaims?: number | undefined;
  /**
   * `running`: an attempt holds it, or died without a word. `drained`: its attempt left in good order.
   * `complete`: all rows are in parts. `finished`: the results are published and the parts are gone.
   */
  readonly state: 'running' | 'drained' | 'complete' | 'finished';
  readonly rows: number;
  /** Rows before this one are committed. */
  readonly next: number;
  /** Names of the committed parts, in the order of their rows. */
  readonly parts: readonly string[];
  readonly counts: Readonly<Record<string, OutcomeCounts>>;
  /** The row that careful mode noted before it started it. */
  readonly noted?: number | undefined;
  /** Only of rows from `next` on. */
  readonly strikes: readonly Strike[];
  /** Seconds that attempts have worked for the committed rows. */
  readonly workSeconds: number;
  readonly updatedAt: string;
}

export type StoredRecord =
  | RunRecord
  | GenerationRecord
  | SubmissionRecord
  | JobRecord
  | EndedRecord
  | Checkpoint;
