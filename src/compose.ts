/** The one place that picks adapters. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Algorithm } from './algorithms/algorithm.ts';
import { selectAlgorithms } from './algorithms/registry.ts';
import { LADDER_PRESETS, ladderDigest } from './algorithms/transcode/ladder.ts';
import { environmentError, usageError } from './errors.ts';
import { LocalExecutor } from './executor/local/local-executor.ts';
import type { Executor } from './executor/executor.ts';
import { FsStore } from './store/fs-store.ts';
import type { ObjectStore } from './store/object-store.ts';
import type { SourceObjects } from './store/source-objects.ts';
import type { AlgorithmRef } from './run/records.ts';
import { parseSubmissionUri, readAssignment } from './worker/assignment.ts';
import { type AttemptOptions, runAttempt } from './worker/attempt.ts';
import { failedOutcomes } from './run/checkpoint.ts';
import { holderLives, readCheckpoint } from './worker/shard-checkpoint.ts';

/**
 * Opens a store by the name that users and workers have for it: a path or a `file://` URI.
 * @throws BackfillError `unsupported-store`
 */
export function openStore(location: string): ObjectStore {
  if (location.startsWith('file://')) return new FsStore(fileURLToPath(location));
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) {
    throw usageError('unsupported-store', `'${location}' is no store that can be used: name a folder`);
  }
  return new FsStore(resolve(location.replace(/^~(?=\/|$)/, homedir())));
}

/** Opens what `s3://` sources are read by. Loads the AWS SDK: call it when there is such a source. */
export async function openSources(): Promise<SourceObjects> {
  const adapter = './store/s3-sources.ts';
  const { openS3Sources } = (await import(adapter)) as { openS3Sources: () => SourceObjects };
  return openS3Sources();
}

/** Works shards as processes of this machine. */
export function createLocalExecutor(options: {
  readonly store: ObjectStore;
  readonly run: string;
  readonly concurrency: number;
  readonly graceSeconds: number;
  /** The command line of this program. */
  readonly selfCommand: readonly string[];
}): Executor {
  const { store, run, concurrency, graceSeconds, selfCommand } = options;
  return new LocalExecutor({
    concurrency,
    workerCommand: [...selfCommand, 'worker', '--grace', String(graceSeconds)],
    isBeingWorked: async (shard) => {
      const found = await readCheckpoint(store, run, shard);
      return found !== undefined && (await holderLives(found.checkpoint));
    },
    readProgress: async (shard) => {
      const found = await readCheckpoint(store, run, shard);
      if (found === undefined) return undefined;
      const { rows, next, strikes, state, counts } = found.checkpoint;
      const mark = JSON.stringify({ next, strikes, state });
      return { shard, rows, done: next, failed: failedOutcomes(counts), mark };
    },
  });
}

/** Works one shard of a submission in this process: what `backfill attempt` does. */
export async function attemptShard(
  options: Omit<AttemptOptions, 'store' | 'assignment' | 'algorithms' | 'ladderDigest' | 'openSources'> & {
    /** URI of the submission. */
    readonly submission: string;
    /** Array index. */
    readonly index: number;
  },
): Promise<number> {
  const { storeUri, run, submission } = parseSubmissionUri(options.submission);
  const store = openStore(storeUri);
  const assignment = await readAssignment(store, { run, submission }, options.index);
  const { algorithms: wanted, ladder } = assignment.run.settings;
  const algorithms = selectAlgorithms(
    wanted.map(({ name }) => name),
    ladder,
  );
  assertVersions(algorithms, wanted);
  return runAttempt({
    ...options,
    store,
    assignment,
    algorithms,
    openSources,
    ladderDigest: ladderDigest(ladder ?? LADDER_PRESETS.standard),
  });
}

/** Results are keyed by version: another version's rows must not come among them. */
function assertVersions(algorithms: readonly Algorithm[], wanted: readonly AlgorithmRef[]): void {
  for (const { name, version } of wanted) {
    const installed = algorithms.find((algorithm) => algorithm.name === name)?.version;
    if (installed === version) continue;
    throw environmentError(
      'algorithm-version',
      `the run wants version ${version} of ${name}, and this backfill has ${installed ?? 'none'}`,
      { hint: 'finish the run with the backfill that planned it, or start a new one' },
    );
  }
}
