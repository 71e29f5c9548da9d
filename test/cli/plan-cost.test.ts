import { expect, test } from 'vitest';
import { costDocument, costText } from '../../src/cli/render/cost.ts';

const cost = {
  compute: [
    {
      name: 'decode',
      perTrackSeconds: 0.1,
      perAudioSecond: 0.002,
      maxSeconds: Infinity,
      cpuSeconds: 580_000,
    },
    {
      name: 'fingerprint',
      perTrackSeconds: 0.06,
      perAudioSecond: 0.0002,
      maxSeconds: 120,
      cpuSeconds: 84_000,
    },
    {
      name: 'romanisation',
      perTrackSeconds: 0.004,
      perAudioSecond: 0,
      maxSeconds: Infinity,
      cpuSeconds: 4000,
    },
  ],
  vcpuPrice: 0.012,
  requests: [
    { what: 'audio', kind: 'read', times: 1, per: 'track', count: 1_000_000 },
    { what: 'its end', kind: 'write', times: 2, per: 'shard', count: 500 },
  ],
} as const;

test('each line of a cost can be checked by multiplying, each sum by adding', () => {
  expect(costText(cost)).toBe(
    `CPU time        a track  a second of audio  vCPU hours  dollars
  decode          0.1 s            0.002 s         161    $1.93
  fingerprint    0.06 s           0.0002 s        23.3    $0.28  hears 120 s of a track at most
  romanisation  0.004 s                            1.1    $0.01
  together                                         186    $2.23  at $0.012 a vCPU and hour, on spot

S3 requests  each                 number  a thousand  dollars
  audio      1 read a track    1,000,000     $0.0004    $0.40
  its end    2 writes a shard        500      $0.005  < $0.01
  together                     1,000,500                $0.40

about $2.63 in all, without volumes, storage and transfer
`,
  );
});

test('without a store in S3, requests are left out', () => {
  expect(costText({ ...cost, requests: undefined })).not.toContain('S3');
  expect(costDocument({ ...cost, requests: undefined })).not.toHaveProperty('requests');
});

test('the document has the factors and the products', () => {
  expect(costDocument(cost)).toMatchObject({
    compute: [
      { name: 'decode', perTrackSeconds: 0.1, perAudioSecond: 0.002, cpuHours: 161.11111111111111 },
      { name: 'fingerprint', maxSeconds: 120 },
      { name: 'romanisation' },
    ],
    requests: [
      { what: 'audio', count: 1_000_000, dollars: 0.4 },
      { what: 'its end', dollars: 0.0025 },
    ],
  });
  const { dollars } = costDocument(cost) as { dollars: Record<string, number> };
  expect(dollars['compute']).toBeCloseTo((668_000 / 3600) * 0.012);
  expect(dollars['total']).toBeCloseTo((668_000 / 3600) * 0.012 + 0.4025);
});
