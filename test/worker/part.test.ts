import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { expect, test } from 'vitest';
import type { TrackOutcomes } from '../../src/worker/outcome.ts';
import { type ColumnsByAlgorithm, encodeLine, packPart, unpackPart } from '../../src/worker/part.ts';

const COLUMNS: ColumnsByAlgorithm = new Map([
  ['fingerprint', [{ name: 'print', type: 'bytes', description: '' }]],
  ['pitch', [{ name: 'f0', type: 'double', nullable: true, description: '' }]],
]);

test('outcomes come back as they went in, with the versions of their sources', async () => {
  const tracks: TrackOutcomes[] = [
    {
      row: 7,
      trackId: '二\n"a"',
      outcomes: [
        {
          algorithm: 'fingerprint',
          sourceEtag: 'd41d8-2',
          kind: 'succeeded',
          row: { print: Uint8Array.of(1, 255) },
        },
        { algorithm: 'pitch', sourceEtag: 'd41d8-2', kind: 'failed', code: 'silent', message: 'no sound' },
      ],
    },
    {
      row: 8,
      trackId: 'local',
      outcomes: [{ algorithm: 'pitch', sourceEtag: null, kind: 'succeeded', row: { f0: null } }],
    },
  ];
  const packed = await packPart(tracks.map((track) => encodeLine(COLUMNS, track)));
  expect([...(await unpackPart(COLUMNS, packed))]).toStrictEqual(tracks);
});

test('a part of before there were sources in S3 is read', async () => {
  const line = '{"row":0,"track":"a","outcomes":[{"algorithm":"pitch","row":{"f0":220}}]}\n';
  const packed = await promisify(zstdCompress)(Buffer.from(line));
  expect([...(await unpackPart(COLUMNS, packed))]).toStrictEqual([
    {
      row: 0,
      trackId: 'a',
      outcomes: [{ algorithm: 'pitch', sourceEtag: null, kind: 'succeeded', row: { f0: 220 } }],
    },
  ]);
});
