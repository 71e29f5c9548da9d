import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { donePrefix } from '../../src/run/keys.ts';
import { until } from '../end-to-end/backfill.ts';
import { type Catalogue, makeCatalogue } from '../end-to-end/catalogue.ts';
import { docker, hasEngine, startContainer } from './docker.ts';
import { type WaitingShard, planShard } from '../end-to-end/waiting-shard.ts';

const USER_ID = 10001;
const TRACKS = 12;
/** What Batch gives a container that it ends. */
const GRACE_SECONDS = 30;

describe.runIf(hasEngine)('a worker in its container', () => {
  let catalogue: Catalogue;
  let shard: WaitingShard;
  afterEach(() => rm(catalogue.folder, { recursive: true, force: true }));

  it('works its shard to the end as its own user, on a root file system that it can not write', async () => {
    await plan(2);
    const { code, stderr } = await work().ended;
    expect(code, stderr).toBe(0);
    await proven(2);
    expect((await stat(join(catalogue.store, donePrefix(shard.run)))).uid).toBe(USER_ID);
  });

  it('leaves at docker stop with exit code 75 and its work committed; the next one goes on', async () => {
    await plan(TRACKS);
    const first = work();
    await until(async () => ((await shard.checkpoint())?.next ?? 0) > 0, 'a first commit');
    const stopped = performance.now();
    await docker('stop', '--time', String(GRACE_SECONDS), first.name);
    expect((await first.ended).code).toBe(75);
    expect(performance.now() - stopped).toBeLessThan(GRACE_SECONDS * 1000);
    const left = await shard.checkpoint();
    expect(left).toMatchObject({ state: 'drained', attempts: 1 });
    expect(left?.next).toBeLessThan(TRACKS);
    expect((await work().ended).code).toBe(0);
    expect(await shard.checkpoint()).toMatchObject({ state: 'finished', attempts: 2 });
    await proven(TRACKS);
  });

  it('loses nothing that was committed when it is killed', async () => {
    await plan(TRACKS);
    const first = work();
    const committed = await until(async () => (await shard.checkpoint())?.next, 'a first commit');
    await docker('kill', '--signal', 'KILL', first.name);
    expect((await first.ended).code).toBe(137);
    const left = await shard.checkpoint();
    expect(left?.state).toBe('running');
    expect(left?.next).toBeGreaterThanOrEqual(committed);
    expect((await work().ended).code).toBe(0);
    expect(await shard.checkpoint()).toMatchObject({ state: 'finished', attempts: 2 });
    await proven(TRACKS);
  });

  async function plan(tracks: number): Promise<void> {
    catalogue = await makeCatalogue(tracks);
    shard = await planShard(catalogue.folder, catalogue.manifest, ['pitch']);
  }

  /** The command of the job definitions. */
  function work() {
    return startContainer('pitch', ['worker', shard.submission, '--scratch', '/scratch'], [catalogue.folder]);
  }

  async function proven(tracks: number): Promise<void> {
    expect(await shard.verification()).toMatchObject({ proven: true, violations: [] });
    expect((await shard.checkpoint())?.counts['pitch']?.succeeded).toBe(tracks);
  }
});
