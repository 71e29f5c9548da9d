import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, backfill, exportRows, processesWith, start, until } from './backfill.ts';
import { type Catalogue, makeCatalogue } from './catalogue.ts';
import { ffmpegThatKills } from './ffmpeg-that-kills.ts';

const ALGORITHMS = ['fingerprint', 'chorus', 'pitch'];

describe('a run that is killed', () => {
  let catalogue: Catalogue;
  /** What an undisturbed run gives. */
  let calm: Record<string, unknown>[];

  beforeAll(async () => {
    catalogue = await makeCatalogue(12, 8);
    const calmStore = join(catalogue.folder, 'calm');
    const { code, stderr } = await backfill(runArguments(calmStore));
    expect(code, stderr).toBe(0);
    calm = await allRows(calmStore);
    expect(calm).toHaveLength(12 * ALGORITHMS.length);
  });
  afterAll(() => rm(catalogue.folder, { recursive: true, force: true }));

  it('is none the worse for workers that vanish and for a command that is killed and resumed', async () => {
    const store = join(catalogue.folder, 'stormy');
    let running = start(runArguments(store));
    for (let cut = 0; cut < 3; cut++) {
      const before = await committed(store);
      await killWorkersUntil(running, store, async () => (await committed(store)) > before + 1);
      running.process.kill('SIGKILL');
      await running.ended;
      running = start(['resume', '--store', store]);
    }
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    expect(await allRows(store)).toEqual(calm);
    expect((await backfill(['verify', '--store', store])).code).toBe(0);
  });

  it('drains at Ctrl-C, says how to go on, and goes on', async () => {
    const store = join(catalogue.folder, 'interrupted');
    const running = start(runArguments(store));
    await until(() => worked(store), 'a worker at work');
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/backfill resume \S+ --store \S+ goes on/);
    expect(await processesWith('attempt', store)).toEqual([]);
    const status = JSON.parse((await backfill(['status', '--store', store, '--json'])).stdout);
    expect(status.state).toBe('interrupted');
    expect((await backfill(['resume', '--store', store])).code).toBe(0);
    expect(await allRows(store)).toEqual(calm);
  });

  function runArguments(store: string): string[] {
    const { manifest } = catalogue;
    return ['run', manifest, '-a', ALGORITHMS.join(','), '--store', store, '--checkpoint-seconds', '1'];
  }

  async function allRows(store: string): Promise<Record<string, unknown>[]> {
    const rows = await Promise.all(ALGORITHMS.map((algorithm) => exportRows(store, algorithm)));
    return rows.flat().toSorted((a, b) => (String(a['track_id']) < String(b['track_id']) ? -1 : 1));
  }
});

