import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { donePrefix, resultsKey } from '../run/keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { type FinishedShard, finishedShards } from './finished-shards.ts';
import { OutcomeProof } from './outcome-proof.ts';
import { listResultFiles } from './read-results.ts';
import type { OpenRun } from './runs.ts';
import { type MediaCount, MediaProof } from './verify-media.ts';
import { planChecks } from './verify-plan.ts';
import { verifyShards } from './verify-shards.ts';

/** What {@link verifyRun} found. */
export interface Verification {
  readonly runId: string;
  /** Whether every row of the manifest is in exactly one state, and the store holds all that its records name. */
  readonly proven: boolean;
  /** Whether all bytes were read, those of renditions too. */
  readonly deep: boolean;
  readonly tracks: { readonly total: number; readonly accepted: number; readonly rejected: number };
  /** Outcomes as the results themselves have them. */
  readonly algorithms: Readonly<Record<string, { readonly succeeded: number; readonly failed: number }>>;
  /** Files that results name. */
  readonly renditions: MediaCount;
  readonly unfinishedShards: number;
  /** What is wrong, the first MAX_VIOLATIONS of outcome-proof.ts in words. */
  readonly violations: readonly string[];
  readonly violationCount: number;
}

/**
 * Proves that every row of the manifest is in exactly one state for each algorithm, and that the store holds what its
 * records and results name: reads every plan, the track ids of all results, all failures and rejected rows, and
 * compares; files that results name are looked for by listing. A retry must process outcomes that had failed, and leave
 * each with one outcome again. Memory: some shards, the failures that stand, and a 256th of the files that are named.
 *
 * @param deep whether all columns of results and all files that they name are read, and compared with their digests
 */
export async function verifyRun(
  store: ObjectStore,
  run: OpenRun,
  { deep }: { readonly deep: boolean },
): Promise<Verification> {
  const { record } = run;
  const proof = new OutcomeProof(record.settings.algorithms.map(({ name }) => name));
  const scratch = await mkdtemp(join(tmpdir(), 'backfill-scratch-verify-'));
  try {
    const media = new MediaProof(store, scratch, (message) => proof.violate(message));
    for (const check of planChecks(store, run, deep)) await proof.guard(check);
    const finished = new Map<number, FinishedShard>();
    for await (const shard of finishedShards(store, run)) finished.set(shard.shard, shard);
    for (const { shard, marked } of finished.values()) {
      if (marked) continue;
      proof.violate(
        `${donePrefix(record.run)} lacks the marker of shard ${shard}: backfill resume writes it again`,
      );
    }
    const files = await listPublished(store, run, finished, proof);
    const { accepted } = record.manifest;
    const { planned, unfinished } = await verifyShards(store, run, {
      finished,
      files,
      proof,
      media,
      deep,
    });
    if (planned !== accepted)
      proof.violate(`the plan holds ${planned} tracks, and ${accepted} rows were accepted`);
    if (unfinished > 0) proof.violate(`${unfinished} shards are not finished`);
    const renditions = await media.prove(deep);
    return {
      runId: record.run,
      proven: proof.violationCount === 0,
      deep,
      tracks: { total: record.manifest.rows, accepted, rejected: record.manifest.rejected },
      algorithms: proof.counts(),
      renditions,
      unfinishedShards: unfinished,
      violations: proof.violations,
      violationCount: proof.violationCount,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The sizes of result files by key; one that no shard of the run can have published is in everybody's way. */
async function listPublished(
  store: ObjectStore,
  { record }: OpenRun,
  finished: ReadonlyMap<number, FinishedShard>,
  proof: OutcomeProof,
): Promise<ReadonlyMap<string, number>> {
  const files = new Map<string, number>();
  for (const { name, version } of record.settings.algorithms) {
    const empty = new Set<string>();
    for (const { shard, counts } of finished.values()) {
      if ((counts[name]?.succeeded ?? 0) === 0) empty.add(resultsKey(record.run, name, version, shard));
    }
    for await (const { key, bytes } of listResultFiles(store, record.run, { name, version })) {
      files.set(key, bytes);
      if (empty.has(key) || !RESULTS_NAME.test(key)) {
        proof.violate(`${key} is no file of this run: queries over results/ count its rows`);
      }
    }
  }
  return files;
}

/** As resultsKey has it. */
const RESULTS_NAME = /\/shard-\d{6,10}\.parquet$/;
