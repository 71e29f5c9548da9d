import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashId } from '../../src/manifest/id-hash.ts';
import { SeenIds } from '../../src/manifest/seen-ids.ts';

test('says of any sequence of ids which are new, as a Set does', () => {
  const id = fc.oneof(
    fc.nat({ max: 50 }).map((number) => `t${number}`),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), (ids) => {
      const seen = new SeenIds();
      const set = new Set<string>();
      for (const one of ids) {
        expect(seen.add(one)).toBe(!set.has(one));
        set.add(one);
      }
      expect(seen.size).toBe(set.size);
    }),
  );
});

test('tells ids apart that differ by a NUL or a lone half of a pair', () => {
  const seen = new SeenIds();
  expect(['', '\0', '\0\0', 'a', 'a\0', '\0a', '\ud83c', '\udfb5'].map((id) => seen.add(id))).not.toContain(
    false,
  );
});

test('keeps a million ids apart in 14 bytes each', () => {
  const seen = new SeenIds();
  for (let index = 0; index < 1_000_000; index += 1) seen.add(`track-${String(index).padStart(9, '0')}`);
  expect(seen.size).toBe(1_000_000);
  expect(seen.bytes / seen.size).toBeLessThan(14);
  expect(seen.add('track-000777777')).toBe(false);
});

test.each([
  ['counted', (index: number) => `track-${String(index).padStart(9, '0')}`],
  ['ISRC', (index: number) => `GBAYE${String(index).padStart(7, '0')}`],
  ['hexadecimal', (index: number) => `${(index * 40_503).toString(16)}-0000-4000`],
  ['short', (index: number) => index.toString(36)],
])('each half of the hash of %s ids collides about as seldom as chance would have it', (_, idOf) => {
  const count = 300_000;
  const halves = { high: new Set<number>(), low: new Set<number>() };
  const hash = { high: 0, low: 0 };
  for (let index = 0; index < count; index += 1) {
    hashId(idOf(index), hash);
    halves.high.add(hash.high);
    halves.low.add(hash.low);
  }
  // n^2 / 2^33 pairs are expected of a random function: 10.5, with a standard deviation of 3.2.
  expect(count - halves.high.size).toBeLessThan(30);
  expect(count - halves.low.size).toBeLessThan(30);
});
