/** What others have put into a store: it disturbs nobody, and nothing in it is trusted. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSealedJson, sealJson } from '../../src/run/sealed-json.ts';
import { backfill } from './backfill.ts';
import { type Catalogue, makeCatalogue } from './catalogue.ts';

let catalogue: Catalogue;
let runId: string;

beforeAll(async () => {
  catalogue = await makeCatalogue(2, 4);
  const args = ['run', catalogue.manifest, '--store', catalogue.store, '-a', 'fingerprint', '--json'];
  runId = (JSON.parse((await backfill(args)).stdout) as { readonly runId: string }).runId;
}, 60_000);
afterAll(() => rm(catalogue.folder, { recursive: true, force: true }));

it('what else lies in runs/ is no run', async () => {
  const runs = join(catalogue.store, 'runs');
  await mkdir(join(runs, 'lost+found'));
  await mkdir(join(runs, 'zzz'));
  await writeFile(join(runs, 'zzz.txt'), 'a note');
  await writeFile(join(runs, '.DS_Store'), 'of a Mac');
  await cp(join(runs, runId), join(runs, `${runId} (copy)`), { recursive: true });
  await cp(join(runs, runId), join(runs, `${runId}.bak`), { recursive: true });
  for (const command of [
    ['status'],
    ['verify'],
    ['results', 'list'],
    ['resume'],
    ['retry-failed'],
    ['cancel'],
  ]) {
    const ended = await backfill([...command, '--store', catalogue.store]);
    expect(ended.code, ended.stderr).toBe(0);
  }
  const status = await backfill(['status', '--store', catalogue.store, '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ runId });
});

it('a run that is damaged does not keep another one from being started', async () => {
  const store = join(catalogue.folder, 'damaged');
  await cp(join(catalogue.store, 'runs', runId), join(store, 'runs', runId), { recursive: true });
  await writeFile(join(store, 'runs', runId, 'run.json'), 'not a record');
  const ended = await backfill(['run', catalogue.manifest, '--store', store, '-a', 'fingerprint', '--json']);
  expect(ended.code, ended.stderr).toBe(0);
});

describe('a record that somebody has made up', () => {
  it.each<[string, (record: Record<string, object>) => object, RegExp]>([
    [
      'a rendition outside the store',
      (record) => withSettings(record, { ladder: [rendition('../../../../x')] }),
      /run\.json in the store is damaged: settings\.ladder\.0\.name/,
    ],
    [
      'two renditions of one name',
      (record) => withSettings(record, { ladder: [rendition('a'), rendition('a')] }),
      /settings\.ladder: a rendition is named twice/,
    ],
    [
      'an algorithm that is an escape sequence',
      (record) => withSettings(record, { algorithms: [{ name: '\u001b[2J', version: '1' }] }),
      /settings\.algorithms\.0\.name/,
    ],
    [
      'more shards than tracks',
      (record) => ({ ...record, plan: { shards: 9_007_199_254_740_992, weightSeconds: 1, audioSeconds: 1 } }),
      /plan\.shards/,
    ],
    [
      'rows that do not add up',
      (record) => ({ ...record, manifest: { ...record['manifest'], rows: 800 } }),
      /manifest: accepted and rejected are not all rows/,
    ],
  ])('%s', async (_, change, problem) => {
    const store = join(catalogue.folder, 'made-up');
    await rm(store, { recursive: true, force: true });
    await cp(join(catalogue.store, 'runs', runId), join(store, 'runs', runId), { recursive: true });
    const path = join(store, 'runs', runId, 'run.json');
    const record = openSealedJson(await readFile(path)) as Record<string, object>;
    await writeFile(path, sealJson(change(record)));
    for (const command of [['status'], ['resume'], ['results', 'get', 'x']]) {
      const ended = await backfill([...command, '--store', store]);
      expect(ended.code).toBe(3);
      expect(ended.stderr).toMatch(problem);
      expect(ended.stderr).not.toContain('\u001b');
    }
  });

  it('a marker of a shard that there is not, or of more outcomes than it says, is named', async () => {
    const store = join(catalogue.folder, 'marked');
    await cp(join(catalogue.store, 'runs', runId), join(store, 'runs', runId), { recursive: true });
    const marker = join(store, 'runs', runId, 'done', '000002-9-0-fingerprint.8~1.0');
    await writeFile(marker, '');
    const exported = () => backfill(['results', 'export', '--algorithm', 'fingerprint', '--store', store]);
    expect((await exported()).stderr).toMatch(/done\/000002-9-0-fingerprint\.8~1\.0 .*do not add up/);
    await rm(marker);
    await writeFile(marker.replace('-9-0-', '-8-0-'), '');
    expect((await exported()).stderr).toMatch(
      /done\/ is: that holds shard 2, which is in no plan of the run/,
    );
  });
});

function withSettings(record: Record<string, object>, settings: object): object {
  return { ...record, settings: { ...record['settings'], ...settings } };
}

function rendition(name: string): object {
  return { name, codec: 'mp3', container: 'mp3', bitrate: 320_000 };
}
