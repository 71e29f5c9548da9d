/**
 * The real images, run as containers by the stand-in for Batch: what a user's jobs are, but for the machines.
 * BACKFILL_TEST_CATALOGUE may name the manifest of another catalogue than the sample.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RegisterJobDefinitionRequest } from '@aws-sdk/client-batch';
import { afterEach, describe, expect, it } from 'vitest';
import { csvRecord, parseCsv } from '../../src/manifest/csv.ts';
import { hasEngine, image } from '../containers/docker.ts';
import { backfill } from '../end-to-end/backfill.ts';
import { type Account, openAccount, testDefinitions } from './account.ts';

const MANIFEST =
  process.env.BACKFILL_TEST_CATALOGUE ??
  fileURLToPath(new URL('../../manifests/sample.csv', import.meta.url));
const ALGORITHMS = ['fingerprint', 'chorus', 'pitch', 'romanisation', 'transcode'] as const;

describe.runIf(hasEngine)('workers in containers', () => {
  let account: Account;
  afterEach(() => account.close());

  it('come to the same results as processes of this machine', { timeout: 3_600_000 }, async () => {
    account = await openAccount({
      batch: {
        runner: { kind: 'container', engine: process.env.BACKFILL_TEST_DOCKER_HOST ?? '' },
        definitions: await imageDefinitions(),
        vcpus: 2,
      },
    });
    const manifest = await uploadCatalogue(MANIFEST);
    const shards = ['--shard-minutes', '0.5', '--max-rejected', '50%'];
    const remote = await account.backfill(['run', manifest, ...shards, '--executor', 'batch', '--json']);
    expect([0, 1], remote.stderr).toContain(remote.code);
    const local = join(account.folder, 'local');
    // The same objects, so that what the rows say of their sources is the same as well.
    const here = await backfill(['run', manifest, ...shards, '--store', local, '--json'], {
      env: account.env,
    });
    expect(here.code, here.stderr).toBe(remote.code);
    expect((await account.backfill(['verify'])).code).toBe(0);
    const rows: Record<string, number> = {};
    for (const algorithm of [...ALGORITHMS, 'failures']) {
      const there = await exported(algorithm, account.store, account.store);
      expect(there, algorithm).toEqual(await exported(algorithm, local, `file://${local}`));
      rows[algorithm] = there.length;
    }
    process.stdout.write(
      `${JSON.stringify({ manifest: MANIFEST, rows, attempts: account.batch.counters.attempts })}\n`,
    );
    expect(rows.fingerprint).toBeGreaterThan(0);
  });

  /** Rows of an algorithm, with the store's own address taken out of them. */
  async function exported(algorithm: string, store: string, address: string): Promise<string[]> {
    const { code, stdout, stderr } = await account.backfill([
      'results',
      'export',
      '--algorithm',
      algorithm,
      '--store',
      store,
    ]);
    if (code !== 0) throw new Error(stderr);
    const rows = stdout.replaceAll(address, 'STORE').split('\n');
    return rows.filter((row) => row !== '').toSorted();
  }

  /** Puts the files of a manifest into the bucket, and writes a manifest that names them there. */
  async function uploadCatalogue(path: string): Promise<string> {
    const [header = [], ...rows] = parseCsv(await readFile(path), false);
    const columns = ['audio_uri', 'lyrics_uri'].map((name) => header.indexOf(name));
    const uploaded = new Set<string>();
    for (const row of rows) {
      for (const column of columns) {
        const file = row[column] ?? '';
        if (column < 0 || file === '') continue;
        const key = `catalogue/${file.replace(/^\/+/, '')}`;
        if (!uploaded.has(file)) await account.put(key, await readFile(resolve(dirname(path), file)));
        uploaded.add(file);
        row[column] = `s3://${account.bucket}/${key}`;
      }
    }
    const manifest = join(account.folder, 'manifest.csv');
    await writeFile(manifest, [header, ...rows].map((row) => csvRecord(row)).join(''));
    return manifest;
  }
});

/** The definitions of jobdefs/ as they are, but for the image: an engine's own images have no digest. */
async function imageDefinitions(): Promise<RegisterJobDefinitionRequest[]> {
  return (await testDefinitions('/scratch')).map((definition) => ({
    ...definition,
    containerProperties: { ...definition.containerProperties, image: image('all') },
  }));
}
