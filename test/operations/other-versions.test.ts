/** Results of versions that this backfill does not have: shown and exported as they are stored. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALGORITHMS } from '../../src/algorithms/registry.ts';
import { exportResults } from '../../src/operations/export-results.ts';
import { openRun } from '../../src/operations/runs.ts';
import type { Column, Row } from '../../src/results/columns.ts';
import { ParquetEncoder } from '../../src/results/parquet-encoder.ts';
import { ParquetReader, parquetBytes } from '../../src/results/parquet-reader.ts';
import { doneMarkerKey } from '../../src/run/done-marker.ts';
import { resultsKey, runKey } from '../../src/run/keys.ts';
import { encodeRecord } from '../../src/run/record-codec.ts';
import { FsStore } from '../../src/store/fs-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { backfill } from '../end-to-end/backfill.ts';
import { storeRun } from './worked-run.ts';

const RUN = '20261121-031500-worked';

interface Stored {
  readonly name: string;
  readonly version: string;
  readonly columns: readonly Column[];
  /** One a shard. */
  readonly rows: readonly Row[];
}

const column = (name: string, type: Column['type']): Column => ({ name, type, description: '' });

/** Fewer columns than now, and of other types. */
const OLD: readonly Stored[] = [
  {
    name: 'fingerprint',
    version: '0',
    columns: [column('fingerprint', 'bytes')],
    rows: [{ fingerprint: Uint8Array.of(251, 255, 0) }],
  },
  {
    name: 'chorus',
    version: '0',
    columns: [column('start_s', 'double'), column('confidence', 'double')],
    rows: [{ start_s: 61.5, confidence: Number.NaN }],
  },
  {
    name: 'pitch',
    version: '0',
    columns: [column('f0_cents', { list: 'int16' }), column('frames', 'int64')],
    rows: [{ f0_cents: Int16Array.of(-1, 6900), frames: 2 }],
  },
  {
    name: 'mood',
    version: '3',
    columns: [
      column('label', 'string'),
      column('spans', { list: { struct: [column('key', 'bytes'), column('major', 'boolean')] } }),
    ],
    rows: [{ label: 'calm', spans: [{ key: Uint8Array.of(1), major: true }] }],
  },
];

/** What people see of {@link OLD}. */
const SHOWN: Readonly<Record<string, object>> = {
  fingerprint: { fingerprint: '+/8A' },
  chorus: { start_s: 61.5, confidence: 'NaN' },
  pitch: { f0_cents: [-1, 6900], frames: 2 },
  mood: { label: 'calm', spans: [{ key: 'AQ==', major: true }] },
};

async function storeResults(store: ObjectStore, stored: readonly Stored[], shards = 1): Promise<void> {
  const { record } = await storeRun(store, { shards, rows: 1 });
  const algorithms = stored.map(({ name, version }) => ({ name, version }));
  await store.put(runKey(RUN), encodeRecord({ ...record, settings: { ...record.settings, algorithms } }));
  for (let shard = 0; shard < shards; shard += 1) {
    for (const { name, version, columns, rows } of stored) {
      const encoder = new ParquetEncoder({ columns });
      encoder.add({ trackId: `track-${shard}`, sourceEtag: null, row: rows[shard] ?? {} });
      await store.put(resultsKey(RUN, name, version, shard), encoder.finish());
    }
    const counts = Object.fromEntries(stored.map(({ name }) => [name, { succeeded: 1, failed: {} }]));
    await store.put(doneMarkerKey(RUN, { shard, counts, workSeconds: 1, reclaims: 0 }), new Uint8Array());
  }
}

async function exported(store: ObjectStore, algorithm: string, format: 'jsonl' | 'csv' | 'parquet') {
  const run = await openRun(store, RUN);
  return Buffer.concat(await Array.fromAsync(exportResults(store, run, algorithm, format)));
}

