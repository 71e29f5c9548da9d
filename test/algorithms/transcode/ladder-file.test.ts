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

describe('says which field is wrong', () => {
  it.each([
    ['{', 'my.json is not JSON'],
    ['[]', 'the whole'],
    [ladder(), 'renditions: must list at least one'],
    [ladder({ name: 'a', codec: 'wma', bitrate_bps: 1 }), 'renditions[0].codec'],
    [ladder({ name: 'A b', codec: 'flac' }), 'renditions[0].name: must be lower-case'],
    [ladder({ name: '../x', codec: 'flac' }), 'renditions[0].name'],
    [ladder({ name: 'a', codec: 'aac' }), 'renditions[0].bitrate_bps: aac needs a bit rate'],
    [ladder({ name: 'a', codec: 'mp3', bitrate_bps: 100000 }), 'renditions[0].bitrate_bps: mp3 takes one of'],
    [ladder({ name: 'a', codec: 'opus', bitrate_bps: 999999 }), 'not 999999'],
    [ladder({ name: 'a', codec: 'flac', bitrate_bps: 1 }), 'takes no bit rate'],
    [
      ladder({ name: 'a', codec: 'flac' }, { name: 'a', codec: 'flac' }),
      'renditions[1].name: "a" is used twice',
    ],
    [ladder({ name: 'a', codec: 'flac', quality: 8 }), 'quality'],
  ])('%s', (json, message) => {
    expect(() => parseLadder(json, 'my.json')).toThrow(message);
    expect(() => parseLadder(json, 'my.json')).toThrow(expect.objectContaining({ fault: 'usage' }));
  });
});
