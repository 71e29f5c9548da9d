import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SmallDisk, mountSmallDisk, noMounts } from './as-root.ts';
import { backfill, exportRows, processesWith, start, until } from './backfill.ts';
import { type Catalogue, makeCatalogue, makeNoise } from './catalogue.ts';
import { makeLyricsCatalogue } from './lyrics-catalogue.ts';

describe('a disk that is full, read-only or gone', () => {
  let catalogue: Catalogue;
  let disk: SmallDisk | undefined;
  beforeEach((test) => test.skip(noMounts !== undefined, noMounts));
  afterEach(async () => {
    await disk?.unmount();
    disk = undefined;
    await rm(catalogue.folder, { recursive: true, force: true });
  });

  it('which holds the store, blames no track however often it is too small; with room all are worked', async () => {
    catalogue = await makeLyricsCatalogue(600, 60);
    disk = await mountSmallDisk(join(catalogue.folder, 'disk'), 'size=1m');
    const store = join(disk.folder, 'store');
    const options = ['--store', store, '--concurrency', '1'];
    const first = ['run', catalogue.manifest, '-a', 'romanisation', '--checkpoint-seconds', '0.2'];
    let { code, stderr } = await backfill([...first, '--shard-minutes', '60', ...options]);
    for (const size of ['1100k', '1300k', '1700k']) {
      expect(code, stderr).toBe(3);
      expect(stderr).toContain(`no room is left for the store in ${store}`);
      expect(stderr).toContain(`on the file system at ${disk.folder}`);
      expect(stderr).toMatch(/backfill resume \S+ --store \S+ goes on/);
      await disk.remount(`size=${size}`);
      ({ code, stderr } = await backfill(['resume', ...options]));
    }
    await disk.remount('size=64m');
    ({ code, stderr } = await backfill(['resume', ...options]));
    expect(code, stderr).toBe(0);
    expect(await exportRows(store, 'failures')).toEqual([]);
    expect(await exportRows(store, 'romanisation')).toHaveLength(600);
    expect((await backfill(['verify', '--store', store])).code).toBe(0);
  });

  it('which holds temporary files, stops the run and fails no track', async () => {
    catalogue = await makeCatalogue(3);
    for (const id of catalogue.trackIds) await makeNoise(join(catalogue.folder, 'audio', `${id}.wav`), 20);
    disk = await mountSmallDisk(join(catalogue.folder, 'disk'), 'size=4m');
    await writeFile(join(disk.folder, 'of somebody else'), Buffer.alloc(3.5 * 1024 * 1024));
    const options = ['--store', catalogue.store, '--concurrency', '1'];
    const running = start(['run', catalogue.manifest, '-a', 'transcode', ...options], {
      env: { TMPDIR: disk.folder },
    });
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(3);
    expect(stderr).toContain(`no room is left for temporary files in ${disk.folder}`);
    expect(stderr).toContain('or set TMPDIR to another folder');
    expect(await exportRows(catalogue.store, 'failures')).toEqual([]);
    expect((await backfill(['resume', ...options])).code).toBe(0);
    expect(await exportRows(catalogue.store, 'transcode')).toHaveLength(3);
  });

  it('which holds temporary files, fails the one track that alone is too large for it', async () => {
    catalogue = await makeCatalogue(3);
    const ladder = join(catalogue.folder, 'ladder.json');
    await writeFile(ladder, JSON.stringify({ renditions: [{ name: 'flac', codec: 'flac' }] }));
    const large = catalogue.trackIds[1] as string;
    await makeNoise(join(catalogue.folder, 'audio', `${large}.wav`), 60);
    disk = await mountSmallDisk(join(catalogue.folder, 'disk'), 'size=4m');
    const { code, stderr } = await backfill(
      ['run', catalogue.manifest, '-a', 'chorus,transcode', '--ladder', ladder, '--store', catalogue.store],
      { env: { TMPDIR: disk.folder } },
    );
    expect(code, stderr).toBe(1);
    const failures = await exportRows(catalogue.store, 'failures');
    expect(failures).toMatchObject([{ track_id: large, algorithm: 'transcode', code: 'scratch-full' }]);
    // Who only listens needs no room.
    expect(await exportRows(catalogue.store, 'chorus')).toHaveLength(3);
  });

  it('which holds the store and becomes read-only, stops the run, which goes on afterwards', async () => {
    catalogue = await makeCatalogue(8);
    disk = await mountSmallDisk(join(catalogue.folder, 'disk'), 'size=64m');
    const store = join(disk.folder, 'store');
    const running = start(runArguments(store));
    await until(async () => (await processesWith('ffmpeg', catalogue.folder)).length > 0, 'a decoder');
    const readOnly = () =>
      disk?.remount('ro').then(
        () => true,
        () => false,
      );
    await until(readOnly, 'a moment in which nothing is being written');
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(3);
    expect(stderr).toContain(`the store in ${store} can not be written`);
    expect(stderr).toContain(`the file system at ${disk.folder} is read-only`);
    await disk.remount('rw');
    expect((await backfill(['resume', '--store', store])).code).toBe(0);
    expect(await exportRows(store, 'pitch')).toHaveLength(8);
    expect(await exportRows(store, 'failures')).toEqual([]);
  });

  it('which holds the store and is taken away, stops the run, which goes on when it is back', async () => {
    catalogue = await makeCatalogue(8);
    const { store } = catalogue;
    // What is below a mount point is covered by what is mounted there.
    const running = start(runArguments(store));
    await until(async () => (await processesWith('ffmpeg', catalogue.folder)).length > 0, 'a decoder');
    disk = await mountSmallDisk(store, 'size=1m');
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('is no longer in file://');
    expect(stderr).toContain('see whether the store was deleted or unmounted');
    await disk.unmount();
    disk = undefined;
    expect((await backfill(['resume', '--store', store])).code).toBe(0);
    expect(await exportRows(store, 'pitch')).toHaveLength(8);
    expect(await exportRows(store, 'failures')).toEqual([]);
  });

  it.each([
    ['that is full', 'size=16k', 'no room is left for temporary files'],
    ['that is read-only', 'ro', 'is read-only'],
  ])('%s from the start is named', async (_, mounted, message) => {
    catalogue = await makeLyricsCatalogue(200, 1);
    disk = await mountSmallDisk(join(catalogue.folder, 'disk'), mounted);
    const { code, stderr } = await backfill(['run', catalogue.manifest, '-a', 'romanisation'], {
      env: { TMPDIR: disk.folder, BACKFILL_STORE: catalogue.store },
    });
    expect(code, stderr).toBe(3);
    expect(stderr).toContain(message);
    expect(stderr).toContain(disk.folder);
  });

  function runArguments(store: string): string[] {
    return ['run', catalogue.manifest, '-a', 'pitch', '--store', store, '--checkpoint-seconds', '0.2'];
  }
});
