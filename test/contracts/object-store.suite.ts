import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ObjectStore, ObjectMissing, PreconditionFailed } from '../../src/store/object-store.ts';
import { numRuns } from '../property-settings.ts';

/** What a suite needs of an adapter: an empty store, a second view of the same one, and the way to end it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Opens the same store again, as another process would; the same instance where there is but one. */
  again(): ObjectStore;
  close(): Promise<void>;
}

/** The contract of src/store/object-store.ts, as every adapter has to keep it. */
export function objectStoreSuite(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`object store: ${name}`, () => {
    let subject: StoreUnderTest;
    let store: ObjectStore;

    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });
    afterEach(() => subject.close());

    it('gives back what was put, to every reader', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
          const { etag } = await store.put('a/b/object', bytes);
          const read = await subject.again().get('a/b/object');
          expect(read.bytes).toEqual(bytes);
          expect(read.etag).toBe(etag);
        }),
        { numRuns: numRuns(20) },
      );
    });

    it('reads ranges, and what there is where a range passes the end', async () => {
      await store.put('ranged', bytesOf('0123456789'));
      expect(textOf(await store.get('ranged', { range: { offset: 2, length: 3 } }))).toBe('234');
      expect(textOf(await store.get('ranged', { range: { offset: 8, length: 30 } }))).toBe('89');
    });

    it('reads nothing where a range begins at the end or beyond, or is of nothing', async () => {
      const { etag } = await store.put('ranged', bytesOf('0123456789'));
      await store.put('empty', new Uint8Array());
      for (const range of [
        { offset: 10, length: 1 },
        { offset: 99, length: 5 },
        { offset: 3, length: 0 },
      ]) {
        expect(textOf(await store.get('ranged', { range }))).toBe('');
        expect((await store.get('ranged', { range })).etag).toBe(etag);
      }
      expect(textOf(await store.get('empty', { range: { offset: 0, length: 5 } }))).toBe('');
      await expect(store.get('nothing', { range: { offset: 0, length: 0 } })).rejects.toThrow(ObjectMissing);
    });

    it('holds empty objects', async () => {
      await store.put('done/000001-3-0', new Uint8Array());
      expect((await store.get('done/000001-3-0')).bytes).toHaveLength(0);
      expect(await keys('done/')).toEqual(['done/000001-3-0']);
    });

    it('says which object is missing', async () => {
      await store.put('here/object', bytesOf('x'));
      await expect(store.get('not/here')).rejects.toThrow(ObjectMissing);
      await expect(store.get('here')).rejects.toThrow(ObjectMissing);
      await expect(store.get('here/object/below')).rejects.toThrow(ObjectMissing);
    });

    it('creates once', async () => {
      await store.put('run.json', bytesOf('first'), { ifNoneMatch: '*' });
      await expect(store.put('run.json', bytesOf('second'), { ifNoneMatch: '*' })).rejects.toThrow(
        PreconditionFailed,
      );
      expect(textOf(await store.get('run.json'))).toBe('first');
    });

    it('lets exactly one of many creators win', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 16 }, (_, i) =>
          subject.again().put('contested', bytesOf(`creator ${i}`), { ifNoneMatch: '*' }),
        ),
      );
      const winners = outcomes.flatMap((outcome, i) => (outcome.status === 'fulfilled' ? [i] : []));
      expect(winners).toHaveLength(1);
      expect(textOf(await store.get('contested'))).toBe(`creator ${winners[0]}`);
    });

    it('swaps over the version that was read, and over no other', async () => {
      const first = await store.put('checkpoint', bytesOf('1'), { ifNoneMatch: '*' });
      const second = await store.put('checkpoint', bytesOf('2'), { ifMatch: first.etag });
      await expect(store.put('checkpoint', bytesOf('3'), { ifMatch: first.etag })).rejects.toThrow(
        PreconditionFailed,
      );
      expect(textOf(await store.get('checkpoint'))).toBe('2');
      await store.put('checkpoint', bytesOf('4'), { ifMatch: second.etag });
      expect(textOf(await subject.again().get('checkpoint'))).toBe('4');
    });

    it('refuses a swap of an object that is not there', async () => {
      await expect(store.put('nothing', bytesOf('x'), { ifMatch: 'v1' })).rejects.toThrow(PreconditionFailed);
      await expect(store.get('nothing')).rejects.toThrow(ObjectMissing);
    });

    it('loses no increment when many count up by compare-and-swap', async () => {
      await store.put('counter', bytesOf('0'), { ifNoneMatch: '*' });
      const [writers, increments] = [8, 10];
      const countUp = async (view: ObjectStore) => {
        for (let done = 0; done < increments; ) {
          const read = await view.get('counter');
          try {
            await view.put('counter', bytesOf(String(Number(textOf(read)) + 1)), { ifMatch: read.etag });
            done++;
          } catch (error) {
            if (!(error instanceof PreconditionFailed)) throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: writers }, () => countUp(subject.again())));
      expect(textOf(await store.get('counter'))).toBe(String(writers * increments));
      expect(await keys('')).toEqual(['counter']);
    });

    it('stores a file of this machine', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'put-file-'));
      await writeFile(join(folder, 'big'), Buffer.alloc(3_000_000, 'ab'));
      await store.putFile('media/big', join(folder, 'big'));
      const read = await subject.again().get('media/big');
      expect(read.bytes).toHaveLength(3_000_000);
      expect(Buffer.from(read.bytes).equals(Buffer.alloc(3_000_000, 'ab'))).toBe(true);
      await writeFile(join(folder, 'empty'), '');
      await store.putFile('media/big', join(folder, 'empty'));
      expect((await store.get('media/big')).bytes).toHaveLength(0);
      await rm(folder, { recursive: true });
    });

    it('lists keys in byte order, below a prefix, after a key, rolled up at a slash', async () => {
      const all = ['a/1', 'a/2', 'a-b', 'a/x/3', 'b', 'a.c/1', 'a=d/1'];
      for (const key of all) await store.put(key, bytesOf(key));
      expect(await keys('')).toEqual(['a-b', 'a.c/1', 'a/1', 'a/2', 'a/x/3', 'a=d/1', 'b']);
      expect(await keys('a/')).toEqual(['a/1', 'a/2', 'a/x/3']);
      expect(await keys('a')).toEqual(['a-b', 'a.c/1', 'a/1', 'a/2', 'a/x/3', 'a=d/1']);
      expect(await keys('', { delimiter: '/' })).toEqual(['a-b', 'a.c/', 'a/', 'a=d/', 'b']);
      expect(await keys('a/', { delimiter: '/' })).toEqual(['a/1', 'a/2', 'a/x/']);
      expect(await keys('a/', { startAfter: 'a/1' })).toEqual(['a/2', 'a/x/3']);
      expect(await keys('', { startAfter: 'a/2' })).toEqual(['a/x/3', 'a=d/1', 'b']);
      expect(await keys('', { startAfter: 'a/1', delimiter: '/' })).toEqual(['a=d/', 'b']);
      expect(await keys('a/', { startAfter: 'a/2', delimiter: '/' })).toEqual(['a/x/']);
      expect(await keys('none/')).toEqual([]);
    });

    it('lists more than one page, with sizes', async () => {
      const count = 1100;
      for (let i = 0; i < count; i += 50) {
        await Promise.all(
          Array.from({ length: 50 }, (_, j) =>
            store.put(`many/${String(i + j).padStart(5, '0')}`, bytesOf('x'.repeat((i + j) % 7))),
          ),
        );
      }
      const listed = await Array.fromAsync(store.list('many/'));
      expect(listed.map(({ key }) => key)).toEqual(
        Array.from({ length: count }, (_, i) => `many/${String(i).padStart(5, '0')}`),
      );
      expect(listed.every(({ size }, i) => size === i % 7)).toBe(true);
    });

    it('deletes, and deletes again', async () => {
      const created = await store.put('parts/1', bytesOf('x'), { ifNoneMatch: '*' });
      await store.put('parts/1', bytesOf('y'), { ifMatch: created.etag });
      await store.delete('parts/1');
      await store.delete('parts/1');
      await expect(store.get('parts/1')).rejects.toThrow(ObjectMissing);
      expect(await keys('', { delimiter: '/' })).toEqual([]);
      await store.put('parts/1', bytesOf('z'), { ifNoneMatch: '*' });
      expect(textOf(await store.get('parts/1'))).toBe('z');
    });

    it('writes into a folder while others empty it', async () => {
      await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          await subject.again().put(`shards/1/parts/${i}`, bytesOf('x'));
          await subject.again().delete(`shards/1/parts/${i}`);
        }),
      );
      expect(await keys('')).toEqual([]);
    });

    it('refuses keys that not every store can hold', async () => {
      for (const key of ['', '/a', 'a/', 'a//b', '../up', 'a/../b', './a', '.tmp/x', 'ä', 'a\nb']) {
        await expect(store.put(key, bytesOf('x')), key).rejects.toThrow(RangeError);
      }
    });

    it('rejects with the reason of an aborted signal', async () => {
      const reason = new Error('draining');
      const signal = AbortSignal.abort(reason);
      await expect(store.get('a', { signal })).rejects.toBe(reason);
      await expect(store.put('a', bytesOf('x'), { signal })).rejects.toBe(reason);
      await expect(store.delete('a', { signal })).rejects.toBe(reason);
      await expect(store.get('a')).rejects.toThrow(ObjectMissing);
    });

    async function keys(
      prefix: string,
      options?: { delimiter?: '/'; startAfter?: string },
    ): Promise<string[]> {
      const listed: string[] = [];
      for await (const { key } of store.list(prefix, options)) listed.push(key);
      return listed;
    }
  });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf({ bytes }: { bytes: Uint8Array }): string {
  return new TextDecoder().decode(bytes);
}
