import { ParquetReader, type ParquetSource } from '../results/parquet-reader.ts';
import type { StoredResult } from '../results/stored-result.ts';
import { failuresKey, resultsKey, resultsPrefix } from '../run/keys.ts';
import type { AlgorithmRef } from '../run/records.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** A failed outcome, as failures/ has it. */
export interface StoredFailure {
  readonly trackId: string;
  readonly algorithm: string;
  readonly version: string;
  readonly code: string;
  readonly transient: boolean;
  readonly message: string;
}

/** One file of results in the store. */
export interface ResultsFile {
  readonly key: string;
  readonly bytes: number;
}

/** The files of one algorithm's results of a run, shard by shard. */
export async function* listResultFiles(
  store: ObjectStore,
  run: string,
  { name, version }: AlgorithmRef,
): AsyncGenerator<ResultsFile> {
  for await (const { key, size } of store.list(resultsPrefix(run, name, version))) yield { key, bytes: size };
}

/** All results of one algorithm of a run, in the order of shards. Memory: one row group. */
export async function* readResults(
  store: ObjectStore,
  run: string,
  algorithm: AlgorithmRef,
  wanted?: readonly string[],
): AsyncGenerator<StoredResult> {
  for await (const file of listResultFiles(store, run, algorithm)) {
    const reader = await ParquetReader.open(storedParquet(store, file));
    yield* reader.results(wanted);
  }
}

/**
 * One algorithm's results of one shard; none where it has no file of them.
 * @param wanted only these columns are read; all where undefined
 */
export async function* readResultsOfShard(
  store: ObjectStore,
  run: string,
  { name, version }: AlgorithmRef,
  shard: number,
  wanted?: readonly string[],
): AsyncGenerator<StoredResult> {
  yield* readFile(store, resultsKey(run, name, version, shard), wanted);
}

/** The failures of one finished shard; none where it has no file of them. */
export async function* readShardFailures(
  store: ObjectStore,
  run: string,
  shard: number,
): AsyncGenerator<StoredFailure> {
  for await (const { trackId, row } of readFile(store, failuresKey(run, shard))) {
    yield { trackId, ...(row as unknown as Omit<StoredFailure, 'trackId'>) };
  }
}

async function* readFile(
  store: ObjectStore,
  key: string,
  wanted?: readonly string[],
): AsyncGenerator<StoredResult> {
  for await (const file of store.list(key)) {
    if (file.key !== key) continue;
    const reader = await ParquetReader.open(storedParquet(store, { key, bytes: file.size }));
    yield* reader.results(wanted);
  }
}

/** A Parquet file of the store, by ranged reads. */
export function storedParquet(store: ObjectStore, { key, bytes }: ResultsFile): ParquetSource {
  return {
    byteLength: bytes,
    slice: async (start, end = bytes) => {
      const range = { offset: start, length: end - start };
      const read = await store.get(key, { range });
      return Uint8Array.from(read.bytes).buffer;
    },
  };
}
