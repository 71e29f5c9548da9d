import { type NamedFile, fileColumns, namedFiles } from '../results/named-files.ts';
import { failedOutcomes } from '../run/checkpoint.ts';
import { storeLacks } from '../run/damage.ts';
import { checkpointKey, resultsKey } from '../run/keys.ts';
import type { AlgorithmRef } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readCheckpoint } from '../worker/shard-checkpoint.ts';
import { outcomeKey } from './failures.ts';
import type { FinishedShard } from './finished-shards.ts';
import { type OutcomeProof, damageOf } from './outcome-proof.ts';
import { readShardTracks, readShards } from './plans.ts';
import { readAhead } from './read-ahead.ts';
import { type PublishedFile, damageNamed, openPublished, readShardFailures } from './read-results.ts';
import type { OpenRun } from './runs.ts';
import type { MediaProof } from './verify-media.ts';

/** Shards that are read ahead of the one that is compared. */
const SHARDS_AHEAD = 8;

/** What a proof of shards works with. */
export interface ShardCheck {
  readonly finished: ReadonlyMap<number, FinishedShard>;
  readonly files: ReadonlyMap<string, number>;
  readonly proof: OutcomeProof;
  readonly media: MediaProof;
  readonly deep: boolean;
}

/**
 * Compares what every finished shard was to do with what it has left.
 * @returns the tracks of the run's own plan, and the shards that are not finished
 */
export async function verifyShards(
  store: ObjectStore,
  run: OpenRun,
  check: ShardCheck,
): Promise<{ readonly planned: number; readonly unfinished: number }> {
  let [planned, unfinished] = [0, 0];
  const work: SubmissionEntry[] = [];
  for (const entry of await readShards(store, run)) {
    if (entry.generation === 0) planned += entry.rows;
    if (check.finished.has(entry.shard)) work.push(entry);
    else unfinished += 1;
  }
  const read = readAhead(work, async (entry) => readShard(store, run, entry, check), SHARDS_AHEAD);
  for await (const shard of read) await proveShard(shard, check);
  return { planned, unfinished };
}

/** What a shard was to do, and what it has left. */
interface ShardContents {
  readonly entry: SubmissionEntry;
  /** Keys of outcomes, as {@link outcomeKey} has them. */
  readonly owed: readonly string[];
  readonly outcomes: readonly {
    readonly trackId: string;
    readonly algorithm: string;
    readonly failed: boolean;
  }[];
  readonly files: readonly { readonly trackId: string; readonly file: NamedFile }[];
  readonly damage: readonly string[];
}

async function readShard(
  store: ObjectStore,
  run: OpenRun,
  entry: SubmissionEntry,
  { finished, files: sizes, deep }: ShardCheck,
): Promise<ShardContents> {
  const { record } = run;
  const { algorithms } = record.settings;
  const counts = finished.get(entry.shard)?.counts ?? {};
  const owed: string[] = [];
  const outcomes: { trackId: string; algorithm: string; failed: boolean }[] = [];
  const files: { trackId: string; file: NamedFile }[] = [];
  const damage: string[] = [];
  const guard = (step: () => Promise<void>) =>
    step().catch((error: unknown) => void damage.push(damageOf(error)));
  await guard(async () => {
    for (const { track, algorithms: wanted } of await readShardTracks(store, run, entry)) {
      for (const { name } of algorithms) {
        if (wanted?.includes(name) ?? true) owed.push(outcomeKey(track.trackId, name));
      }
    }
  });
  await guard(async () => {
    const found = await readCheckpoint(store, record.run, entry.shard);
    if (found === undefined) throw storeLacks(checkpointKey(record.run, entry.shard));
  });
  for (const algorithm of algorithms) {
    await guard(async () => {
      const file = publishedFile(
        record.run,
        entry.shard,
        algorithm,
        counts[algorithm.name]?.succeeded ?? 0,
        sizes,
      );
      if (file === undefined) return;
      const reader = await openPublished(store, file);
      const naming = fileColumns(reader.contents.columns);
      const wanted = deep ? undefined : naming.map(({ name }) => name);
      for (let group = 0; group < reader.rowGroups; group += 1) {
        for (const { trackId, row } of await damageNamed(file.key, () => reader.rowGroup(group, wanted))) {
          outcomes.push({ trackId, algorithm: algorithm.name, failed: false });
          for (const named of namedFiles(naming, row)) files.push({ trackId, file: named });
        }
      }
    });
  }
  await guard(async () => {
    const failed = { run: record.run, shard: entry.shard, failed: failedOutcomes(counts) };
    for await (const { trackId, algorithm } of readShardFailures(store, failed)) {
      outcomes.push({ trackId, algorithm, failed: true });
    }
  });
  return { entry, owed, outcomes, files, damage };
}

function publishedFile(
  run: string,
  shard: number,
  algorithm: AlgorithmRef,
  rows: number,
  sizes: ReadonlyMap<string, number>,
): PublishedFile | undefined {
  if (rows === 0) return undefined;
  const key = resultsKey(run, algorithm.name, algorithm.version, shard);
  const bytes = sizes.get(key);
  if (bytes === undefined) throw storeLacks(key);
  return { key, bytes, run, shard, algorithm, rows };
}

async function proveShard(
  { entry, owed: listed, outcomes, files, damage }: ShardContents,
  { proof, media }: ShardCheck,
): Promise<void> {
  for (const message of damage) proof.violate(message);
  /** Outcomes that this shard owes: each is taken off once. */
  const owed = new Set(listed);
  if (owed.size !== listed.length) proof.violate(`the plan has a track twice in shard ${entry.shard}`);
  for (const key of owed) {
    if (entry.generation > 0 && !proof.failures.has(key)) {
      proof.violate(`shard ${entry.shard} retries ${named(key)}, which had not failed`);
    }
  }
  for (const { trackId, algorithm, failed } of outcomes) {
    const key = outcomeKey(trackId, algorithm);
    if (owed.delete(key)) proof.settle(key, algorithm, failed);
    else proof.violate(`shard ${entry.shard} has ${named(key)} twice, or unasked`);
  }
  for (const { trackId, file } of files) await media.expect(trackId, file);
  // What a damaged file holds is not known: it is named above.
  if (damage.length > 0) return;
  for (const key of owed) proof.violate(`shard ${entry.shard} lacks ${named(key)}`);
}

/** An outcome in words, by its key. */
function named(key: string): string {
  const [algorithm, trackId] = key.split('\n');
  return `${algorithm} of '${trackId}'`;
}