describe('a run with long tracks in flight', () => {
  let catalogue: Catalogue;
  beforeAll(async () => {
    catalogue = await makeCatalogue(2, 900);
  });
  afterAll(() => rm(catalogue.folder, { recursive: true, force: true }));

  it('stops at once at a second Ctrl-C, and can be resumed', async () => {
    const store = join(catalogue.folder, 'stopped');
    const running = await startDecoding(store, '--grace', '600');
    running.process.kill('SIGINT');
    await until(() => running.stderr().includes('draining'), 'draining');
    running.process.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    await until(async () => (await processesWith('attempt', store)).length === 0, 'no attempt is left');
    expect(await exportRows(store, 'pitch')).toEqual([]);
    expect((await backfill(['resume', '--store', store])).code).toBe(0);
    expect(await exportRows(store, 'pitch')).toHaveLength(2);
  });

  it('is stopped by cancel from elsewhere, within the grace time', async () => {
    const store = join(catalogue.folder, 'cancelled');
    const running = await startDecoding(store, '--grace', '0.1');
    const cancelled = await backfill(['cancel', '--store', store]);
    expect([cancelled.code, cancelled.stdout]).toEqual([
      0,
      expect.stringContaining('its workers leave when'),
    ]);
    expect((await running.ended).code).toBe(130);
    const status = JSON.parse((await backfill(['status', '--store', store, '--json'])).stdout);
    expect(status).toMatchObject({ state: 'cancelled', algorithms: { pitch: { succeeded: 0, pending: 2 } } });
    expect((await backfill(['resume', '--store', store])).code).toBe(0);
  });

  it('is not worked twice, nor started again while it is unfinished', async () => {
    const store = join(catalogue.folder, 'twice');
    const running = await startDecoding(store);
    const resumed = await backfill(['resume', '--store', store]);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toContain('is being worked by process');
    const again = await backfill(['run', catalogue.manifest, '-a', 'pitch', '--store', store]);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(
      /backfill resume \S+ --store \S+ goes on with it; backfill run --new starts/,
    );
    expect((await running.ended).code).toBe(0);
  });

  it('finds them finished when it is killed and resumed: nobody is blamed, nothing is worked twice', async () => {
    const { store } = catalogue;
    let running = await startDecoding(store, '--grace', '600');
    for (let cut = 1; cut <= 3; cut++) {
      running.process.kill('SIGKILL');
      await running.ended;
      running = start(['resume', '--store', store, '--grace', '600']);
      await until(async () => (await submissions(store)) > cut, 'the next submission');
    }
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    expect(await exportRows(store, 'failures')).toEqual([]);
    expect(await exportRows(store, 'pitch')).toHaveLength(2);
    // One attempt worked it. At most one more came to publish it.
    expect(await attempts(store)).toBeLessThanOrEqual(2);
  });

  /** Starts a run, and resolves when a track is in flight. */
  async function startDecoding(store: string, ...options: readonly string[]): Promise<Running> {
    const running = start(['run', catalogue.manifest, '-a', 'pitch', '--store', store, ...options]);
    const decoding = async () => (await processesWith('ffmpeg', catalogue.folder)).length > 0;
    await until(decoding, 'a decoder at work');
    return running;
  }

  async function submissions(store: string): Promise<number> {
    const [run] = await readdir(join(store, 'runs'));
    const files = await readdir(join(store, 'runs', run as string, 'submissions'));
    return files.filter((name) => /^\d+\.json$/.test(name)).length;
  }

  async function attempts(store: string): Promise<number> {
    const [run] = await readdir(join(store, 'runs'));
    const path = join(store, 'runs', run as string, 'shards/000000/checkpoint.json');
    return (JSON.parse(await readFile(path, 'utf8')) as { attempts: number }).attempts;
  }
});

describe('a track that kills its worker', () => {
  let catalogue: Catalogue;
  afterAll(() => rm(catalogue.folder, { recursive: true, force: true }));

  it('is given up after two times, and the others are worked', async () => {
    catalogue = await makeCatalogue(5);
    const poison = catalogue.trackIds[2] as string;
    const { env, deaths } = await ffmpegThatKills({
      folder: catalogue.folder,
      poison,
      kill: 'kill -SEGV $PPID',
    });
    const { store, manifest } = catalogue;
    const { code, stderr } = await backfill(
      ['run', manifest, '-a', 'chorus', '--store', store, '--shard-minutes', '60'],
      { env },
    );
    expect(code, stderr).toBe(1);
    expect(await readdir(deaths)).toHaveLength(2);
    const failures = await exportRows(store, 'failures');
    expect(failures).toMatchObject([{ track_id: poison, algorithm: 'chorus', code: 'crashed' }]);
    const succeeded = await exportRows(store, 'chorus');
    expect(succeeded.map(({ track_id }) => track_id)).toEqual(
      catalogue.trackIds.filter((id) => id !== poison),
    );
    expect((await backfill(['verify', '--store', store])).code).toBe(0);
    // Mended, it is worked again, and nothing else is.
    expect((await backfill(['retry-failed', '--code', 'crashed', '--store', store])).code).toBe(0);
    expect(await exportRows(store, 'chorus')).toHaveLength(5);
    expect((await backfill(['verify', '--store', store])).code).toBe(0);
  });
});

/** Kills one worker after the other, as each appears. */
async function killWorkersUntil(
  running: Running,
  store: string,
  enough: () => Promise<boolean>,
): Promise<void> {
  await until(async () => {
    for (const worker of await processesWith('backfill.js', 'worker', '--grace', store)) {
      try {
        process.kill(worker, 'SIGKILL');
      } catch {
        // It was through before it could be killed.
      }
    }
    return running.process.exitCode !== null || (await enough());
  }, 'progress in spite of the kills');
}

/** Tracks whose outcomes are committed. */
async function committed(store: string): Promise<number> {
  const { stdout, code } = await backfill(['status', '--store', store, '--json']);
  return code === 0 ? JSON.parse(stdout).algorithms.pitch.succeeded : 0;
}

/** Whether a shard has been taken. */
async function worked(store: string): Promise<boolean> {
  const runs = await readdir(join(store, 'runs')).catch(() => []);
  const shards = await Promise.all(
    runs.map((run) => readdir(join(store, 'runs', run, 'shards')).catch(() => [])),
  );
  return shards.flat().length > 0;
}
