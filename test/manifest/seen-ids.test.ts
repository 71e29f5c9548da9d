import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashId } from '../../src/manifest/id-hash.ts';
import { SeenIds } from '../../src/manifest/seen-ids.ts';

/** Adds an id as the manifest's reader does. */
function add(seen: SeenIds, id: string): boolean {
  const [high = 0, low = 0] = hashOf(id);
  return seen.add(high, low);
}

function hashOf(id: string): Uint32Array {
  const bytes = Buffer.from(id);
  const hash = new Uint32Array(2);
  hashId(bytes, 0, bytes.length, hash, 0);
  return hash;
}

test('says of any sequence of ids which are new, as a Set does', () => {
  const id = fc.oneof(
    fc.nat({ max: 50 }).map((number) => `t${number}`),
    fc.string({ unit: 'grapheme', maxLength: 9 }),
  );
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), (ids) => {
      const seen = new SeenIds();
      const set = new Set<string>();
      for (const one of ids) {
        expect(add(seen, one)).toBe(!set.has(one));
        set.add(one);
      }
      expect(seen.size).toBe(set.size);
    }),
  );
});

test('tells ids apart that differ in their length, or in a NUL', () => {
  const seen = new SeenIds();
  const ids = [
    '',
    '\0',
    '\0\0',
    '\0\0\0\0',
    'a',
    'a\0',
    '\0a',
    'abcd',
    'abcd\0',
    'abcde',
    'abcdefg',
    'abcdefgh',
  ];
  expect(ids.map((id) => add(seen, id))).not.toContain(false);
});

test('the hash of an id does not depend on where its bytes lie', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (id, before, after) => {
      const bytes = Buffer.from(before + id + after);
      const start = Buffer.byteLength(before);
      const hash = new Uint32Array(4);
      hashId(bytes, start, start + Buffer.byteLength(id), hash, 2);
      expect(hash.subarray(2)).toEqual(hashOf(id));
    }),
  );
});

test('room made beforehand is enough, and changes no answer', () => {
  const seen = new SeenIds();
  add(seen, 'before');
  seen.reserve(1_000_000);
  const { bytes } = seen;
  let added = 0;
  for (let index = 0; index < 1_000_000; index += 1) if (add(seen, `t${index}`)) added += 1;
  expect(added).toBe(1_000_000);
  expect(seen.bytes).toBeLessThan(bytes * 1.05);
  expect([add(seen, 'before'), add(seen, 't5')]).toEqual([false, false]);
});

test('keeps a million ids apart in 14 bytes each', () => {
  const seen = new SeenIds();
  for (let index = 0; index < 1_000_000; index += 1) add(seen, `track-${String(index).padStart(9, '0')}`);
  expect(seen.size).toBe(1_000_000);
  expect(seen.bytes / seen.size).toBeLessThan(14);
  expect(add(seen, 'track-000777777')).toBe(false);
});

test.each([
  ['counted', (index: number) => `track-${String(index).padStart(9, '0')}`],
  ['ISRC', (index: number) => `GBAYE${String(index).padStart(7, '0')}`],
  ['hexadecimal', (index: number) => `${(index * 40_503).toString(16)}-0000-4000`],
  ['short', (index: number) => index.toString(36)],
])('each half of the hash of %s ids collides about as seldom as chance would have it', (_, idOf) => {
  const count = 300_000;
  const halves = { high: new Set<number>(), low: new Set<number>() };
  for (let index = 0; index < count; index += 1) {
    const [high = 0, low = 0] = hashOf(idOf(index));
    halves.high.add(high);
    halves.low.add(low);
  }
  // n^2 / 2^33 pairs are expected of a random function: 10.5, with a standard deviation of 3.2.
  expect(count - halves.high.size).toBeLessThan(30);
  expect(count - halves.low.size).toBeLessThan(30);
});
