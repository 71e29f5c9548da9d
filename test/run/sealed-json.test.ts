import { expect, test } from 'vitest';
import { openSealedJson, sealJson } from '../../src/run/sealed-json.ts';

const RECORD = { schema: 1, kind: 'run', run: 'r1', text: 'a "quoted" ü\n}', nested: { list: [1, 2] } };

test('a record comes back as it went in, and is JSON for everybody', () => {
  const bytes = sealJson(RECORD);
  expect(openSealedJson(bytes)).toEqual(RECORD);
  expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject(RECORD);
});

test('no bit of a record can be turned without notice', () => {
  const bytes = sealJson(RECORD);
  for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
    const damaged = Uint8Array.from(bytes);
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    let found: unknown;
    try {
      found = openSealedJson(damaged);
    } catch {
      continue;
    }
    // The name of the digest is all that may be another: what it is of still stands.
    expect(found).toMatchObject(RECORD);
  }
});

test.each([
  ['cut short', (text: string) => text.slice(0, -10)],
  ['longer', (text: string) => `${text}garbage`],
  ['edited by hand', (text: string) => text.replace('"r1"', '"r2"')],
  ['written anew by another program', (text: string) => JSON.stringify(JSON.parse(text))],
])('a record that is %s is refused', (_, damage) => {
  const text = Buffer.from(sealJson(RECORD)).toString();
  expect(() => openSealedJson(Buffer.from(damage(text)))).toThrow(/not JSON|digest/);
});

test('a record of before there were digests is read as it stands', () => {
  expect(openSealedJson(Buffer.from(JSON.stringify(RECORD)))).toEqual(RECORD);
});
