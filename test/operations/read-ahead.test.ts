import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAhead } from '../../src/operations/read-ahead.ts';

/** Reads that end when they are told to, and note when they were begun and aborted. */
class Reads {
  readonly begun: number[] = [];
  readonly aborted: number[] = [];
  readonly #ends = new Map<number, PromiseWithResolvers<number>>();

  read = (item: number, signal: AbortSignal): Promise<number> => {
    this.begun.push(item);
    const end = Promise.withResolvers<number>();
    this.#ends.set(item, end);
    signal.addEventListener('abort', () => {
      this.aborted.push(item);
      end.reject(signal.reason as Error);
    });
    return end.promise;
  };

  end(item: number): void {
    this.#ends.get(item)?.resolve(item);
  }

  fail(item: number): void {
    this.#ends.get(item)?.reject(new Error(`no ${item}`));
  }
}

it('gives in the order of the items what was read in any, and never has more under way', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 6 }),
      fc.scheduler(),
      async (length, ahead, scheduler) => {
        const items = Array.from({ length }, (_, item) => item);
        let [underWay, most] = [0, 0];
        const given: number[] = [];
        const consumed = (async () => {
          const read = async (item: number): Promise<number> => {
            most = Math.max(most, ++underWay);
            await scheduler.schedule(Promise.resolve());
            underWay--;
            return item;
          };
          for await (const item of readAhead(items, read, ahead)) given.push(item);
        })();
        await scheduler.waitFor(consumed);
        expect(given).toEqual(items);
        expect(most).toBeLessThanOrEqual(ahead);
        expect(most).toBe(Math.min(ahead, length));
      },
    ),
  ));

it('does not begin what nobody has asked for yet', async () => {
  const reads = new Reads();
  const iterator = readAhead([0, 1, 2, 3, 4], reads.read, 3);
  expect(reads.begun).toEqual([]);
  const first = iterator.next();
  await expect.poll(() => reads.begun).toEqual([0, 1, 2]);
  reads.end(0);
  expect((await first).value).toBe(0);
  expect(reads.begun).toEqual([0, 1, 2]);
  await iterator.return();
});

it('aborts what is under way when its consumer leaves', async () => {
  const reads = new Reads();
  const iterator = readAhead([0, 1, 2, 3], reads.read, 3);
  const first = iterator.next();
  await expect.poll(() => reads.begun).toEqual([0, 1, 2]);
  reads.end(0);
  await first;
  await iterator.return();
  expect(reads.aborted).toEqual(expect.arrayContaining([1, 2]));
});

it('fails with the first item that could not be read, and aborts the rest', async () => {
  const reads = new Reads();
  const iterator = readAhead([0, 1, 2], reads.read, 3);
  const first = iterator.next();
  await expect.poll(() => reads.begun).toEqual([0, 1, 2]);
  reads.fail(1);
  reads.end(0);
  expect((await first).value).toBe(0);
  await expect(iterator.next()).rejects.toThrow('no 1');
  expect(reads.aborted).toContain(2);
});
