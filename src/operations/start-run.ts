import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { BackfillError, usageError } from '../errors.ts';
import { openManifestSource } from '../manifest/open-source.ts';
import { openManifest } from '../manifest/read-manifest.ts';
import { PLAN_MANIFEST_FILE, PLAN_SHARDS_FILE } from '../plan/packed-plan.ts';
import { type PlanTotals, planManifest } from '../plan/plan-manifest.ts';
import { PLAN_REJECTED_FILE, type RejectionLimit } from '../plan/rejections.ts';
import { RUN_PLAN, planKey, rejectedKey, runKey, shardTableKey } from '../run/keys.ts';
import { digestFile } from '../run/object-digest.ts';
import { encodeRecord } from '../run/record-codec.ts';
import type { BatchTarget, RunRecord, RunSettings } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { isOutOfSpace } from '../system-failures.ts';
import { makeTemporaryFolder, temporaryFolderFailure } from '../temporary-folder.ts';
import { listRunIds, readRunRecord } from './runs.ts';
import { readShardStates } from './shard-states.ts';

/** Unfinished runs are looked for among so many of the newest. */
const RECENT_RUNS = 50;

export interface PlanRunOptions {
  /** A path, or `-` for stdin. */
  readonly manifestPath: string;
  readonly workingDirectory: string;
  readonly stdin: Readable;
  readonly algorithms: readonly Algorithm[];
  readonly shardSeconds: number | undefined;
  readonly parallelism: number | undefined;
  readonly maxRejected: RejectionLimit;
  readonly signal?: AbortSignal | undefined;
}

/** A plan in a scratch folder: nothing is stored yet. */
export interface DraftPlan {
  readonly directory: string;
  /** What relative paths of the manifest start from. */
  readonly base: string;
  readonly totals: PlanTotals;
  /** The rejected rows with their reasons, as CSV. */
  rejectedCsv(): Promise<string>;
  /** Removes the scratch folder. */
  discard(): Promise<void>;
}

/** Reads, checks and cuts a manifest into a scratch folder. The caller discards it. */
export async function draftPlan(options: PlanRunOptions): Promise<DraftPlan> {
  const directory = await makeTemporaryFolder('backfill-scratch-plan-');
  const discard = () => rm(directory, { recursive: true, force: true });
  try {
    const source = await openManifestSource(options.manifestPath, options.workingDirectory, options.stdin);
    const manifest = await openManifest(source);
    const totals = await planManifest({ ...options, manifest, scratchDirectory: directory });
    const rejectedCsv = () => readFile(join(directory, PLAN_REJECTED_FILE), 'utf8');
    return { directory, base: source.base, totals, rejectedCsv, discard };
  } catch (error) {
    const failure = isOutOfSpace(error) ? temporaryFolderFailure(error, directory) : error;
    await discard();
    throw failure;
  }
}

/**
 * Stores a draft as a new run: the plan first, the run's record last, which makes it one.
 * @throws BackfillError `unfinished-run` where the same manifest with the same settings is under way
 */
export async function createRun(
  store: ObjectStore,
  draft: DraftPlan,
  options: {
    readonly manifestName: string;
    readonly settings: Omit<RunSettings, 'shardSeconds'>;
    /** Where it is to be worked, if not on this machine. */
    readonly target?: BatchTarget | undefined;
    readonly tool: string;
    /** What commands that are named to the user need to find the store: ` --store X`. */
    readonly storeHint: string;
    /** Start even where an unfinished run does the same. */
    readonly evenIfUnfinished: boolean;
    readonly now: Date;
  },
): Promise<RunRecord> {
  const { totals, base, directory } = draft;
  const run = newRunId(options.now);
  const record: RunRecord = {
    schema: 1,
    kind: 'run',
    run,
    createdAt: options.now.toISOString(),
    tool: options.tool,
    settings: { ...options.settings, shardSeconds: totals.shardSeconds },
    manifest: {
      name: options.manifestName,
      base,
      sha256: totals.digest,
      header: totals.header,
      rows: totals.rows,
      accepted: totals.accepted,
      rejected: totals.rejected,
    },
    plan: {
      shards: totals.shards,
      weightSeconds: totals.weightSeconds,
      audioSeconds: totals.audioSeconds,
      files: {
        rows: await digestFile(join(directory, PLAN_MANIFEST_FILE)),
        shardTable: await digestFile(join(directory, PLAN_SHARDS_FILE)),
        rejected: await digestFile(join(directory, PLAN_REJECTED_FILE)),
      },
    },
    ...(options.target === undefined ? {} : { target: options.target }),
  };
  if (!options.evenIfUnfinished) await refuseRepetition(store, record, options.storeHint);
  await store.putFile(planKey(run, RUN_PLAN), join(directory, PLAN_MANIFEST_FILE));
  await store.putFile(rejectedKey(run), join(directory, PLAN_REJECTED_FILE));
  await store.putFile(shardTableKey(run, RUN_PLAN), join(directory, PLAN_SHARDS_FILE));
  await store.put(runKey(run), encodeRecord(record), { ifNoneMatch: '*' });
  if (options.evenIfUnfinished) return record;
  try {
    // Somebody may have started the same at this moment. Each sees the other here, or one does: who sees gives way.
    await refuseRepetition(store, record, options.storeHint);
  } catch (error) {
    await store.delete(runKey(run));
    throw usageError(
      'unfinished-run',
      `the same work was started elsewhere at this moment, and is not finished`,
      {
        cause: error,
        hint: `backfill status${options.storeHint} tells whether it goes on; if it does not, start once more`,
      },
    );
  }
  return record;
}

/** `20261121-041128-k79e3`: sorts by time to the millisecond (two digits in base 36); the rest is random. */
function newRunId(now: Date): string {
  const seconds = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const milliseconds = now.getUTCMilliseconds().toString(36).padStart(2, '0');
  return `${seconds}-${milliseconds}${randomBytes(2).toString('hex').slice(0, 3)}`;
}

async function refuseRepetition(store: ObjectStore, wanted: RunRecord, storeHint: string): Promise<void> {
  const key = identityOf(wanted);
  const recent = (await listRunIds(store)).slice(-RECENT_RUNS).toReversed();
  // A run that is damaged is no reason not to start another one; commands that read it say so.
  const records = recent.map((id) => readRunRecord(store, id).catch(undefinedIfDamaged));
  for (const found of await Promise.all(records)) {
    if (found === undefined || found.run === wanted.run || identityOf(found) !== key) continue;
    const { finished } = await readShardStates(store, found.run);
    // Retries of a finished run are its own affair: what counts is the run's own plan.
    const open = Array.from({ length: found.plan.shards }, (_, shard) => shard).some(
      (shard) => !finished.has(shard),
    );
    if (!open) continue;
    throw usageError(
      'unfinished-run',
      `run ${found.run} of the same manifest with the same settings is not finished`,
      {
        hint: `backfill resume ${found.run}${storeHint} goes on with it; backfill run --new starts another one`,
      },
    );
  }
}

function undefinedIfDamaged(error: unknown): undefined {
  if (!(error instanceof BackfillError) || error.code !== 'store-damaged') throw error;
}

/** What makes two runs the same work. */
function identityOf({ manifest, settings }: RunRecord): string {
  return JSON.stringify([manifest.sha256, manifest.base, settings.algorithms, settings.ladder ?? null]);
}
