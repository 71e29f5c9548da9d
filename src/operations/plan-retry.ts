import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { usageError } from '../errors.ts';
import { PLAN_MANIFEST_FILE, PLAN_SHARDS_FILE, PackedPlanWriter } from '../plan/packed-plan.ts';
import { MAX_SHARD_BYTES, MAX_SHARD_ROWS, shardTarget } from '../plan/shards.ts';
import { trackWeight } from '../plan/weights.ts';
import { planHeader, shardSpans } from '../run/generations.ts';
import { generationKey, planKey, shardTableKey } from '../run/keys.ts';
import { digestFile } from '../run/object-digest.ts';
import { encodeRecord } from '../run/record-codec.ts';
import type { GenerationRecord } from '../run/records.ts';
import type { SubmissionEntry } from '../run/submission-table.ts';
import { type ObjectStore, PreconditionFailed } from '../store/object-store.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { type FailureKind, standingOutcomes } from './failures.ts';
import { decodeWantedTracks, readFramesOfShards, readGenerationShards } from './plans.ts';
import type { OpenRun } from './runs.ts';

export interface RetryOptions {
  /** Which failures are tried again. */
  readonly wanted: (failure: FailureKind) => boolean;
  readonly algorithms: readonly Algorithm[];
  readonly parallelism: number | undefined;
  readonly now: string;
}

/**
 * Plans the wanted failures of a run as a new generation: a plan that holds just those tracks, each for
 * the algorithms that failed. The worker does not know it from a first plan.
 *
 * @returns the shards to be worked; none where no failure is wanted
 * @throws BackfillError `retry-collision` where someone else planned a retry at the same moment
 */
export async function planRetry(
  store: ObjectStore,
  run: OpenRun,
  options: RetryOptions,
): Promise<SubmissionEntry[]> {
  const { record, generations } = run;
  const generation = generations.length + 1;
  const last = shardSpans(record, generations).at(-1);
  const firstShard = (last?.firstShard ?? 0) + (last?.shards ?? 0);
  const scratch = await makeTemporaryFolder('backfill-scratch-retry-');
  try {
    const { size, outcomes } = await writePlan(store, run, options, generation, scratch);
    if (size.tracks === 0) return [];
    const plan = `retry-${generation}-${randomBytes(3).toString('hex')}`;
    const planned: GenerationRecord = {
      schema: 1,
      kind: 'generation',
      run: record.run,
      generation,
      plan,
      createdAt: options.now,
      firstShard,
      shards: size.shards,
      tracks: size.tracks,
      outcomes,
      weightSeconds: size.weightSeconds,
      files: {
        rows: await digestFile(join(scratch, PLAN_MANIFEST_FILE)),
        shardTable: await digestFile(join(scratch, PLAN_SHARDS_FILE)),
      },
    };
    await store.putFile(planKey(record.run, plan), join(scratch, PLAN_MANIFEST_FILE));
    await store.putFile(shardTableKey(record.run, plan), join(scratch, PLAN_SHARDS_FILE));
    await store.put(generationKey(record.run, generation), encodeRecord(planned), { ifNoneMatch: '*' });
    return await readGenerationShards(store, record.run, planned);
  } catch (error) {
    if (!(error instanceof PreconditionFailed)) throw error;
    throw usageError('retry-collision', `another retry of run ${record.run} was planned at this moment`, {
      hint: `backfill resume ${record.run} works it`,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function writePlan(
  store: ObjectStore,
  run: OpenRun,
  { wanted, algorithms, parallelism }: RetryOptions,
  generation: number,
  scratch: string,
): Promise<{
  readonly size: Awaited<ReturnType<PackedPlanWriter['finish']>>;
  readonly outcomes: Record<string, Record<string, number>>;
}> {
  const outcomes: Record<string, Record<string, number>> = {};
  const writer = await PackedPlanWriter.create(scratch, planHeader(run.record, generation), {
    targetSeconds: shardTarget({ totalSeconds: run.record.plan.weightSeconds, parallelism }),
    maxRows: MAX_SHARD_ROWS,
    maxBytes: MAX_SHARD_BYTES,
  });
  try {
    const shards = readFramesOfShards(store, run, standingOutcomes(store, run, wanted));
    for await (const { entry, failures, frame } of shards) {
      const byTrack = new Map<string, string[]>();
      for (const { trackId, algorithm, code } of failures) {
        byTrack.set(trackId, [...(byTrack.get(trackId) ?? []), algorithm]);
        const codes = (outcomes[algorithm] ??= {});
        codes[code] = (codes[code] ?? 0) + 1;
      }
      const ids = new Set(byTrack.keys());
      for (const { track, algorithms: had } of decodeWantedTracks(run, entry, frame, ids)) {
        const names = byTrack.get(track.trackId) ?? [];
        // A retry of retries may hold a track in two rows, each for algorithms of its own.
        const chosen = algorithms.filter(({ name }) => names.includes(name) && (had?.includes(name) ?? true));
        if (chosen.length === 0) continue;
        const weight = trackWeight({ durationSeconds: track.durationSeconds, algorithms: chosen });
        await writer.add({ track, algorithms: chosen.map(({ name }) => name) }, weight);
      }
    }
    return { size: await writer.finish(), outcomes };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}
