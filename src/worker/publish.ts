import { join } from 'node:path';
import type { Algorithm } from '../algorithms/algorithm.ts';
import { FAILURE_MEANINGS } from '../failures.ts';
import type { Column } from '../results/columns.ts';
import { FAILURE_COLUMNS } from '../results/failure-columns.ts';
import { ParquetFileWriter } from '../results/parquet-file-writer.ts';
import { finish } from '../run/checkpoint.ts';
import { doneMarkerKey } from '../run/done-marker.ts';
import { failuresKey, partKey, partsPrefix, resultsKey } from '../run/keys.ts';
import type { AlgorithmRef, Checkpoint } from '../run/records.ts';
import { fileIdentity } from '../run/result-files.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { TrackOutcomes } from './outcome.ts';
import { type ColumnsByAlgorithm, unpackPart } from './part.ts';
import type { ShardCheckpoint } from './shard-checkpoint.ts';

export interface PublishOptions {
  readonly store: ObjectStore;
  readonly checkpoint: ShardCheckpoint;
  readonly algorithms: readonly Algorithm[];
  readonly columns: ColumnsByAlgorithm;
  readonly scratchDirectory: string;
  /** ISO 8601. */
  readonly now: () => string;
}

/**
 * Turns the parts of a complete shard into its results, and marks it as done. What is written follows
 * from the parts alone, so that it may be done again after a crash, or by two at once. Memory is bounded
 * by one part and one row group an algorithm.
 */
export async function publishShard(options: PublishOptions): Promise<void> {
  const { store, checkpoint, now } = options;
  const { run, shard, state, attempts, parts } = checkpoint.current;
  if (state !== 'finished') {
    await publishResults(options);
    await checkpoint.write(finish(checkpoint.current, now()));
  }
  await store.put(doneMarkerKey(run, checkpoint.current), new Uint8Array());
  // A shard that nobody else has ever taken holds no part but those that its checkpoint named.
  const aloneWithIt = state !== 'finished' && attempts === 1;
  const keys = aloneWithIt ? parts.map((part) => partKey(run, shard, part)) : partsOf(store, run, shard);
  for await (const key of keys) await store.delete(key);
}

/** All parts of a shard: also those of attempts that came to their end between a part and its checkpoint. */
async function* partsOf(store: ObjectStore, run: string, shard: number): AsyncGenerator<string> {
  for await (const { key } of store.list(partsPrefix(run, shard))) yield key;
}

async function publishResults(options: PublishOptions): Promise<void> {
  const { store, checkpoint, algorithms, columns } = options;
  const files = new ResultFiles(options);
  try {
    for (const part of checkpoint.current.parts) {
      const { run, shard } = checkpoint.current;
      const { bytes } = await store.get(partKey(run, shard, part));
      for (const track of await unpackPart(columns, bytes)) await files.add(track, algorithms);
    }
    await files.store();
  } finally {
    await files.abandon();
  }
}

/** The Parquet files of one shard, each made when its first row comes. */
class ResultFiles {
  readonly #options: PublishOptions;
  readonly #checkpoint: Checkpoint;
  readonly #open = new Map<string, { readonly path: string; readonly writer: ParquetFileWriter }>();

  constructor(options: PublishOptions) {
    this.#options = options;
    this.#checkpoint = options.checkpoint.current;
  }

  async add({ trackId, outcomes }: TrackOutcomes, algorithms: readonly Algorithm[]): Promise<void> {
    const { run, shard } = this.#checkpoint;
    for (const outcome of outcomes) {
      const algorithm = algorithms.find(({ name }) => name === outcome.algorithm);
      if (algorithm === undefined) throw new Error(`${outcome.algorithm} is not an algorithm of this run`);
      const { name, version, columns } = algorithm;
      const { sourceEtag } = outcome;
      if (outcome.kind === 'succeeded') {
        const file = await this.#file(resultsKey(run, name, version, shard), columns, { name, version });
        await file.add({ trackId, sourceEtag, row: outcome.row });
      } else {
        const { code, message } = outcome;
        const { transient } = FAILURE_MEANINGS[code];
        const file = await this.#file(failuresKey(run, shard), FAILURE_COLUMNS, undefined);
        const row = { algorithm: name, version, code, transient, message };
        await file.add({ trackId, sourceEtag, row });
      }
    }
  }

  /** Closes all files and puts them where they belong. */
  async store(): Promise<void> {
    for (const [key, { path, writer }] of this.#open) {
      await writer.close();
      this.#open.delete(key);
      await this.#options.store.putFile(key, path);
    }
  }

  async abandon(): Promise<void> {
    for (const { writer } of this.#open.values()) await writer.abandon();
  }

  async #file(
    key: string,
    columns: readonly Column[],
    algorithm: AlgorithmRef | undefined,
  ): Promise<ParquetFileWriter> {
    const open = this.#open.get(key);
    if (open !== undefined) return open.writer;
    const path = join(this.#options.scratchDirectory, `results-${this.#open.size}.parquet`);
    const { run, shard } = this.#checkpoint;
    const metadata = fileIdentity({ run, shard, algorithm });
    const writer = await ParquetFileWriter.create(path, { columns, metadata });
    this.#open.set(key, { path, writer });
    return writer;
  }
}
