import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeMusic } from '../audio/make-audio.ts';

const PROGRAM = fileURLToPath(new URL('../../eval/run.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eval-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function evaluate(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [PROGRAM, '--json', join(folder, 'results.json'), ...args],
      { env: environment },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

async function putSong(data: string): Promise<void> {
  await mkdir(join(data, 'my-song'), { recursive: true });
  await writeMusic(join(data, 'my-song', 'audio.wav'), { seconds: 8 });
  const truth = { notes: [[2, 3, 60, 'la', 0]], chorus: [[0.5, 7.5]] };
  await writeFile(join(data, 'my-song', 'truth.json'), JSON.stringify(truth));
}

test('scores songs and lines: tables, results, pictures, arrays', async () => {
  const data = join(folder, 'data');
  const [plots, arrays] = [join(folder, 'plots'), join(folder, 'arrays')];
  await putSong(data);
  await writeFile(join(data, 'ko.tsv'), 'text\trevised_romanization\n독립\tdongnip\n신라\tno such reading\n');
  const wanted = ['romanisation', 'chorus', 'pitch'];
  const ended = await evaluate([...wanted, '--data', data, '--plots', plots, '--arrays', arrays]);
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(
    /ko\.tsv: words exact, 2 lines +50\.00 % \(koroman alone\) +50\.00 % .*missed/,
  );
  expect(ended.stdout).toMatch(/^my-song +0\.0-[78]\.\d/m);

  const results = JSON.parse(await readFile(join(folder, 'results.json'), 'utf8'));
  expect(results).toMatchObject({ schema: 1, data });
  expect(results.evaluations.map(({ evaluation }: { evaluation: string }) => evaluation)).toEqual(wanted);
  const [romanisation, chorus] = results.evaluations;
  expect(romanisation.findings[0]).toMatchObject({ value: 50, goal: { least: 100 }, reached: false });
  expect(romanisation.tables[0].songs).toEqual([
    { name: '신라', values: { found: 'silla', truth: 'no such reading' } },
  ]);
  const [song] = chorus.tables[0].songs;
  expect(song).toMatchObject({ name: 'my-song', values: { 'half in': 'yes', 'start ok': 'yes' } });
  expect(song.values.overlap).toBeGreaterThan(0.8);

  expect((await readdir(plots)).toSorted()).toEqual(['chorus-my-song.svg', 'pitch-my-song.svg']);
  expect(await readFile(join(plots, 'chorus-my-song.svg'), 'utf8')).toContain('data:image/png;base64,');
  const kept = JSON.parse(await readFile(join(arrays, 'pitch-my-song.json'), 'utf8'));
  expect(kept.truth).toHaveLength(400);
  expect(kept.pitches.length).toBeGreaterThan(700);
});

test('scores recordings, labelled or not', async () => {
  const data = join(folder, 'data');
  await mkdir(data);
  await writeMusic(join(data, 'a recording.wav'), { seconds: 8 });
  const ended = await evaluate(['fingerprint', 'transcode', '--data', data]);
  expect(ended).toMatchObject({ code: 0 });
  for (const what of ['codes equal, of shared samples', 'codes equal, alone with the file']) {
    expect(ended.stdout).toMatch(new RegExp(`${what} .* 100\\.00 % .*reached`));
  }
  for (const what of ['recordings transcoded', 'FLAC with the samples of the source']) {
    expect(ended.stdout).toMatch(new RegExp(`${what} +100\\.0 % .*reached`));
  }
  expect(ended.stdout).toMatch(/integrated loudness off, worst +0\.00 LU .*reached/);
});

test('a machine that can not render says what to install, and scores the rest', async () => {
  const data = join(folder, 'data');
  const bin = join(folder, 'bin');
  await putSong(data);
  await writeFile(join(data, '7.mid'), '');
  await writeFile(join(data, '7.json'), JSON.stringify({ melody: [[1, 2, 60]] }));
  await mkdir(bin);
  for (const program of ['ffmpeg', 'ffprobe']) await symlink(await pathOf(program), join(bin, program));
  const ended = await evaluate(['pitch', '--data', data], { ...process.env, PATH: bin });
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/^my-song /m);
  expect(ended.stdout).toMatch(
    /rendered songs are left out: fluidsynth.*apt-get install.*fluid-soundfont-gm/,
  );
});

test('a folder without what was asked for is no success', async () => {
  await writeFile(join(folder, 'ko.tsv'), 'text\trevised_romanization\n독립\tdongnip\n');
  const ended = await evaluate(['chorus', '--data', folder]);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('chorus is left out: there is no labelled song');
});

test('wrong usage says what is wrong', async () => {
  const missing = await evaluate(['--data', join(folder, 'gone')]);
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain(`there is no data folder ${join(folder, 'gone')}`);
  expect(missing.stderr).toContain('--data');
  const unknown = await evaluate(['melody']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('pitch');
});

async function pathOf(program: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  throw new Error(`${program} is not installed`);
}
