import { chmod, cp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { findExecutable } from '../../src/audio/program-path.ts';
import { type Running, backfill, exportRows, processesWith, start, startProgram, until } from './backfill.ts';
import { type Catalogue, makeCatalogue } from './catalogue.ts';
import { makeLyricsCatalogue } from './lyrics-catalogue.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/backfill.js', import.meta.url));
/** A regular file that anybody may open, and whose reading fails. */
const UNREADABLE = '/sys/class/net/lo/speed';

let catalogue: Catalogue;
afterEach(() => rm(catalogue.folder, { recursive: true, force: true }));

describe('a folder for temporary files that is deleted', () => {
  it.each([
    ['whole', ''],
    ['but for the folders of its workers', '*/attempt-*'],
  ])('%s while tracks are in work fails none of them', async (_, below) => {
    catalogue = await makeCatalogue(4, 60);
    const scratch = join(catalogue.folder, 'scratch');
    await mkdir(scratch);
    const running = start(
      ['run', catalogue.manifest, '-a', 'pitch,transcode', '--store', catalogue.store, '--concurrency', '2'],
      { env: { TMPDIR: scratch } },
    );
    for (let times = 0; times < 2; times++) {
      // Only what encodes has the name of a folder there on its command line.
      await until(async () => (await processesWith('ffmpeg', scratch)).length > 0, 'an encoder at work');
      await startProgram(['sh', '-c', `rm -rf ${scratch}/backfill-scratch-*/${below}`]).ended;
    }
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    expect(await exportRows(catalogue.store, 'transcode')).toHaveLength(4);
    expect(await exportRows(catalogue.store, 'pitch')).toHaveLength(4);
    expect((await backfill(['verify', '--store', catalogue.store])).code).toBe(0);
    expect(await readdir(scratch)).toEqual([]);
  });

  it.each([
    ['does not exist', (path: string) => rm(path, { force: true }), 'no such file or directory'],
    ['is a file', (path: string) => writeFile(path, ''), 'not a directory'],
  ])('or that %s is named, with what to set', async (_, make, message) => {
    catalogue = await makeLyricsCatalogue(1, 1);
    const scratch = join(catalogue.folder, 'scratch');
    await make(scratch);
    const { code, stderr } = await backfill(runArguments('romanisation'), { env: { TMPDIR: scratch } });
    expect(code, stderr).toBe(3);
    expect(stderr).toContain(`no temporary files can be made in ${scratch}: ${message}`);
    expect(stderr).toContain('set TMPDIR');
  });
});

describe('a limit of the process', () => {
  it('of open files is named, and blames no track', async () => {
    // Lyrics of 128 rows are fetched ahead.
    catalogue = await makeLyricsCatalogue(150, 1);
    const { code, stderr } = await withLimit('-n 60', runArguments('romanisation')).ended;
    // Each worker that has to leave may have come further than the last.
    expect([0, 3]).toContain(code);
    expect(stderr).toContain('this process may not open more files: its limit (ulimit -n) is 60');
    if (code === 3) expect(stderr).toMatch(/backfill resume \S+ --store \S+ goes on/);
    await finishes('romanisation', 150);
  });

  it.each([24, 34])('of %i open files, which is less than it takes, blames no track', async (files) => {
    catalogue = await makeCatalogue(6);
    const { code, stderr } = await withLimit(`-n ${files}`, runArguments('fingerprint,chorus')).ended;
    // By the version of Node, it may not even start, or just get along.
    if (code === 3) expect(stderr).toContain(`its limit (ulimit -n) is ${files}`);
    if (!existsSync(join(catalogue.store, 'runs'))) return;
    await finishes('chorus', 6);
  });

  it('of the size of files stops the run, and blames no track', async () => {
    catalogue = await makeCatalogue(2);
    const { code, stderr } = await withLimit('-f 16', runArguments('transcode')).ended;
    expect(code, stderr).toBe(3);
    expect(stderr).toContain('a file may not grow further: the limit (ulimit -f) is ');
    await finishes('transcode', 2);
  });

  function withLimit(limit: string, args: readonly string[]): Running {
    return startProgram(['sh', '-c', `ulimit ${limit}; exec "$@"`, 'sh', process.execPath, PROGRAM, ...args]);
  }
});

