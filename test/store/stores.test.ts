import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
