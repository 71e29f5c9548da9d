/** One object of a finished store damaged at a time: every command names it, or answers as before. */
import { copyFile, cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backfill } from './backfill.ts';
import { type Catalogue, makeCatalogue, makeSong } from './catalogue.ts';

/** Files of a store by kind, the first of each. */
const KINDS: Readonly<Record<string, RegExp>> = {
  'run.json': /run\.json$/,
  'the plan': /plan\/manifest\.csv\.zst$/,
  'the shard table': /plan\/shards\.bin$/,
  'the rejected rows': /rejected\.csv$/,
  'the record of a retry': /retry-1\.json$/,
  "a retry's plan": /plan\/retry-1-[^/]+\/manifest\.csv\.zst$/,
  "a retry's shard table": /plan\/retry-1-[^/]+\/shards\.bin$/,
  'the record of a submission': /submissions\/1\.json$/,
  "a submission's table": /submissions\/1\.bin$/,
  'a marker': /\/done\/000001/,
  'a checkpoint': /^\.versions.*shards\/000001\/checkpoint\.json/,
  fingerprints: /algorithm=fingerprint.*\.parquet$/,
  renditions: /algorithm=transcode.*\.parquet$/,
  failures: /failures\/shard-\d+\.parquet$/,
  'a rendition': /^media\//,
};

/** What happens to an object; undefined: it goes. */
const DAMAGES: Readonly<Record<string, (bytes: Buffer) => Buffer | undefined>> = {
  deleted: () => undefined,
  emptied: () => Buffer.alloc(0),
  'cut in half': (bytes) => bytes.subarray(0, bytes.length / 2),
  'longer than it was': (bytes) => Buffer.concat([bytes, Buffer.from('garbage after the end')]),
  'hit by a bit': (bytes) => {
    const copy = Buffer.from(bytes);
    const at = Math.floor(copy.length / 3);
    copy[at] = (copy[at] as number) ^ 0x10;
    return copy;
  },
};

/** Every kind is deleted and hit by a bit; what else there is to read wrongly is tried on one file of each form. */
const EVERY_DAMAGE = new Set(['run.json', 'the plan', 'fingerprints']);
const CASES = Object.keys(KINDS).flatMap((kind) =>
  Object.keys(DAMAGES)
    .filter((damage) => EVERY_DAMAGE.has(kind) || damage === 'deleted' || damage === 'hit by a bit')
    .map((damage) => ({ kind, damage })),
);

/** Its copy, beside it, says the same. */
const MADE_GOOD = 'a checkpoint, deleted';

let catalogue: Catalogue;
let files: readonly string[];

beforeAll(async () => {
  catalogue = await makeCatalogue(4, 4);
  const rows = [...catalogue.trackIds.map((id) => `${id},audio/${id}.wav,4`), 'lost,nowhere.wav,4', ',x,1'];
  await writeFile(catalogue.manifest, ['track_id,audio_uri,duration_s', ...rows, ''].join('\n'));
  const run = await backfill([
    'run',
    catalogue.manifest,
    '--store',
    catalogue.store,
    '-a',
    'fingerprint,transcode',
    '--shard-minutes',
    '0.005',
    '--max-rejected',
    '1',
    '--ladder',
    'mp3-320',
  ]);
  expect(run.code, run.stderr).toBe(1);
  const retry = await backfill(['retry-failed', '--code', 'source-missing', '--store', catalogue.store]);
  expect(retry.code, retry.stderr).toBe(1);
  const entries = await readdir(catalogue.store, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(catalogue.store, join(entry.parentPath, entry.name)))
    .toSorted();
}, 120_000);
afterAll(() => rm(catalogue.folder, { recursive: true, force: true }));

describe('verify', () => {
  it.each(CASES)('reports $kind $damage', async ({ kind, damage }) => {
    const path = files.find((file) => (KINDS[kind] as RegExp).test(file)) as string;
    expect(path, kind).toBeDefined();
    const store = await mkdtemp(join(tmpdir(), 'backfill-test-'));
    try {
      await cp(catalogue.store, store, { recursive: true });
      const bytes = await readFile(join(store, path));
      const damaged = DAMAGES[damage]?.(bytes);
      if (damaged === undefined) await rm(join(store, path));
      else if (damaged.equals(bytes)) return;
      else await writeFile(join(store, path), damaged);
      const ended = await backfill(['verify', '--deep', '--json', '--store', store]);
      expect(ended.stderr).not.toContain('a bug in backfill');
      if (`${kind}, ${damage}` === MADE_GOOD) {
        expect(ended.code).toBe(0);
        return;
      }
      expect([1, 2, 3], ended.stdout).toContain(ended.code);
      const said = ended.stdout + ended.stderr;
      // The only run of a store: without its record there is none.
      expect(said).toMatch(kind === 'run.json' && damage === 'deleted' ? /run\.json/ : nameOf(path));
    } finally {
      await rm(store, { recursive: true, force: true });
    }
  });
});

/** How messages name a file: by its key, or, of a marker, by its folder and shard. */
function nameOf(path: string): RegExp {
  if (path.includes('/done/')) return /done\/ .*shard 1\b/;
  const key = path.replace(/^\.versions\//, '').replace(/\/\d+$/, '');
  // A damaged table may be noticed where it sends its readers.
  const known = path.endsWith('.bin') ? key.replace(/[^/]+$/, '') : key;
  return new RegExp(known.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

it('results that lie in the place of others are reported by whoever reads them', async () => {
  const store = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  try {
    await cp(catalogue.store, store, { recursive: true });
    const [first, second] = files
      .filter((file) => /algorithm=fingerprint.*\.parquet$/.test(file))
      .map((file) => join(store, file)) as [string, string];
    await copyFile(second, first);
    const exported = await backfill(['results', 'export', '--algorithm', 'fingerprint', '--store', store]);
    expect(exported.code).toBe(3);
    expect(exported.stderr).toMatch(/\.parquet in the store is damaged: it is that of shard \d+, not \d+/);
    const gets = catalogue.trackIds.map((id) => backfill(['results', 'get', id, '--store', store]));
    const codes = (await Promise.all(gets)).map(({ code }) => code);
    // Tracks of the shard whose file that was, and of no other.
    expect(codes).toContain(3);
    expect(codes).toContain(0);
  } finally {
    await rm(store, { recursive: true, force: true });
  }
});

it('a second run of the same ids from other files leaves the first run as it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  try {
    const store = join(folder, 'store');
    const manifest = join(folder, 'manifest.csv');
    const run = () =>
      backfill(['run', manifest, '--store', store, '-a', 'transcode', '--ladder', 'mp3-320', '--json']);
    await writeFile(manifest, 'track_id,audio_uri\nsong,first.wav\n');
    await makeSong(join(folder, 'first.wav'), 1, 2);
    const first = JSON.parse((await run()).stdout) as { readonly runId: string };
    await writeFile(manifest, 'track_id,audio_uri\nsong,second.wav\n');
    await makeSong(join(folder, 'second.wav'), 2, 3);
    const second = JSON.parse((await run()).stdout) as { readonly runId: string };
    expect(second.runId).not.toBe(first.runId);
    for (const { runId } of [first, second]) {
      const verified = await backfill(['verify', runId, '--deep', '--json', '--store', store]);
      expect(JSON.parse(verified.stdout)).toMatchObject({ proven: true, renditions: { files: 1 } });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
