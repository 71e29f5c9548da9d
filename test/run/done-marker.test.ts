import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FAILURE_CODES } from '../../src/failures.ts';
import { doneMarkerKey, parseDoneMarker } from '../../src/run/done-marker.ts';

const counts = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  fc.record({
    succeeded: fc.nat(100_000),
    failed: fc.dictionary(fc.constantFrom(...FAILURE_CODES), fc.integer({ min: 1, max: 100_000 })),
  }),
  { minKeys: 1, maxKeys: 8 },
);

it('says in its key what a shard came to', () => {
  fc.assert(
    fc.property(fc.nat(200_000), counts, (shard, outcomes) => {
      const key = doneMarkerKey('run', shard, outcomes);
      expect(key.slice(key.lastIndexOf('/') + 1).length).toBeLessThanOrEqual(255);
      const marker = parseDoneMarker('run', key);
      const all = Object.values(outcomes);
      expect(marker).toMatchObject({
        shard,
        succeeded: all.reduce((sum, { succeeded }) => sum + succeeded, 0),
        failed: all.flatMap(({ failed }) => Object.values(failed)).reduce((sum, count) => sum + count, 0),
      });
      if (marker?.counts !== undefined) expect(marker.counts).toEqual(outcomes);
    }),
  );
});

it('has room for five algorithms with a few kinds of failures', () => {
  const failed = { 'unsupported-format': 120, 'decode-failed': 31 };
  const names = ['fingerprint', 'chorus', 'pitch', 'romanisation', 'transcode'];
  const outcomes = Object.fromEntries(
    names.map((name) => [name, { succeeded: 849, failed: name === 'romanisation' ? {} : failed }]),
  );
  expect(parseDoneMarker('run', doneMarkerKey('run', 59_999, outcomes))?.counts).toEqual(outcomes);
});

it('is not found in other keys', () => {
  expect(parseDoneMarker('run', 'runs/run/done/readme')).toBeUndefined();
});
