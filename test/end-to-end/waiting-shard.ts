import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { readShards } from '../../src/operations/plans.ts';
import { openRun } from '../../src/operations/runs.ts';
import { createRun, draftPlan } from '../../src/operations/start-run.ts';
import { createSubmission } from '../../src/operations/submit.ts';
import { verifyRun } from '../../src/operations/verify-run.ts';
import type { Checkpoint } from '../../src/run/records.ts';
import { FsStore } from '../../src/store/fs-store.ts';
import { submissionUri } from '../../src/worker/assignment.ts';
import { readCheckpoint } from '../../src/worker/shard-checkpoint.ts';

/** A run of one shard in a folder store, which waits for a worker. */
export interface WaitingShard {
  readonly store: FsStore;
  readonly run: string;
  /** All that a worker is told. */
  readonly submission: string;
  checkpoint(): Promise<Checkpoint | undefined>;
  /** What `verify` finds. */
  verification(): ReturnType<typeof verifyRun>;
}

/**
 * Plans a manifest as one shard.
 * @param folder holds the manifest and what it names; the store is made in it, and any user may write there
 */
export async function planShard(
  folder: string,
  manifest: string,
  names: readonly string[],
): Promise<WaitingShard> {
  const store = new FsStore(join(folder, 'store'));
  const algorithms = selectAlgorithms(names);
  const draft = await draftPlan({
    manifestPath: manifest,
    workingDirectory: folder,
    stdin: process.stdin,
    algorithms,
    shardSeconds: 3600,
    parallelism: 1,
    maxRejected: { count: 0 },
  });
  const { run } = await createRun(store, draft, {
    manifestName: 'manifest.csv',
    settings: {
      algorithms: algorithms.map(({ name, version }) => ({ name, version })),
      checkpointSeconds: 0.2,
      maxSourceBytes: 2 ** 30,
      maxDurationSeconds: 3600,
    },
    tool: 'test',
    storeHint: '',
    evenIfUnfinished: true,
    now: new Date(),
  });
  await draft.discard();
  const { submission } = await createSubmission(store, {
    run,
    reason: 'run',
    entries: await readShards(store, await openRun(store, run)),
    executor: { kind: 'local', host: 'elsewhere', process: 1, concurrency: 1 },
    now: new Date().toISOString(),
  });
  await letAnyoneWrite(folder);
  return {
    store,
    run,
    submission: submissionUri({ storeUri: store.uri, run, submission }),
    checkpoint: async () => (await readCheckpoint(store, run, 0))?.checkpoint,
    verification: async () => verifyRun(store, await openRun(store, run), { deep: true }),
  };
}

/** The container's user is no one here. */
export async function letAnyoneWrite(folder: string): Promise<void> {
  await chmod(folder, 0o777);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
  }
}
