import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FAILURE_CODES } from '../../src/failures.ts';
import { assertKey } from '../../src/store/keys.ts';
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
    fc.property(
      fc.nat(200_000),
      counts,
      fc.nat(1e6),
      fc.nat(50),
      (shard, outcomes, workSeconds, reclaims) => {
        const key = doneMarkerKey('run', { shard, counts: outcomes, workSeconds, reclaims });
        expect(() => assertKey(key)).not.toThrow();
        expect(Math.max(...key.split('/').map((name) => name.length))).toBeLessThanOrEqual(255);
        expect(key.length).toBeLessThan(900);
        const marker = parseDoneMarker('run', key);
        const all = Object.values(outcomes);
        expect(marker).toMatchObject({
          shard,
          workSeconds,
          reclaims,
          succeeded: all.reduce((sum, { succeeded }) => sum + succeeded, 0),
          failed: all.flatMap(({ failed }) => Object.values(failed)).reduce((sum, count) => sum + count, 0),
        });
        if (marker?.counts !== undefined) expect(marker.counts).toEqual(outcomes);
      },
    ),
  );
});

it('has room for five algorithms with a few kinds of failures', () => {
  const failed = { 'unsupported-format': 120, 'decode-failed': 31 };
  const names = ['fingerprint', 'chorus', 'pitch', 'romanisation', 'transcode'];
  const outcomes = Object.fromEntries(
    names.map((name) => [name, { succeeded: 849, failed: name === 'romanisation' ? {} : failed }]),
  );
  const key = doneMarkerKey('run', { shard: 59_999, counts: outcomes, workSeconds: 900, reclaims: 2 });
  expect(parseDoneMarker('run', key)?.counts).toEqual(outcomes);
});

it('has room for thirty kinds of failures', () => {
  const failed = Object.fromEntries(FAILURE_CODES.slice(0, 10).map((code) => [code, 12]));
  const names = ['fingerprint', 'chorus', 'pitch'];
  const outcomes = Object.fromEntries(names.map((name) => [name, { succeeded: 849, failed }]));
  const key = doneMarkerKey('run', { shard: 59_999, counts: outcomes, workSeconds: 900, reclaims: 2 });
  expect(parseDoneMarker('run', key)?.counts).toEqual(outcomes);
});

it('is read as well where an older backfill has written it, without the work', () => {
  expect(parseDoneMarker('run', 'runs/run/done/000012-2-0-chorus.2')).toEqual({
    shard: 12,
    succeeded: 2,
    failed: 0,
    counts: { chorus: { succeeded: 2, failed: {} } },
    workSeconds: 0,
    reclaims: 0,
  });
});

it('is not found in other keys', () => {
  expect(parseDoneMarker('run', 'runs/run/done/readme')).toBeUndefined();
});
