import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cancelSubmission } from '../../src/operations/submit.ts';
import { backfill, exportRows, processesWith, start, until } from './backfill.ts';
import { type Catalogue, makeCatalogue } from './catalogue.ts';
import { ffmpegThatKills } from './ffmpeg-that-kills.ts';
import { type WaitingShard, planShard } from './waiting-shard.ts';

/** A run whose one shard waits for a worker: what a Batch child finds. */
interface Waiting extends WaitingShard {
  readonly catalogue: Catalogue;
}

describe('backfill worker, as a Batch child', () => {
  let waiting: Waiting;
  afterEach(() => rm(waiting.catalogue.folder, { recursive: true, force: true }));

  it('works its shard to the end', async () => {
    waiting = await plan(3);
    const { code, stderr } = await backfill(['worker', waiting.submission]);
    expect(code, stderr).toBe(0);
    expect(await waiting.checkpoint()).toMatchObject({ state: 'finished', next: 3, parts: [], attempts: 1 });
    await proven(waiting);
  });

  it('leaves at SIGTERM with exit code 75 and its work committed; the next one goes on from there', async () => {
    waiting = await plan(12);
    const worker = start(['worker', waiting.submission]);
    await until(async () => ((await waiting.checkpoint())?.next ?? 0) > 0, 'a first commit');
    worker.process.kill('SIGTERM');
    expect((await worker.ended).code).toBe(75);
    const left = await waiting.checkpoint();
    expect(left).toMatchObject({ state: 'drained', attempts: 1 });
    expect(left?.next).toBeLessThan(12);
    expect((await backfill(['worker', waiting.submission])).code).toBe(0);
    const finished = await waiting.checkpoint();
    expect(finished).toMatchObject({ state: 'finished', attempts: 2 });
    expect(finished?.counts['pitch']?.succeeded).toBe(12);
    await proven(waiting);
  });

  it('gives up the track in flight when the grace time is over', async () => {
    waiting = await plan(1, 600);
    const worker = start(['worker', waiting.submission, '--grace', '0.1']);
    await until(
      async () => (await processesWith('ffmpeg', waiting.catalogue.folder)).length > 0,
      'a decoder',
    );
    worker.process.kill('SIGTERM');
    expect((await worker.ended).code).toBe(75);
    expect(await waiting.checkpoint()).toMatchObject({ state: 'drained', next: 0 });
    expect(await processesWith('ffmpeg', waiting.catalogue.folder)).toEqual([]);
  });

  it('fences off another one at the same shard: no outcome is stored twice', async () => {
    waiting = await plan(20);
    const first = start(['worker', waiting.submission]);
    await until(async () => ((await waiting.checkpoint())?.next ?? 0) > 0, 'a first commit');
    const second = await backfill(['worker', waiting.submission]);
    expect(second.code, second.stderr).toBe(0);
    expect((await first.ended).code).toBe(4);
    expect((await waiting.checkpoint())?.counts['pitch']?.succeeded).toBe(20);
    await proven(waiting);
  });

  it('gives up a track that takes the whole machine down, once careful mode knows its name', async () => {
    waiting = await plan(6);
    const { catalogue, submission } = waiting;
    const poison = catalogue.trackIds[3] as string;
    const { env, deaths } = await ffmpegThatKills({
      folder: catalogue.folder,
      poison,
      kill: 'kill -KILL $(ps -o ppid= -p $PPID) $PPID',
    });
    let code: number | null = null;
    for (let attempts = 0; code !== 0 && attempts < 8; attempts++) {
      ({ code } = await backfill(['worker', submission], { env }));
    }
    expect(code).toBe(0);
    // The first death names nobody; the second and the third are noted.
    expect(await readdir(deaths)).toHaveLength(3);
    const failures = await exportRows(catalogue.store, 'failures');
    expect(failures.map((failure) => [failure['track_id'], failure['code']])).toEqual([
      [poison, 'crashed'],
      [poison, 'crashed'],
    ]);
    await proven(waiting);
  });

  it('marks a finished shard as done again where the mark is missing, and changes nothing else', async () => {
    waiting = await plan(2);
    const done = join(waiting.catalogue.store, 'runs', waiting.run, 'done');
    expect((await backfill(['worker', waiting.submission])).code).toBe(0);
    const before = await waiting.checkpoint();
    const marks = await readdir(done);
    for (const mark of marks) await rm(join(done, mark));
    expect((await backfill(['worker', waiting.submission])).code).toBe(0);
    expect(await readdir(done)).toEqual(marks);
    expect(await waiting.checkpoint()).toEqual(before);
  });

  it('says so when there is nothing for it', async () => {
    waiting = await plan(1);
    const beyond = await backfill(['worker', waiting.submission], {
      env: { AWS_BATCH_JOB_ARRAY_INDEX: '7' },
    });
    expect(beyond.code).toBe(3);
    expect(beyond.stderr).toContain('the submission has no shard at array index 7');
    const nowhere = await backfill(['worker', waiting.submission.replace('/1.json', '/9.json')]);
    expect(nowhere.code).toBe(3);
    expect(nowhere.stderr).toContain(`there is no submission 9 of run ${waiting.run}`);
  });

  it('leaves at once where its submission was cancelled before it began', async () => {
    waiting = await plan(1);
    await cancelSubmission(waiting.store, waiting.run, 1);
    expect((await backfill(['worker', waiting.submission])).code).toBe(5);
    expect(await waiting.checkpoint()).toBeUndefined();
  });
});

async function plan(tracks: number, seconds = 6): Promise<Waiting> {
  const catalogue = await makeCatalogue(tracks, seconds);
  const shard = await planShard(catalogue.folder, catalogue.manifest, ['fingerprint', 'pitch']);
  return { ...shard, catalogue };
}

async function proven(waiting: Waiting): Promise<void> {
  expect(await waiting.verification()).toMatchObject({ proven: true, violations: [] });
}
