/** A run in a folder store whose shards have left results: made of rows alone, without working a track. */
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import { resultsKey, runKey } from '../../src/run/keys.ts';
import { encodeRecord } from '../../src/run/record-codec.ts';
import { FsStore } from '../../src/store/fs-store.ts';
import { runRecord } from '../../test/run/run-record.ts';
import { ROW_MAKERS } from './result-rows.ts';
import { SeededRandom } from './seeded-random.ts';

const RUN = '20261121-031500-bench';

/** Where a run's results are. */
export interface StoredResults {
  /** A folder. */
  readonly store: string;
  readonly run: string;
  /** The files, for programs that read Parquet themselves. */
  readonly pattern: string;
  readonly bytes: number;
}

/** Stores so many results of an algorithm, a file a shard. */
export async function storeResults(options: {
  readonly folder: string;
  readonly algorithm: keyof typeof ROW_MAKERS;
  readonly shards: number;
  readonly rowsPerShard: number;
}): Promise<StoredResults> {
  const { folder, algorithm: name, shards, rowsPerShard } = options;
  const store = new FsStore(folder);
  const random = new SeededRandom(20_261_121);
  const [algorithm] = selectAlgorithms([name]);
  if (algorithm === undefined) throw new Error(`there is no algorithm ${name}`);
  let bytes = 0;
  for (let shard = 0; shard < shards; shard += 1) {
    const encoder = new ParquetEncoder({ columns: algorithm.columns });
    const chunks: Uint8Array[] = [];
    for (let index = 0; index < rowsPerShard; index += 1) {
      const trackId = `track-${String(shard * rowsPerShard + index).padStart(8, '0')}`;
      const row = ROW_MAKERS[name](random);
      const chunk = encoder.add({ trackId, sourceEtag: random.hex(32), row });
      if (chunk !== undefined) chunks.push(chunk);
    }
    const file = Buffer.concat([...chunks, encoder.finish()]);
    bytes += file.byteLength;
    await store.put(resultsKey(RUN, name, algorithm.version, shard), file);
    const counts = { [name]: { succeeded: rowsPerShard, failed: {} } };
    await store.put(doneMarkerKey(RUN, { shard, counts, workSeconds: 840 }), new Uint8Array());
  }
  const rows = shards * rowsPerShard;
  const record = runRecord({
    run: RUN,
    algorithms: [algorithm],
    header: ['track_id', 'audio_uri'],
    rows,
    plan: { shards, weightSeconds: shards * 900, audioSeconds: rows * 240 },
  });
  await store.put(runKey(RUN), encodeRecord(record));
  const pattern = `${folder}/runs/${RUN}/results/algorithm=${name}/**/*.parquet`;
  return { store: folder, run: RUN, pattern, bytes };
}