describe('a program that vanishes while tracks are in work', () => {
  it.each([
    ['ffmpeg', (path: string) => rm(path)],
    ['ffprobe', (path: string) => chmod(path, 0)],
    ['fpcalc', (path: string) => rm(path)],
  ])('%s stops the run, and fails no track', async (name, takeAway) => {
    catalogue = await makeCatalogue(12);
    const bin = join(catalogue.folder, 'bin');
    await mkdir(bin);
    for (const program of ['ffmpeg', 'ffprobe', 'fpcalc', 'prlimit', 'setpriv', 'true']) {
      const path = await findExecutable(program);
      if (path === undefined) continue;
      if (program === name) await cp(path, join(bin, program), { dereference: true });
      else await symlink(path, join(bin, program));
    }
    const running = start(runArguments('fingerprint,chorus'), { env: { PATH: bin } });
    await until(async () => (await processesWith('ffmpeg', catalogue.folder)).length > 0, 'a decoder');
    await takeAway(join(bin, name));
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch(new RegExp(`${name} (can not be run|is not in PATH)`));
    await finishes('fingerprint', 12);
  });
});

describe('an attempt', () => {
  it('that is ended from outside again and again blames no track', async () => {
    catalogue = await makeCatalogue(1, 100);
    const running = start(runArguments('pitch'));
    for (let times = 0; times < 3; times++) {
      const decoding = async () => (await processesWith('ffmpeg', catalogue.folder)).length > 0;
      await until(decoding, 'a decoder at work');
      const [attempt] = await processesWith('attempt', '--attempt', catalogue.store);
      process.kill(attempt as number, 'SIGHUP');
      await until(async () => !(await processesWith(catalogue.store)).includes(attempt as number), 'its end');
    }
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    expect(await exportRows(catalogue.store, 'pitch')).toHaveLength(1);
  });
});

describe('a source that can not be read', () => {
  it.each(['pitch', 'fingerprint', 'romanisation'])('fails in %s as that, and alone', async (algorithm) => {
    catalogue = await makeCatalogue(3);
    const [, , third] = (await readFile(catalogue.manifest, 'utf8')).split('\n');
    const lyrics = join(catalogue.folder, 'lyrics.lrc');
    await writeFile(lyrics, '[00:01.00]きょう\n');
    await writeFile(
      catalogue.manifest,
      `track_id,audio_uri,duration_s,lyrics_uri,language\nbad,${UNREADABLE},6,${UNREADABLE},ja\n${third},${lyrics},ja\n`,
    );
    const { code, stderr } = await backfill(runArguments(algorithm));
    expect(code, stderr).toBe(1);
    expect(await exportRows(catalogue.store, 'failures')).toMatchObject([
      {
        track_id: 'bad',
        code: 'source-unreadable',
        transient: true,
        message: expect.stringContaining(UNREADABLE),
      },
    ]);
    expect(await exportRows(catalogue.store, algorithm)).toHaveLength(1);
  });
});

function runArguments(algorithms: string): string[] {
  return ['run', catalogue.manifest, '-a', algorithms, '--store', catalogue.store];
}

/** Once nothing stands in its way any more, a run goes on, and all its tracks succeed. */
async function finishes(algorithm: string, tracks: number): Promise<void> {
  const { code, stderr } = await backfill(['resume', '--store', catalogue.store]);
  expect(code, stderr).toBe(0);
  expect(await exportRows(catalogue.store, 'failures')).toEqual([]);
  expect(await exportRows(catalogue.store, algorithm)).toHaveLength(tracks);
  expect((await backfill(['verify', '--store', catalogue.store])).code).toBe(0);
}
