import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { thisProcess } from '../../src/worker/liveness.ts';
import { IN_CONTAINER, noNamespaces } from './as-root.ts';
import { type Running, backfill, exportRows, processesWith, startProgram, until } from './backfill.ts';
import { type Catalogue, makeCatalogue } from './catalogue.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));

/** Two containers of one host have one name for it, and their first processes have one number. */
describe('a run in containers of one host', () => {
  let catalogue: Catalogue;
  beforeAll(async () => {
    catalogue = await makeCatalogue(2, 100);
  });
  afterAll(() => rm(catalogue.folder, { recursive: true, force: true }));
  beforeEach((test) => test.skip(noNamespaces !== undefined, noNamespaces));

  it('goes on in the next container when the first one is killed', async () => {
    const store = join(catalogue.folder, 'next');
    const first = await startDecoding(store);
    first.process.kill('SIGKILL');
    await until(async () => (await processesWith(store)).length === 0, 'the end of the container');
    // Who can not see the first container says what it takes for granted.
    const status = await inContainer(['status', '--store', store, '--json']).ended;
    expect(JSON.parse(status.stdout)).toMatchObject({ state: 'interrupted' });
    const { code, stderr } = await inContainer(['resume', '--store', store]).ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(
      'process 1 in another container of this machine, which can not be seen from here',
    );
    expect(await exportRows(store, 'pitch')).toHaveLength(2);
    expect((await backfill(['verify', '--store', store])).code).toBe(0);
  });

  it('is seen by the host as long as its container lives', async (test) => {
    test.skip(thisProcess().namespace !== '4026531836', 'this is a container itself');
    const store = join(catalogue.folder, 'seen');
    const first = await startDecoding(store);
    const resumed = await backfill(['resume', '--store', store]);
    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toContain('is being worked by process 1 in another container of this machine');
    first.process.kill('SIGKILL');
    await until(async () => (await processesWith(store)).length === 0, 'the end of the container');
    const { code, stderr } = await backfill(['resume', '--store', store]);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain('can not be seen');
  });

  /** Starts a run as the first process of a container, and resolves when a track is in flight. */
  async function startDecoding(store: string): Promise<Running> {
    const running = inContainer(['run', catalogue.manifest, '-a', 'pitch', '--store', store]);
    const decoding = async () => (await processesWith('ffmpeg', catalogue.folder)).length > 0;
    await until(decoding, 'a decoder at work');
    return running;
  }

  function inContainer(args: readonly string[]): Running {
    return startProgram([...IN_CONTAINER, process.execPath, PROGRAM, ...args]);
  }
});
