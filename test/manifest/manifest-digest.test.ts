import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { manifestDigest } from '../../src/manifest/manifest-digest.ts';

const LARGE = 10 ** 9;

test.each([
  ['unknown', undefined],
  ['small', 1000],
  ['large', LARGE],
])('is SHA-256 of all chunks, whatever becomes of them later: size %s', async (_, sizeBytes) => {
  const digest = manifestDigest(sizeBytes);
  const expected = createHash('sha256');
  const chunk = Buffer.alloc(300_000);
  try {
    for (let size = 1; size < chunk.length; size += 9973) {
      randomBytes(size).copy(chunk);
      expected.update(chunk.subarray(0, size));
      await digest.update(chunk.subarray(0, size));
    }
    expect(await digest.digest()).toBe(expected.digest('hex'));
  } finally {
    await digest.close();
  }
});

test('of a large manifest only some chunks wait for the thread at a time', async () => {
  const digest = manifestDigest(LARGE);
  try {
    const answers = Array.from({ length: 8 }, () => digest.update(Buffer.alloc(1000)));
    expect(answers.slice(0, 7)).toEqual(Array(7).fill(undefined));
    expect(answers[7]).toBeInstanceOf(Promise);
    await answers[7];
  } finally {
    await digest.close();
  }
});

test('given up on, it does not keep anyone waiting', async () => {
  const digest = manifestDigest(LARGE);
  for (let index = 0; index < 7; index += 1) void digest.update(Buffer.alloc(1000));
  const waiting = digest.update(Buffer.alloc(1000));
  await digest.close();
  await Promise.race([waiting, digest.digest()]).catch((error: unknown) => {
    expect(String(error)).toContain('the thread that digests the manifest has ended');
  });
});
