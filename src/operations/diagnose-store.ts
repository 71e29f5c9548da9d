import { randomUUID } from 'node:crypto';
import { BackfillError, reasonOf } from '../errors.ts';
import { type ObjectStore, ObjectMissing, PreconditionFailed } from '../store/object-store.ts';
import type { Check } from './diagnose.ts';

/** So many writers at one moment: a server that looks first and writes then lets more than one of them win. */
const RACERS = 8;

/**
 * Opens a store and sees whether it keeps what `ObjectStore` promises: a server that speaks S3, and takes no notice of
 * conditions or ranges or lists late, answers every single request well and loses results. Some forty small requests
 * below `doctor/`, which is left empty. Never throws for what it finds.
 *
 * Not looked at: uploads in parts, which `run` begins with, and metadata.
 */
export async function diagnoseStore(
  location: string,
  open: (location: string) => Promise<ObjectStore>,
): Promise<Check> {
  const name = 'store';
  try {
    const store = await open(location);
    const broken = await brokenPromises(store, `doctor/${randomUUID()}/`);
    if (broken.length === 0) {
      const found = `${store.uri} can be written, refuses stale writes, and keeps ranges and lists`;
      return { name, ok: true, found };
    }
    const mend = 'use another store: runs are not safe in this one';
    return { name, ok: false, found: `${store.uri} ${broken.join('; ')}`, mend };
  } catch (error) {
    const hint = error instanceof BackfillError ? error.hint : undefined;
    const mend = hint ?? 'name a folder that can be written, or a bucket, with --store';
    return { name, ok: false, found: `${location}: ${reasonOf(error)}`, mend };
  }
}

/** What a store does that it must not; empty where it keeps all. */
async function brokenPromises(store: ObjectStore, folder: string): Promise<readonly string[]> {
  const written: string[] = [];
  const key = (name: string): string => {
    written.push(folder + name);
    return folder + name;
  };
  try {
    return await breaches([
      [() => createsTwice(store, key('a')), 'overwrites what is there in spite of If-None-Match'],
      [() => swapsStale(store, key('a')), 'accepts stale writes: it takes no notice of If-Match'],
      [() => swapsNothing(store, key('none')), 'accepts an If-Match of what is not there'],
      [() => readsOld(store, key('b')), 'reads what has been overwritten, or gives both the same ETag'],
      [() => ignoresRanges(store, key('b')), 'takes no notice of ranges'],
      [() => listsLate(store, folder, key('c/d')), 'lists late, or reads what was deleted'],
      [() => letsSeveralWin(store, key('raced')), `lets several of ${RACERS} writers at once win`],
    ]);
  } finally {
    for (const each of new Set(written)) await store.delete(each);
  }
}

/** The words of those that are broken. */
async function breaches(
  promises: readonly (readonly [isBroken: () => Promise<boolean>, words: string])[],
): Promise<string[]> {
  const broken = new Set<string>();
  for (const [isBroken, words] of promises) {
    try {
      if (await isBroken()) broken.add(words);
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
      broken.add('refuses writes whose condition holds');
    }
  }
  return [...broken];
}

async function createsTwice(store: ObjectStore, key: string): Promise<boolean> {
  await store.put(key, bytesOf('1'), { ifNoneMatch: '*' });
  return succeeds(store.put(key, bytesOf('2'), { ifNoneMatch: '*' }));
}

/** Of an object that was created by a condition. */
async function swapsStale(store: ObjectStore, key: string): Promise<boolean> {
  const { etag } = await store.get(key);
  await store.put(key, bytesOf('3'), { ifMatch: etag });
  return succeeds(store.put(key, bytesOf('4'), { ifMatch: etag }));
}

async function swapsNothing(store: ObjectStore, key: string): Promise<boolean> {
  return succeeds(store.put(key, bytesOf('1'), { ifMatch: '"0123456789abcdef0123456789abcdef"' }));
}

async function readsOld(store: ObjectStore, key: string): Promise<boolean> {
  const before = await store.put(key, bytesOf('before'));
  const after = await store.put(key, bytesOf('0123456789'));
  const read = await store.get(key);
  return before.etag === after.etag || read.etag !== after.etag || textOf(read.bytes) !== '0123456789';
}

async function ignoresRanges(store: ObjectStore, key: string): Promise<boolean> {
  const { bytes } = await store.get(key, { range: { offset: 2, length: 3 } });
  const { bytes: rest } = await store.get(key, { range: { offset: 8, length: 30 } });
  return textOf(bytes) !== '234' || textOf(rest) !== '89';
}

async function listsLate(store: ObjectStore, folder: string, key: string): Promise<boolean> {
  await store.put(key, bytesOf('1'));
  const deep = await keysOf(store.list(folder));
  const rolled = await keysOf(store.list(folder, { delimiter: '/', startAfter: `${folder}b` }));
  await store.delete(key);
  const [again, gone] = [
    await keysOf(store.list(folder)),
    await store.get(key).then(
      () => false,
      (error: unknown) => {
        if (error instanceof ObjectMissing) return true;
        throw error;
      },
    ),
  ];
  const rolledUp = key.slice(0, key.lastIndexOf('/') + 1);
  return !deep.includes(key) || !rolled.includes(rolledUp) || again.includes(key) || !gone;
}

async function letsSeveralWin(store: ObjectStore, key: string): Promise<boolean> {
  const race = async (options: { ifNoneMatch: '*' } | { ifMatch: string }): Promise<number> => {
    const writes = Array.from({ length: RACERS }, (_, i) =>
      succeeds(store.put(key, bytesOf(`${Object.keys(options)[0]} ${i}`), options)),
    );
    return (await Promise.all(writes)).filter(Boolean).length;
  };
  const created = await race({ ifNoneMatch: '*' });
  const { etag } = await store.get(key);
  const swapped = await race({ ifMatch: etag });
  return created !== 1 || swapped !== 1;
}

async function succeeds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof PreconditionFailed) return false;
    throw error;
  }
}

async function keysOf(list: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of list) keys.push(key);
  return keys;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
