/** The key of `s3://bucket/key` is taken as it stands, from the manifest to the request. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { csvRecord } from '../../src/manifest/csv.ts';
import { openManifest } from '../../src/manifest/read-manifest.ts';
import { resolveSource } from '../../src/manifest/resolve-uri.ts';
import { createS3Client } from '../../src/store/s3-client.ts';
import { openS3Sources } from '../../src/store/s3-sources.ts';
import { useDummyCredentials } from '../store/s3-setting.ts';
import { readRows } from './manifest-rows.ts';

const KEYS = [
  'plain.lrc',
  'has spaces.lrc',
  'has+plus.lrc',
  'has%20percent.lrc',
  'has%percent.lrc',
  '한글/노래.lrc',
  'e\u0301 nfd.lrc',
  '\u00e9 nfc.lrc',
  'a//double.lrc',
  '/leading.lrc',
  '//two leading.lrc',
  'trail/',
  'dot/./x.lrc',
  'dot/../y.lrc',
  './dot.lrc',
  '../up.lrc',
  'q?versionId=abc.lrc',
  'hash#frag.lrc',
  'amp&eq=1;semi:colon@at,comma.lrc',
  `quo'te"s.lrc`,
  'star*[1]{a,b}.lrc',
  'back\\slash.lrc',
  'emoji😀.lrc',
  'tilde~!$()|^`<>.lrc',
  'trailing space .lrc ',
  ' leading space.lrc',
  'k'.repeat(1000),
];

let server: Server;
let asked: string[] = [];
beforeAll(async () => {
  useDummyCredentials();
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { etag: '"e"', 'content-length': '2' }).end('la');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  asked = [];
});

test('every key of a manifest is asked for byte by byte', async () => {
  const { port } = server.address() as AddressInfo;
  const sources = openS3Sources(createS3Client({ endpoint: `http://127.0.0.1:${port}` }));
  const rows = KEYS.map((key, index) => csvRecord([`t${index}`, `s3://songs/${key}`]));
  const manifest = await openManifest({
    name: 'm.csv',
    chunks: Readable.from([Buffer.from(`track_id,audio_uri\n${rows.join('')}`)]),
  });
  for (const row of await readRows(manifest)) {
    if (row.kind !== 'accepted') throw new Error(`${row.raw} is rejected: ${row.reason}`);
    const location = resolveSource(row.track.audioUri, '/');
    if (location.kind !== 's3') throw new Error(`${row.track.audioUri} is ${location.kind}`);
    // oxlint-disable-next-line no-await-in-loop -- in the order of the keys
    await sources.read(location, { maxBytes: 10, signal: new AbortController().signal });
  }
  // Up to the query, which says what the request is: nothing of a key may be taken for one.
  const paths = asked.map((url) => decodeURIComponent(url.replace(/\?x-id=GetObject$/, '')));
  expect(paths).toEqual(KEYS.map((key) => `/songs/${key}`));
  expect(asked.filter((url) => /[?#]/.test(url.replace(/\?x-id=GetObject$/, '')))).toEqual([]);
});
