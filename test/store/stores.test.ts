import { link, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnoseStore } from '../../src/operations/diagnose-store.ts';
import { FsStore } from '../../src/store/fs-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { objectStoreSuite } from '../contracts/object-store.suite.ts';

objectStoreSuite('memory', async () => {
  const store = new MemoryStore();
  return { store, again: () => store, close: async () => {} };
});

objectStoreSuite('fs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fs-store-'));
  return {
    store: new FsStore(folder),
    again: () => new FsStore(folder),
    close: () => rm(folder, { recursive: true }),
  };
});

it('fs: leaves plain files for people, and nothing temporary', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fs-store-'));
  const store = new FsStore(folder);
  const encode = (text: string) => new TextEncoder().encode(text);
  const { etag } = await store.put('runs/1/checkpoint.json', encode('{}'), { ifNoneMatch: '*' });
  await store.put('runs/1/checkpoint.json', encode('{"next":1}'), { ifMatch: etag });
  expect(await readFile(join(folder, 'runs/1/checkpoint.json'), 'utf8')).toBe('{"next":1}');
  expect(await readdir(join(folder, '.tmp'))).toEqual([]);
  await rm(folder, { recursive: true });
});

describe('a file system without hard links', () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const refusing = (code: string) => () =>
    Promise.reject(Object.assign(new Error(`${code}: refused, link`), { code, syscall: 'link' }));

  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
    'is no store, and nothing is left in it: %s',
    async (code) => {
      const folder = await mkdtemp(join(tmpdir(), 'fs-store-'));
      const source = join(folder, 'plan');
      await writeFile(source, 'a plan');
      const root = join(folder, 'store');
      const said = {
        code: 'no-hard-links',
        fault: 'environment',
        message: expect.stringContaining(
          `the folder ${root} can not be a store: its file system has no hard links`,
        ),
        hint: expect.stringContaining('s3://bucket/prefix, with --store'),
      };
      // What is written first of a run, whole and without a condition, would be written there well enough.
      const store = new FsStore(root, refusing(code));
      await expect(store.putFile('runs/1/plan', source)).rejects.toMatchObject(said);
      await expect(store.put('runs/1/run.json', encode('{}'), { ifNoneMatch: '*' })).rejects.toMatchObject(
        said,
      );
      expect(await readdir(folder)).toEqual(['plan']);
      await rm(folder, { recursive: true });
    },
  );

  it('keeps a folder that was there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fs-store-'));
    const store = new FsStore(folder, refusing('EPERM'));
    await expect(store.put('a', encode('a'))).rejects.toMatchObject({ code: 'no-hard-links' });
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('is told of by doctor', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fs-store-'));
    expect(await diagnoseStore(folder, async () => new FsStore(folder, refusing('EPERM')))).toMatchObject({
      ok: false,
      found: expect.stringContaining('has no hard links'),
      mend: expect.stringContaining('name a folder on ext4'),
    });
    await rm(folder, { recursive: true });
  });

  it('is not found where a write failed for another reason, once that has passed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fs-store-'));
    let isFull = true;
    const store = new FsStore(folder, (existing, path) =>
      isFull ? refusing('ENOSPC')() : link(existing, path),
    );
    await expect(store.put('a', encode('a'))).rejects.toMatchObject({ code: 'ENOSPC' });
    isFull = false;
    await store.put('a', encode('a'), { ifNoneMatch: '*' });
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('a');
    await rm(folder, { recursive: true });
  });
});
