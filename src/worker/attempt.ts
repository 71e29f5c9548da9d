import { rm } from 'node:fs/promises';
import type { Algorithm } from '../algorithms/algorithm.ts';
import type { CrashReport } from '../run/checkpoint.ts';
import { mediaKey } from '../run/keys.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { SourceObjects } from '../store/source-objects.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { type Assignment } from './assignment.ts';
import { type AttemptMessage, WORKER_EXIT } from './messages.ts';
import { publishShard } from './publish.ts';
import { explainScratchFailure } from './scratch-room.ts';
import { AttemptReplaced, ShardCheckpoint } from './shard-checkpoint.ts';
import { workShard } from './shard-loop.ts';
import { TrackPipeline, renditionFileName } from './track-pipeline.ts';

export interface AttemptOptions {
  readonly store: ObjectStore;
  readonly assignment: Assignment;
  readonly algorithms: readonly Algorithm[];
  /** Names the ladder of transcode in the keys of its renditions. */
  readonly ladderDigest: string;
  readonly scratchDirectory: string;
  /** Opens what `s3://` sources are read by; called when the first one is met. */
  readonly openSources: () => Promise<SourceObjects>;
  /** Names this attempt; it stands on the process's command line too, where others find it. */
  readonly attempt: string;
  readonly crash: CrashReport | undefined;
  /** How often this worker was started again because its machine was taken away; undefined: not so now. */
  readonly reclaims: number | undefined;
  /** Aborted: start no new track. */
  readonly drain: AbortSignal;
  /**
   * Aborted: the supervisor is gone. Where workers are killed faster than they can start, someone has to
   * get further all the same: the attempt works one track at least before it leaves.
   */
  readonly orphaned: AbortSignal;
  /** Aborted: give up the track in flight as well. */
  readonly stop: AbortSignal;
  readonly report: (message: AttemptMessage) => void;
}

/**
 * One attempt at a shard: takes it, works what is left of it, publishes it when it is whole.
 *
 * @returns an exit code of {@link WORKER_EXIT}
 * @throws BackfillError where the store, the machine or the run's settings stand in the way: no row is to blame
 */
export async function runAttempt(options: AttemptOptions): Promise<number> {
  const { store, assignment, algorithms, report } = options;
  const { run, entry, tracks } = assignment;
  const columns = new Map(algorithms.map(({ name, columns: declared }) => [name, declared]));
  const now = () => new Date().toISOString();
  const drainOrOrphaned = AbortSignal.any([options.drain, options.orphaned]);
  const scratchDirectory = await makeTemporaryFolder('attempt-', options.scratchDirectory);
  try {
    const { checkpoint, careful } = await ShardCheckpoint.take(
      store,
      { run: run.run, shard: entry.shard, rows: entry.rows },
      { attempt: options.attempt, crash: options.crash, reclaims: options.reclaims, now },
    );
    const pipeline = new TrackPipeline({
      base: run.manifest.base,
      maxSourceBytes: run.settings.maxSourceBytes,
      maxDurationSeconds: run.settings.maxDurationSeconds,
      scratchDirectory,
      openSources: options.openSources,
      storeRendition: async ({ trackId, algorithm: { name, version }, file, signal }) => {
        const fileName = renditionFileName(file);
        const { ladderDigest } = options;
        const { sha256 } = file;
        const key = mediaKey({ algorithm: name, version, ladderDigest, trackId, sha256, fileName });
        await store.putFile(key, file.path, { signal });
        return `${store.uri}/${key}`;
      },
    });
    const complete = await workShard({
      store,
      tracks,
      algorithms,
      columns,
      pipeline,
      checkpoint,
      careful,
      crash: options.crash,
      checkpointSeconds: run.settings.checkpointSeconds,
      leave: (worked) => (worked > 0 ? drainOrOrphaned : options.drain),
      stop: options.stop,
      clock: () => performance.now() / 1000,
      now,
      onRow: (started) => report(started === undefined ? { kind: 'idle' } : { kind: 'row', ...started }),
      onProgress: (progress) => report({ kind: 'progress', ...progress }),
    });
    if (!complete) return WORKER_EXIT.drained;
    await publishShard({ store, checkpoint, algorithms, columns, scratchDirectory, now });
    return WORKER_EXIT.finished;
  } catch (error) {
    if (error instanceof AttemptReplaced) return WORKER_EXIT.replaced;
    // The store explains its own failures.
    throw await explainScratchFailure(error, scratchDirectory);
  } finally {
    await rm(scratchDirectory, { recursive: true, force: true }).catch(() => {});
  }
}
