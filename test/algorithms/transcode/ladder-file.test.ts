import { describe, expect, it } from 'vitest';
import { parseLadder } from '../../../src/algorithms/transcode/ladder-file.ts';

const ladder = (...renditions: unknown[]): string => JSON.stringify({ renditions });

it('reads renditions and gives each its container', () => {
  expect(
    parseLadder(
      ladder({ name: 'small', codec: 'opus', bitrate_bps: 48000 }, { name: 'master', codec: 'flac' }),
      'my.json',
    ),
  ).toEqual([
    { name: 'small', codec: 'opus', container: 'ogg', bitrate: 48000 },
    { name: 'master', codec: 'flac', container: 'flac', bitrate: undefined },
  ]);
});

it('takes a byte order mark', () => {
  expect(parseLadder(`\uFEFF${ladder({ name: 'a', codec: 'flac' })}`, 'my.json')).toHaveLength(1);
});

const FLAC = { name: 'a', codec: 'flac' };
const AAC = { name: 'a', codec: 'aac', bitrate_bps: 96_000 };

describe('says which field is wrong, what it holds, and what it may hold', () => {
  it.each([
    ['{', 'my.json is not JSON: '],
    [
      '{"renditions":[{"name":"a","codec":"aac","bitrate_bps":NaN}]}',
      "my.json is not JSON: Unexpected token 'N'",
    ],
    ['[]', 'the whole: must be an object, not []'],
    ['{}', 'renditions: is missing'],
    ['{"renditions":{}}', 'renditions: must be a list, not {}'],
    [ladder(), 'renditions: must list at least one'],
    [ladder('aac'), 'renditions[0]: must be an object, not "aac"'],
    [
      ladder(...Array.from({ length: 17 }, (_, index) => ({ ...FLAC, name: `a${index}` }))),
      'at most 16 renditions',
    ],
    [ladder({ ...AAC, codec: 'wma' }), 'renditions[0].codec: must be one of aac, mp3, opus, flac, not "wma"'],
    [ladder({ name: 'a' }), 'renditions[0].codec: is missing: one of aac, mp3, opus, flac'],
    [ladder({ codec: 'flac' }), 'renditions[0].name: is missing'],
    [ladder({ ...FLAC, name: 7 }), 'renditions[0].name: must be text, not 7'],
    [
      ladder({ ...FLAC, name: 'A b' }),
      'renditions[0].name: must be lower-case letters, digits and dashes, not "A b"',
    ],
    [ladder({ ...FLAC, name: '../x' }), 'not "../x"'],
    [ladder({ ...FLAC, name: 'x'.repeat(65) }), 'renditions[0].name: must have at most 64 characters'],
    [ladder({ ...AAC, bitrate_bps: undefined }), 'renditions[0].bitrate_bps: aac needs a bit rate'],
    [ladder({ ...AAC, bitrate_bps: '96k' }), 'renditions[0].bitrate_bps: must be a number, not "96k"'],
    [
      ladder({ ...AAC, bitrate_bps: 96_000.5 }),
      'renditions[0].bitrate_bps: must be a whole number, not 96000.5',
    ],
    [
      ladder({ ...AAC, bitrate_bps: 96 }),
      'renditions[0].bitrate_bps: aac takes 16000 to 512000 bits a second, not 96',
    ],
    [
      ladder({ ...AAC, codec: 'mp3', bitrate_bps: 100_000 }),
      'renditions[0].bitrate_bps: mp3 takes one of 32000, ',
    ],
    [
      ladder({ ...AAC, codec: 'opus', bitrate_bps: 999_999 }),
      'opus takes 6000 to 510000 bits a second, not 999999',
    ],
    [
      ladder({ ...FLAC, bitrate_bps: 1 }),
      'renditions[0].bitrate_bps: flac is lossless and takes no bit rate',
    ],
    [ladder(FLAC, FLAC), 'renditions[1].name: "a" is used twice'],
    [
      ladder({ ...FLAC, quality: 8 }),
      'renditions[0]: has no "quality": a ladder has renditions, and each of them',
    ],
    [JSON.stringify({ renditions: [FLAC], extra: 1 }), 'the whole: has no "extra"'],
  ])('%s', (json, message) => {
    expect(() => parseLadder(json, 'my.json')).toThrow(message);
    expect(() => parseLadder(json, 'my.json')).toThrow(expect.objectContaining({ fault: 'usage' }));
  });

  it('all of them at once', () => {
    const wrong = ladder({ ...AAC, bitrate_bps: 1 }, { ...FLAC, name: 'B' });
    expect(() => parseLadder(wrong, 'my.json')).toThrow(
      /renditions\[0\]\.bitrate_bps: .*; renditions\[1\]\.name: /,
    );
  });
});
