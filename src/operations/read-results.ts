import { ParquetDamage } from '../results/parquet-checksums.ts';
import { ParquetReader, type ParquetSource, parquetBytes } from '../results/parquet-reader.ts';
import type { StoredResult } from '../results/stored-result.ts';
import { storeDamaged, storeLacks } from '../run/damage.ts';
import { failuresKey, resultsKey, resultsPrefix } from '../run/keys.ts';
import { readNamedObject } from '../run/read-object.ts';
import type { AlgorithmRef } from '../run/records.ts';
import { fileIdentity } from '../run/result-files.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { finishedShards } from './finished-shards.ts';
import { readAhead } from './read-ahead.ts';
import type { OpenRun } from './runs.ts';

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
  /** Tracks. */
  readonly rows: number;
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

/** So many files are opened by {@link summariseResults}, a request each. */
const MAX_FILES_OPENED = 1000;

/**
 * What results there are of each algorithm of a run, of finished shards. The ends of files, which say what they are,
 * are read too where there are not too many of them.
 * @throws BackfillError `store-damaged` where a file is missing, or one that was opened is not what it has to be
 */
export async function summariseResults(store: ObjectStore, run: OpenRun): Promise<ResultsSummary[]> {
  const { record } = run;
  const summaries: ResultsSummary[] = [];
  for (const algorithm of record.settings.algorithms) {
    const files = await Array.fromAsync(publishedFiles(store, run, algorithm));
    const isOpened = files.length <= MAX_FILES_OPENED;
    for await (const _ of readAhead(
      isOpened ? files : [],
      (file) => openPublished(store, file),
      FILES_AHEAD,
    ));
    const { name, version } = algorithm;
    const uri = `${store.uri}/${resultsPrefix(record.run, name, version)}`;
    const [rows, bytes] = [sum(files.map((file) => file.rows)), sum(files.map((file) => file.bytes))];
    summaries.push({ algorithm: name, version, files: files.length, rows, bytes, uri });
  }
  return summaries;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Files whose ends are read ahead: half a mebibyte each. */
const FILES_AHEAD = 16;

/** A row group of a file of results, not read yet. */
export interface StoredRowGroup {
  readonly key: string;
  readonly source: ParquetSource;
  readonly reader: ParquetReader;
  /** Which one of the file, from 0. */
  readonly index: number;
}

/**
 * All results of one algorithm of a run, of finished shards, in the order of shards, a row group at a time.
 * @throws BackfillError `store-damaged` where a file is missing, or is not what its shard's counts say
 */
export async function* listRowGroups(
  store: ObjectStore,
  run: OpenRun,
  algorithm: AlgorithmRef,
): AsyncGenerator<StoredRowGroup> {
  const files = readAhead(
    publishedFiles(store, run, algorithm),
    async (file, signal) => {
      const source = storedParquet(store, file, signal);
      return { key: file.key, source, reader: await openStored(file, source) };
    },
    FILES_AHEAD,
  );
  for await (const { key, source, reader } of files) {
    for (let index = 0; index < reader.rowGroups; index += 1) yield { key, source, reader, index };
  }
}

/** The results of a row group. @throws BackfillError `store-damaged` */
export function readRowGroup({ key, reader, index }: StoredRowGroup): Promise<StoredResult[]> {
  return damageNamed(key, () => reader.rowGroup(index));
}

/** A file of results that a finished shard has published: what it has to be. */
export interface PublishedFile extends ResultsFile {
  readonly run: string;
  readonly shard: number;
  /** Name and version; undefined for failures, which are of all algorithms. */
  readonly algorithm: AlgorithmRef | undefined;
  readonly rows: number;
}

/** The files of one algorithm's results, in the order of their shards. */
export async function* publishedFiles(
  store: ObjectStore,
  run: OpenRun,
  algorithm: AlgorithmRef,
): AsyncGenerator<PublishedFile> {
  const id = run.record.run;
  const rowsByKey = new Map<string, { readonly shard: number; readonly rows: number }>();
  for await (const { shard, counts } of finishedShards(store, run)) {
    const rows = counts[algorithm.name]?.succeeded ?? 0;
    if (rows > 0) rowsByKey.set(resultsKey(id, algorithm.name, algorithm.version, shard), { shard, rows });
  }
  for await (const { key, bytes } of listResultFiles(store, id, algorithm)) {
    const known = rowsByKey.get(key);
    // What an unfinished shard has left, or what somebody else has put there.
    if (known === undefined) continue;
    rowsByKey.delete(key);
    yield { key, bytes, run: id, algorithm, ...known };
  }
  for (const [key] of rowsByKey) throw storeLacks(key);
}

/**
 * One algorithm's results of one finished shard, which has `rows` of them.
 * @param wanted only these columns are read; all where undefined
 * @throws BackfillError `store-damaged`
 */
export async function* readResultsOfShard(
  store: ObjectStore,
  shard: Omit<PublishedFile, keyof ResultsFile> & { readonly algorithm: AlgorithmRef },
  wanted?: readonly string[],
): AsyncGenerator<StoredResult> {
  if (shard.rows === 0) return;
  const { name, version } = shard.algorithm;
  const key = resultsKey(shard.run, name, version, shard.shard);
  const bytes = await sizeOf(store, key);
  if (bytes === undefined) throw storeLacks(key);
  const reader = await openPublished(store, { ...shard, key, bytes });
  yield* namingDamage(key, () => reader.results(wanted));
}

/**
 * Opens a published file. What its rows are read by may throw ParquetDamage: see {@link damageNamed}.
 * @throws BackfillError `store-damaged` where it is not the one that its shard has published
 */
export async function openPublished(store: ObjectStore, file: PublishedFile): Promise<ParquetReader> {
  return openStored(file, storedParquet(store, file));
}

/** The failures of one finished shard, which has `failed` of them. */
export async function* readShardFailures(
  store: ObjectStore,
  shard: { readonly run: string; readonly shard: number; readonly failed: number },
): AsyncGenerator<StoredFailure> {
  yield* decodeFailures(await readFailuresFile(store, shard));
}

/** A file of failures, not decoded yet. */
export interface FailuresFile {
  readonly file: PublishedFile;
  readonly content: Uint8Array;
}

/** The file of one finished shard's failures, by one request; undefined where it has none. */
export async function readFailuresFile(
  store: ObjectStore,
  { run, shard, failed }: { readonly run: string; readonly shard: number; readonly failed: number },
  signal?: AbortSignal,
): Promise<FailuresFile | undefined> {
  if (failed === 0) return undefined;
  const key = failuresKey(run, shard);
  const content = await readNamedObject(store, key, signal === undefined ? {} : { signal });
  const file = { key, bytes: content.byteLength, run, shard, algorithm: undefined, rows: failed };
  return { file, content };
}

/** The failures of such a file. @throws BackfillError `store-damaged` */
export async function* decodeFailures(failures: FailuresFile | undefined): AsyncGenerator<StoredFailure> {
  for await (const { trackId, sourceEtag, row } of resultsOf(failures)) {
    yield { trackId, sourceEtag, ...(row as unknown as Omit<StoredFailure, 'trackId' | 'sourceEtag'>) };
  }
}

/** What failed and why, without the words for it. */
export type FailedOutcome = Pick<StoredFailure, 'trackId' | 'algorithm' | 'code' | 'transient'>;

/** The failures of such a file, of which only the columns are decoded that are given. @throws as decodeFailures */
export async function* decodeFailedOutcomes(
  failures: FailuresFile | undefined,
): AsyncGenerator<FailedOutcome> {
  for await (const { trackId, row } of resultsOf(failures, ['algorithm', 'code', 'transient'])) {
    yield { trackId, ...(row as unknown as Omit<FailedOutcome, 'trackId'>) };
  }
}

async function* resultsOf(
  failures: FailuresFile | undefined,
  wanted?: readonly string[],
): AsyncGenerator<StoredResult> {
  if (failures === undefined) return;
  const { file, content } = failures;
  const reader = await openStored(file, parquetBytes(content));
  yield* namingDamage(file.key, () => reader.results(wanted));
}

/** Opens a file, and makes sure that it is the one that its shard has published. */
async function openStored(file: PublishedFile, source: ParquetSource): Promise<ParquetReader> {
  const reader = await damageNamed(file.key, () => ParquetReader.open(source));
  const { rows, metadata } = reader.contents;
  if (rows !== file.rows) throw storeDamaged(file.key, `it has ${rows} rows, and its shard has ${file.rows}`);
  for (const [name, value] of Object.entries(fileIdentity(file))) {
    const stored = metadata[name];
    // Files of backfill 0.1.0 do not say what they are.
    if (stored !== undefined && stored !== value) {
      throw storeDamaged(file.key, `it is that of ${name} ${stored}, not ${value}`);
    }
  }
  return reader;
}

async function sizeOf(store: ObjectStore, key: string): Promise<number | undefined> {
  for await (const file of store.list(key)) if (file.key === key) return file.size;
  return undefined;
}

/** Runs a step of reading a file, whose damage is reported under the file's key. */
export async function damageNamed<T>(key: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw named(key, error);
  }
}

async function* namingDamage<T>(key: string, read: () => AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* read();
  } catch (error) {
    throw named(key, error);
  }
}

function named(key: string, error: unknown): unknown {
  return error instanceof ParquetDamage ? storeDamaged(key, error.message, { cause: error }) : error;
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
