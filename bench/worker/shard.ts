/** A run of one shard, stored by the product's own planning. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Algorithm } from '../../src/algorithms/algorithm.ts';
import { createRun, draftPlan } from '../../src/operations/start-run.ts';
import { FsStore } from '../../src/store/fs-store.ts';

/** The product's default. */
const CHECKPOINT_SECONDS = 120;

/** A track of the manifest; relative paths start from the run's folder. */
export interface ShardTrack {
  readonly trackId: string;
  readonly audioUri: string;
  readonly lyricsUri?: string;
}

export interface ShardOptions {
  /** Seconds of work between commits; the product's default where undefined. */
  readonly checkpointSeconds?: number;
}

/** A run that was planned, and where it is. */
export interface StoredShard {
  /** The store. */
  readonly folder: string;
  readonly run: string;
}

/** Plans tracks into a run of one shard; its manifest and its store are put into `folder`. */
export async function storeShard(
  folder: string,
  tracks: readonly ShardTrack[],
  algorithm: Pick<Algorithm, 'name' | 'version'>,
  options: ShardOptions = {},
): Promise<StoredShard> {
  const manifestPath = join(folder, 'manifest.csv');
  const rows = tracks.map(({ trackId, audioUri, lyricsUri = '' }) => `${trackId},${audioUri},${lyricsUri}\n`);
  await writeFile(manifestPath, `track_id,audio_uri,lyrics_uri\n${rows.join('')}`);
  const draft = await draftPlan({
    manifestPath,
    workingDirectory: folder,
    stdin: Readable.from([]),
    algorithms: [],
    shardSeconds: Number.MAX_SAFE_INTEGER,
    parallelism: undefined,
    maxRejected: { count: 0 },
  });
  try {
    if (draft.totals.shards !== 1)
      throw new Error(`${tracks.length} tracks make ${draft.totals.shards} shards`);
    const store = join(folder, 'store');
    const { run } = await createRun(new FsStore(store), draft, {
      manifestName: 'manifest.csv',
      settings: {
        algorithms: [{ name: algorithm.name, version: algorithm.version }],
        checkpointSeconds: options.checkpointSeconds ?? CHECKPOINT_SECONDS,
        maxSourceBytes: 2 ** 32,
        maxDurationSeconds: 3600,
      },
      tool: 'bench',
      storeHint: '',
      evenIfUnfinished: true,
      now: new Date(),
    });
    return { folder: store, run };
  } finally {
    await draft.discard();
  }
}
