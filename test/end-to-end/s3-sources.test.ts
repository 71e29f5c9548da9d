import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readParquetFile } from '../../src/results/parquet-reader.ts';
import { type S3Server, startS3Server } from '../fake-aws/s3/s3-server.ts';
import { type Ended, backfill, exportRows, start, until } from './backfill.ts';
import { makeSong } from './catalogue.ts';

const LYRICS = '[00:01.00]사랑해\n[00:02.50]안녕\n';

/** What an outcome's row says of where it came from. */
interface Row {
  readonly track_id: string;
  readonly source_etag: string | null;
  readonly algorithm: string;
  readonly code?: string;
  readonly message?: string;
}

describe('a catalogue in S3', () => {
  let server: S3Server;
  let folder: string;
  let scratch: string;
  let env: Record<string, string>;
  const etags: Record<string, string> = {};

  beforeAll(async () => {
    server = await startS3Server();
    folder = await mkdtemp(join(tmpdir(), 'backfill-test-'));
    await Promise.all([0, 1, 2].map((seed) => makeSong(join(folder, `song ${seed}.wav`), seed, 4)));
    await put('/music');
    for (const seed of [0, 1, 2]) {
      await put(`/music/songs/song ${seed}.wav`, await readFile(join(folder, `song ${seed}.wav`)));
    }
    await put('/music/words/0.lrc', Buffer.from(LYRICS));
    await put('/music/songs/empty.wav', Buffer.alloc(0));
    await put('/music/songs/noise.wav', Buffer.from('RIFF, but not much of it'));
    env = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_S3: server.endpoint,
    };
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    scratch = await mkdtemp(join(folder, 'scratch-'));
    env = { ...env, TMPDIR: scratch };
  });

  describe('in a run', () => {
    let store: string;
    let ended: Ended;
    let gets: number;

    beforeAll(async () => {
      store = join(folder, 'store');
      const manifest = await writeManifest('s3.csv', [
        'one,s3://music/songs/song 0.wav,s3://music/words/0.lrc',
        'two,s3://music/songs/song 1.wav,',
        'local,song 2.wav,s3://music/words/none.lrc',
        'three,s3://music/songs/song 2.wav,',
        'missing,s3://music/songs/none.wav,',
        'empty,s3://music/songs/empty.wav,',
        'noise,s3://music/songs/noise.wav,',
        'rejected,s3://Music/songs/song 0.wav,',
      ]);
      const before = server.requests()['GetObject'] ?? 0;
      ended = await backfill(
        [
          'run',
          manifest,
          '--store',
          store,
          '-a',
          'fingerprint,pitch,romanisation',
          '--max-rejected',
          '1',
          '--json',
        ],
        { env: { ...env, TMPDIR: await mkdtemp(join(folder, 'run-scratch-')) } },
      );
      gets = (server.requests()['GetObject'] ?? 0) - before;
    });

    it('ends like any other, with each object asked for once', async () => {
      expect(ended.code, ended.stderr).toBe(1);
      expect(JSON.parse(ended.stdout)).toMatchObject({
        state: 'finished',
        tracks: { total: 8, rejected: 1 },
        algorithms: {
          fingerprint: { succeeded: 4, failed: 3 },
          pitch: { succeeded: 4, failed: 3 },
          romanisation: { succeeded: 1, failed: 6 },
        },
      });
      // Six of audio, two of lyrics: the two algorithms that hear share one.
      expect(gets).toBe(8);
      const verified = await backfill(['verify', '--store', store]);
      expect(verified.code, verified.stdout).toBe(0);
    });

    it('says of each result which version of which object it came from', async () => {
      for (const algorithm of ['fingerprint', 'pitch']) {
        const rows = await exportRows<Row>(store, algorithm);
        expect(Object.fromEntries(rows.map((row) => [row.track_id, row.source_etag]))).toEqual({
          one: etags['/music/songs/song 0.wav'],
          two: etags['/music/songs/song 1.wav'],
          three: etags['/music/songs/song 2.wav'],
          local: null,
        });
      }
      expect(await exportRows<Row>(store, 'romanisation')).toMatchObject([
        { track_id: 'one', source_etag: etags['/music/words/0.lrc'] },
      ]);
    });

    it('hears the same in S3 as in a file', async () => {
      const rows = await exportRows<Row>(store, 'fingerprint');
      const [local, three] = ['local', 'three'].map((id) => rows.find(({ track_id }) => track_id === id));
      expect(three).toEqual({ ...local, track_id: 'three', source_etag: three?.source_etag });
    });

    it('says so of failures, in words that name the object', async () => {
      const rows = await exportRows<Row>(store, 'failures');
      const heard = rows.filter(({ algorithm }) => algorithm === 'pitch');
      expect(heard.map(({ track_id, code, source_etag }) => [track_id, code, source_etag])).toEqual([
        ['missing', 'source-missing', null],
        ['empty', 'source-empty', etags['/music/songs/empty.wav']],
        ['noise', 'unsupported-format', etags['/music/songs/noise.wav']],
      ]);
      expect(rows.find(({ code }) => code === 'lyrics-missing')).toMatchObject({
        track_id: 'local',
        source_etag: null,
        message: 'there is no object at s3://music/words/none.lrc',
      });
      for (const { message } of rows) expect(message).not.toContain('scratch');
    });

    it('tells the version in Parquet, in CSV and of one track as well', async () => {
      const path = join(folder, 'pitch.parquet');
      const args = ['results', 'export', '--algorithm', 'pitch', '--store', store, '--format'];
      await backfill([...args, 'parquet', '-o', path]);
      const stored = await Array.fromAsync(readParquetFile(path));
      expect(stored.map(({ sourceEtag }) => sourceEtag)).toContain(etags['/music/songs/song 1.wav']);
      const csv = await backfill([...args, 'csv']);
      expect(csv.stdout).toContain(`\none,${etags['/music/songs/song 0.wav']},pitch,`);
      const { stdout } = await backfill(['results', 'get', 'empty', '--store', store, '--json']);
      expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
        code: 'source-empty',
        source_etag: etags['/music/songs/empty.wav'],
      });
    });

    it('leaves no download behind', async () => {
      const left = (await readdir(folder)).filter((name) => name.startsWith('run-scratch-'));
      expect(await readdir(join(folder, left[0] ?? ''))).toEqual([]);
    });
  });

  it('a track that is replaced while it is read fails, and can be tried again', async () => {
    const store = join(folder, 'changing');
    await put('/music/changing.wav', await readFile(join(folder, 'song 0.wav')));
    const manifest = await writeManifest('changing.csv', ['changing,s3://music/changing.wav,']);
    server.breakBodies(1, async () => put('/music/changing.wav', await readFile(join(folder, 'song 1.wav'))));
    const run = await backfill(['run', manifest, '--store', store, '-a', 'fingerprint'], { env });
    expect(run.code, run.stderr).toBe(1);
    expect(await exportRows<Row>(store, 'failures')).toMatchObject([
      { track_id: 'changing', code: 'source-changed', source_etag: null },
    ]);
    const retried = await backfill(['retry-failed', '--transient', '--store', store], { env });
    expect(retried.code, retried.stderr).toBe(0);
    expect(await exportRows<Row>(store, 'fingerprint')).toMatchObject([
      { track_id: 'changing', source_etag: etags['/music/changing.wav'] },
    ]);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('a connection that breaks is mended, and costs no track', async () => {
    const store = join(folder, 'breaking');
    const manifest = await writeManifest('breaking.csv', ['one,s3://music/songs/song 0.wav,']);
    server.breakBodies(1);
    const run = await backfill(['run', manifest, '--store', store, '-a', 'fingerprint'], { env });
    expect(run.code, run.stderr).toBe(0);
  });

  it('a worker that waits for a download leaves when it is told to, within its grace time', async () => {
    const store = join(folder, 'hanging');
    const manifest = await writeManifest('hanging.csv', ['one,s3://music/songs/song 0.wav,']);
    let asked = false;
    let release = (): void => {};
    const hung = new Promise<void>((resolve) => (release = resolve));
    server.breakBodies(1, () => {
      asked = true;
      return hung;
    });
    const run = start(['run', manifest, '--store', store, '-a', 'fingerprint'], { env });
    await until(() => asked, 'a download');
    run.process.kill('SIGTERM');
    expect((await run.ended).code).toBe(130);
    release();
    expect(await readdir(scratch)).toEqual([]);
    const resumed = await backfill(['resume', '--store', store], { env });
    expect(resumed.code, resumed.stderr).toBe(0);
  });

  it('one object is tried as a run would work it', async () => {
    const tried = await backfill(
      ['try', 'pitch', 's3://music/songs/song 1.wav', '--json', '--endpoint-url', server.endpoint],
      { env: { ...env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' } },
    );
    expect(tried.code, tried.stderr).toBe(0);
    expect(JSON.parse(tried.stdout)).toMatchObject({
      track_id: 'song 1.wav',
      source_etag: etags['/music/songs/song 1.wav'],
    });
    const missing = await backfill(['try', 'pitch', 's3://music/none.wav'], { env });
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('source-missing: there is no object at s3://music/none.wav');
  });

  async function writeManifest(name: string, rows: readonly string[]): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, ['track_id,audio_uri,lyrics_uri', ...rows, ''].join('\n'));
    return path;
  }

  /** Puts a bucket or an object, and remembers its ETag. */
  async function put(path: string, body: Uint8Array = new Uint8Array()): Promise<void> {
    const answer = await fetch(`${server.endpoint}${encodeURI(path)}`, {
      method: 'PUT',
      body: Uint8Array.from(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    etags[path] = answer.headers.get('etag')?.replaceAll('"', '') ?? '';
  }
});
