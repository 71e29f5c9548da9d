import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodeGreyPng } from '../../eval/plots/png.ts';
import { selfSimilarityImage } from '../../eval/plots/self-similarity-image.ts';
import { clock, text } from '../../eval/plots/svg.ts';

test('a PNG holds its pixels', () => {
  const png = Buffer.from(encodeGreyPng(Uint8Array.of(0, 50, 100, 150, 200, 255), 3));
  expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
  const data = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  expect([...rows]).toEqual([0, 0, 50, 100, 0, 150, 200, 255]);
  // The checksum of every IEND is the same.
  expect(png.subarray(-4).toString('hex')).toBe('ae426082');
});

test('moments of the same harmony are dark against each other', () => {
  const [first, second] = [
    [1, 0, 0],
    [0, 1, 0],
  ] as const;
  // Ten seconds of one chord, ten of another, ten of the first again, at four rows a second.
  const rows = [first, second, first].flatMap((chord) => Array.from({ length: 40 }, () => chord).flat());
  const { pixels, size } = selfSimilarityImage({ rows: Float32Array.from(rows), width: 3, rate: 4 });
  const at = (i: number, j: number): number => pixels[i * size + j] as number;
  expect(size).toBe(120);
  expect(at(20, 20)).toBeLessThan(10);
  expect(at(20, 100)).toBeLessThan(10);
  expect(at(20, 60)).toBe(255);
});

test('an hour makes a picture no larger than a song', () => {
  const rows = new Float32Array(3600 * 10 * 12).fill(1);
  expect(selfSimilarityImage({ rows, width: 12, rate: 10 }).size).toBeLessThanOrEqual(720);
});

test('text of songs is text, whatever characters it has', () => {
  expect(text('Me & "You" <3', { x: 1.25, y: 2 })).toBe(
    '<text x="1.3" y="2" text-anchor="start">Me &amp; &quot;You&quot; &lt;3</text>',
  );
  expect(clock(125.9)).toBe('2:05');
});