describe('through the command line', () => {
  let folder = '';
  const at = () => ['--store', folder];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backfill-versions-'));
    await storeResults(new FsStore(folder), OLD);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('results get shows what is stored', async () => {
    const { code, stdout, stderr } = await backfill(['results', 'get', 'track-0', ...at()]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('undefined');
    expect(stdout).toMatch(/^version +0\nfingerprint +\+\/8A\n$/m);
    expect(stdout).toMatch(/^start_s +61\.5\nconfidence +NaN\n/m);
    expect(stdout).toMatch(/^f0_cents +-1 6900\nframes +2\n/m);
    expect(stdout).toMatch(/^label +calm\nspans +\{"key":"AQ==","major":true\}\n/m);
  });

  test('results get --json likewise', async () => {
    const { stdout } = await backfill(['results', 'get', 'track-0', '--json', ...at()]);
    const rows = stdout.trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toEqual(
      OLD.map(({ name, version }) => ({
        track_id: 'track-0',
        source_etag: null,
        algorithm: name,
        version,
        ...SHOWN[name],
      })),
    );
  });

  test('match says that it can not compare what is stored', async () => {
    const { code, stderr } = await backfill(['match', 'track-0', 'track-0', ...at()]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^backfill: what version 0 of fingerprint stored of track 'track-0' can not be/);
  });
});

describe.each(OLD)('$name of version $version', ({ name, version, columns, rows }) => {
  const store = new MemoryStore();
  beforeAll(() => storeResults(store, OLD));

  test('is exported as JSON lines', async () => {
    expect(JSON.parse((await exported(store, name, 'jsonl')).toString())).toEqual({
      track_id: 'track-0',
      source_etag: null,
      algorithm: name,
      version,
      ...SHOWN[name],
    });
  });

  test('is exported as CSV', async () => {
    const shown = Object.values(SHOWN[name] ?? {});
    expect(parse(await exported(store, name, 'csv'))).toEqual([
      ['track_id', 'source_etag', 'algorithm', 'version', ...columns.map((column) => column.name)],
      [
        'track-0',
        '',
        name,
        version,
        ...shown.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))),
      ],
    ]);
  });

  test('is exported as Parquet', async () => {
    const reader = await ParquetReader.open(parquetBytes(await exported(store, name, 'parquet')));
    expect(reader.contents.columns.slice(2)).toEqual(columns);
    expect(await Array.fromAsync(reader.results())).toStrictEqual([
      { trackId: 'track-0', sourceEtag: null, row: { algorithm: name, version, ...rows[0] } },
    ]);
  });
});

test('a row of the installed version that lacks a column is shown as it stands', async () => {
  const store = new MemoryStore();
  const version = ALGORITHMS.find(({ name }) => name === 'chorus')?.version ?? '';
  await storeResults(store, [
    { name: 'chorus', version, columns: [column('start_s', 'double')], rows: [{ start_s: 1 }] },
  ]);
  expect(JSON.parse((await exported(store, 'chorus', 'jsonl')).toString())).toMatchObject({ start_s: 1 });
  expect((await exported(store, 'chorus', 'csv')).toString()).toBe(
    `track_id,source_etag,algorithm,version,start_s\ntrack-0,,chorus,${version},1\n`,
  );
});

test('files with different columns make no table, and are told so', async () => {
  const store = new MemoryStore();
  const stored = { name: 'mood', version: '1', columns: [column('a', 'double')], rows: [{ a: 1 }, { a: 2 }] };
  await storeResults(store, [stored], 2);
  const encoder = new ParquetEncoder({ columns: [column('b', 'double')] });
  encoder.add({ trackId: 'track-1', sourceEtag: null, row: { b: 3 } });
  await store.put(resultsKey(RUN, 'mood', '1', 1), encoder.finish());
  const said = { code: 'columns-differ', message: expect.stringMatching(/columns a, and some b$/) };
  await expect(exported(store, 'mood', 'csv')).rejects.toMatchObject(said);
  await expect(exported(store, 'mood', 'parquet')).rejects.toMatchObject(said);
  expect((await exported(store, 'mood', 'jsonl')).toString()).toContain('"b":3');
});
