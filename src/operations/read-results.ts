import { ParquetReader, type ParquetSource, parquetBytes } from '../results/parquet-reader.ts';
import type { StoredResult } from '../results/stored-result.ts';
import { failuresKey, resultsKey, resultsPrefix } from '../run/keys.ts';
import type { AlgorithmRef, RunRecord } from '../run/records.ts';
import { ObjectMissing, type ObjectStore } from '../store/object-store.ts';
import { readAhead } from './read-ahead.ts';

/** A failed outcome, as failures/ has it. */
export interface StoredFailure {
  readonly trackId: string;
  /** Which version of its source in S3 failed, where that is known. */
  readonly sourceEtag: string | null;
  readonly algorithm: string;
  readonly version: string;
  readonly code: string;
  readonly transient: boolean;
  readonly message: string;
}

/** The files of one algorithm's results, summed up. */
export interface ResultsSummary {
  readonly algorithm: string;
  readonly version: string;
  readonly files: number;
  readonly bytes: number;
  /** Where they are; a Hive partition. */
  readonly uri: string;
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

/** What results there are of each algorithm of a run. */
export async function summariseResults(store: ObjectStore, run: RunRecord): Promise<ResultsSummary[]> {
  const summaries: ResultsSummary[] = [];
  for (const algorithm of run.settings.algorithms) {
    let [files, bytes] = [0, 0];
    for await (const file of listResultFiles(store, run.run, algorithm)) {
      files += 1;
      bytes += file.bytes;
    }
    const { name, version } = algorithm;
    const uri = `${store.uri}/${resultsPrefix(run.run, name, version)}`;
    summaries.push({ algorithm: name, version, files, bytes, uri });
  }
  return summaries;
}

/** Files whose ends are read ahead: half a mebibyte each. */
const FILES_AHEAD = 16;

/** A row group of a file of results, not read yet. */
export interface StoredRowGroup {
  readonly source: ParquetSource;
  readonly reader: ParquetReader;
  /** Which one of the file, from 0. */
  readonly index: number;
}

/** All results of one algorithm of a run, in the order of shards, a row group at a time. */
export async function* listRowGroups(
  store: ObjectStore,
  run: string,
  algorithm: AlgorithmRef,
): AsyncGenerator<StoredRowGroup> {
  const files = readAhead(
    listResultFiles(store, run, algorithm),
    async (file, signal) => {
      const source = storedParquet(store, file, signal);
      return { source, reader: await ParquetReader.open(source) };
    },
    FILES_AHEAD,
  );
  for await (const { source, reader } of files) {
    for (let index = 0; index < reader.rowGroups; index += 1) yield { source, reader, index };
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
  yield* decodeFailures(await readFailuresFile(store, run, shard));
}

/** The file of one finished shard's failures, by one request; undefined where it has none. */
export async function readFailuresFile(
  store: ObjectStore,
  run: string,
  shard: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const { bytes } = await store.get(failuresKey(run, shard), signal === undefined ? {} : { signal });
    return bytes;
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}

/** The failures of such a file. */
export async function* decodeFailures(file: Uint8Array | undefined): AsyncGenerator<StoredFailure> {
  if (file === undefined) return;
  const reader = await ParquetReader.open(parquetBytes(file));
  for await (const { trackId, sourceEtag, row } of reader.results()) {
    yield { trackId, sourceEtag, ...(row as unknown as Omit<StoredFailure, 'trackId' | 'sourceEtag'>) };
  }
}

/** What failed and why, without the words for it. */
export type FailedOutcome = Pick<StoredFailure, 'trackId' | 'algorithm' | 'code' | 'transient'>;

/** The failures of such a file, of which only the columns are decoded that are given. */
export async function* decodeFailedOutcomes(file: Uint8Array | undefined): AsyncGenerator<FailedOutcome> {
  if (file === undefined) return;
  const reader = await ParquetReader.open(parquetBytes(file));
  for await (const { trackId, row } of reader.results(['algorithm', 'code', 'transient'])) {
    yield { trackId, ...(row as unknown as Omit<FailedOutcome, 'trackId'>) };
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

/**
 * A Parquet file of the store, by ranged reads. Its end, where the footer is, is read first and kept: of a small file
 * that is all of it, by one request.
 */
export function storedParquet(
  store: ObjectStore,
  { key, bytes: byteLength }: ResultsFile,
  signal?: AbortSignal,
): ParquetSource {
  let kept: { readonly start: number; readonly bytes: Uint8Array } | undefined;
  return {
    byteLength,
    slice: async (start, end = byteLength) => {
      if (kept !== undefined && start >= kept.start) {
        return new Uint8Array(kept.bytes.subarray(start - kept.start, end - kept.start)).buffer;
      }
      const range = { offset: start, length: end - start };
      const { bytes } = await store.get(key, { range, ...(signal === undefined ? {} : { signal }) });
      if (end === byteLength) kept = { start, bytes };
      return new Uint8Array(bytes).buffer;
    },
  };
}
