import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWrecks, type Wrecks } from './make-wrecks.ts';

const run = promisify(execFile);
const PORT = 49_731;

let folder: string;
let wrecks: Wrecks;
let rows: Record<string, string>[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wrecks-'));
  wrecks = await makeWrecks(folder, PORT);
  rows = parse<Record<string, string>>(readFileSync(wrecks.manifestPath), { columns: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every row has a fate, and every fate a row', () => {
  const ids = rows.map((row) => row['track_id']);
  expect(ids).toEqual(Object.keys(wrecks.expected));
  expect(new Set(ids).size).toBe(ids.length);
});

test('a track whose audio is said to be good, holds sound that decodes without a word', async () => {
  const good = rows.filter((row) => wrecks.expected[row['track_id'] ?? '']?.audio === 'ok');
  expect(good.length).toBeGreaterThan(8);
  for (const file of new Set(good.map(pathOf))) {
    const output = ['-map', '0:a', '-t', '5', '-f', 'null', '-'];
    const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', file, ...output]);
    expect(stderr, file).toBe('');
  }
});

test('what is said to be missing is missing, and nothing else is', () => {
  const isMissing = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) === undefined;
  for (const row of rows) {
    const { audio } = wrecks.expected[row['track_id'] ?? ''] ?? {};
    expect(isMissing(pathOf(row)), row['track_id']).toBe(audio?.includes('source-missing'));
  }
  for (const row of rows.filter((candidate) => candidate['lyrics_uri'] !== '')) {
    const { romanisation } = wrecks.expected[row['track_id'] ?? ''] ?? {};
    expect(isMissing(join(folder, row['lyrics_uri'] ?? ''))).toBe(romanisation?.includes('lyrics-missing'));
  }
});

test('a track fails as no-lyrics where its row names none, and only there', () => {
  for (const row of rows) {
    const { romanisation } = wrecks.expected[row['track_id'] ?? ''] ?? {};
    expect(romanisation?.includes('no-lyrics'), row['track_id']).toBe(row['lyrics_uri'] === '');
  }
});

test('files of the wrong kind are of that kind', () => {
  expect(statSync(pathById('empty-file')).size).toBe(0);
  expect(statSync(pathById('fifo')).isFIFO()).toBe(true);
  expect(statSync(pathById('directory')).isDirectory()).toBe(true);
  expect(statSync(pathById('unreadable')).mode & 0o777).toBe(0);
});

test('odd media is as odd as it says', async () => {
  expect(await streamsOf('video-only')).toEqual(['video']);
  expect(await streamsOf('picture-first')).toEqual(['video', 'audio']);
  // ffmpeg's reader names an ID3 cover after the sound, wherever the writer was given it.
  expect((await streamsOf('cover-first')).toSorted()).toEqual(['audio', 'video']);
  expect(await durationOf('too-short')).toBeCloseTo(0.05, 3);
  expect(await durationOf('silence')).toBeCloseTo(30, 3);
  const measure = ['-af', 'volumedetect', '-f', 'null', '-'];
  const input = ['-nostdin', '-hide_banner', '-i', pathById('silence')];
  const { stderr } = await run('ffmpeg', [...input, ...measure]);
  expect(Number(/max_volume: (\S+) dB/.exec(stderr)?.[1])).toBeLessThan(-70);
});

test('the truncated file is the first half of a whole one', () => {
  const whole = readFileSync(pathById('no-lyrics'));
  const half = readFileSync(pathById('truncated-ogg'));
  expect(half.equals(whole.subarray(0, half.length))).toBe(true);
  expect(half.length).toBe(Math.floor(whole.length / 2));
});

test('lures name what they want opened, under their own extension and under .mp3', () => {
  for (const disguise of ['m3u8', 'mp3']) {
    expect(readFileSync(pathById(`lure-remote-${disguise}`), 'utf8')).toContain(`http://127.0.0.1:${PORT}/`);
    expect(readFileSync(pathById(`lure-local-${disguise}`), 'utf8')).toContain('/etc/passwd');
  }
  for (const disguise of ['ffconcat', 'mp3']) {
    expect(readFileSync(pathById(`lure-script-${disguise}`), 'utf8')).toContain('file /etc/passwd');
  }
});

test('the name with quotes, a comma and an emoji survives the manifest', () => {
  expect(pathById('awkward-name')).toMatch(/it's a "good" one, 🎵 100%\.ogg$/u);
  expect(statSync(pathById('awkward-name')).isFile()).toBe(true);
  expect(rows.find((row) => row['track_id'] === 'file-uri')?.['audio_uri']).toContain(
    'spaced%20na%C3%AFve%20%231',
  );
});

function pathOf(row: Record<string, string>): string {
  const uri = row['audio_uri'] ?? '';
  return uri.startsWith('file://') ? fileURLToPath(uri) : resolve(folder, uri);
}

function pathById(trackId: string): string {
  const row = rows.find((candidate) => candidate['track_id'] === trackId);
  if (row === undefined) throw new Error(`no track ${trackId}`);
  return pathOf(row);
}

async function streamsOf(trackId: string): Promise<string[]> {
  const entries = ['-show_entries', 'stream=codec_type', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, pathById(trackId)]);
  return stdout.trim().split(/\s+/);
}

async function durationOf(trackId: string): Promise<number> {
  const entries = ['-show_entries', 'format=duration', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, pathById(trackId)]);
  return Number(stdout);
}
