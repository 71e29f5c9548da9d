import { expect, test } from 'vitest';
import { selectAlgorithms } from '../../src/algorithms/registry.ts';
import { estimateRequests, requestDollars } from '../../src/plan/request-estimate.ts';

const analyses = selectAlgorithms(['fingerprint', 'chorus', 'pitch']);

function dollarsOf(options: Parameters<typeof estimateRequests>[0]): number {
  return estimateRequests(options).reduce((sum, share) => sum + requestDollars(share), 0);
}

test('a shard commits as often as its work takes checkpoints, and once at least', () => {
  const commits = (weightSeconds: number): number | undefined =>
    estimateRequests({
      totals: { accepted: 100, withLyrics: 0, shards: 10, weightSeconds },
      algorithms: analyses,
      checkpointSeconds: 600,
      renditions: 0,
    }).find(({ what }) => what === 'committed rows')?.times;
  expect([1, 6000, 6010, 27_000].map(commits)).toEqual([1, 1, 2, 5]);
});

test('lyrics are read where somebody wants them, and renditions are written where somebody makes them', () => {
  const totals = { accepted: 100, withLyrics: 30, shards: 1, weightSeconds: 1 };
  const of = (names: readonly string[]): string[] =>
    estimateRequests({ totals, algorithms: selectAlgorithms(names), checkpointSeconds: 600, renditions: 4 })
      .filter(({ per }) => per === 'track')
      .map(({ what, kind, count }) => `${what}: ${count} ${kind}s`);
  expect(of(['romanisation'])).toEqual(['lyrics: 30 reads']);
  expect(of(['pitch'])).toEqual(['audio: 100 reads']);
  expect(of(['chorus'])).toEqual(['audio: 100 reads', 'lyrics: 30 reads']);
  expect(of(['pitch', 'transcode', 'romanisation'])).toEqual([
    'audio: 100 reads',
    'lyrics: 30 reads',
    'renditions: 400 writes',
  ]);
});

test('requests are billed by the thousand', () => {
  expect(requestDollars({ kind: 'write', count: 1_000_000 })).toBeCloseTo(5);
  expect(requestDollars({ kind: 'read', count: 60_000_000 })).toBeCloseTo(24);
  const totals = { accepted: 1000, withLyrics: 0, shards: 1, weightSeconds: 500 };
  // 1,000 + 6 + 1 reads; a claim, a part, two checkpoints, four files and a marker.
  expect(dollarsOf({ totals, algorithms: analyses, checkpointSeconds: 600, renditions: 0 })).toBeCloseTo(
    1007 * 0.0000004 + 9 * 0.000005,
    9,
  );
});
