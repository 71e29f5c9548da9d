import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Wrecks, makeWrecks } from '../wrecks/make-wrecks.ts';
import { type Ended, backfill, exportRows } from './backfill.ts';

let folder: string;
let store: string;
let wrecks: Wrecks;
let bait: Server;
let bites = 0;
let ended: Ended;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  store = await mkdtemp(join(tmpdir(), 'backfill-test-'));
  bait = createServer((socket) => {
    bites += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(bait, 'listening');
  wrecks = await makeWrecks(folder, (bait.address() as AddressInfo).port);
  ended = await backfill(['run', wrecks.manifestPath, '--store', store, '--json']);
}, 300_000);

afterAll(async () => {
  bait.close();
  await rm(folder, { recursive: true, force: true });
  await rm(store, { recursive: true, force: true });
});

it('gives every track the fate that it deserves', async () => {
  expect(ended.code, ended.stderr).toBe(1);
  const failed = new Map<string, unknown>();
  for (const { track_id, algorithm, code } of await exportRows(store, 'failures')) {
    failed.set(`${String(track_id)} ${String(algorithm)}`, code);
  }
  for (const [trackId, fate] of Object.entries(wrecks.expected)) {
    const { audio, transcode, romanisation } = fate;
    const expected = { fingerprint: audio, chorus: audio, pitch: audio, romanisation, transcode };
    for (const [algorithm, outcome] of Object.entries(expected)) {
      const code = failed.get(`${trackId} ${algorithm}`);
      if (outcome === 'ok') expect(code, `${algorithm} of ${trackId}`).toBeUndefined();
      else expect(outcome, `${algorithm} of ${trackId}`).toContain(code);
    }
  }
});

it('fetches nothing that the manifest does not name', () => {
  expect(bites).toBe(0);
});

it('accounts for every one of them', async () => {
  const { stdout, code } = await backfill(['verify', '--store', store, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    proven: true,
    tracks: { total: Object.keys(wrecks.expected).length, rejected: 0 },
  });
});
