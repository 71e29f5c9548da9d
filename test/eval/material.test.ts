import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLineTable } from '../../eval/data/line-table.ts';
import { findMaterial } from '../../eval/data/material.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eval-material-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, content: unknown = ''): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
}

const NOTES = [[1, 2, 60, 'la', 0]];

test('material is found by what it is, whatever its folders are called', async () => {
  await put('kept/songs/one/audio.mp3');
  await put('kept/songs/one/truth.json', { notes: NOTES, chorus: [[1, 2]], title: 'One' });
  await put('kept/songs/two/audio.ogg');
  await put('kept/songs/two/truth.json', { notes: NOTES, chorus: null });
  await put('midi/7.mid');
  await put('midi/7.json', { melody: [[1, 2, 60]], sections_annotator1: [['A', 0, 2]] });
  await put('midi/8.mid');
  await put('midi/8.json', { bpm: 90 });
  await put('midi/9.mid');
  await put('lines/yue.tsv');
  await put('lines/deep/ja.tsv');
  await put('lines/notes.tsv');
  await put('loose/recording.FLAC');
  await put('.hidden/ko.tsv');
  const material = await findMaterial(folder);
  expect(material.sungSongs.map(({ name, truth }) => [name, truth.choruses])).toEqual([
    ['one', [[1, 2]]],
    ['two', []],
  ]);
  expect(material.midiSongs.map(({ name, truth }) => [name, truth])).toEqual([
    ['7', { melody: [[1, 2, 60]], annotations: [[['A', 0, 2]]] }],
  ]);
  expect(material.lineTables.map(({ language }) => language)).toEqual(['yue', 'ja']);
  expect(material.audioFiles.map((path) => path.slice(folder.length + 1))).toEqual([
    'kept/songs/one/audio.mp3',
    'kept/songs/two/audio.ogg',
    'loose/recording.FLAC',
  ]);
});

test('a song may be the data folder itself, and truths may lack what they do not know', async () => {
  await put('audio.wav');
  await put('truth.json', {});
  const { sungSongs } = await findMaterial(folder);
  expect(sungSongs.map(({ truth }) => truth)).toEqual([{ notes: [], choruses: [] }]);
});

test('songs of one name are told apart by their folders', async () => {
  for (const path of ['a/song', 'b/song']) {
    await put(`${path}/audio.mp3`);
    await put(`${path}/truth.json`, {});
  }
  const { sungSongs } = await findMaterial(folder);
  expect(sungSongs.map(({ name }) => name)).toEqual([join('a', 'song'), join('b', 'song')]);
});

test('a folder that links to itself is entered once', async () => {
  await put('lines/ko.tsv');
  await symlink(folder, join(folder, 'lines', 'again'));
  await symlink(join(folder, 'lines'), join(folder, 'z-the-same-lines'));
  expect((await findMaterial(folder)).lineTables).toHaveLength(1);
});

test('a folder that is missing or holds nothing is named, and so is what to do', async () => {
  await expect(findMaterial(join(folder, 'gone'))).rejects.toMatchObject({
    code: 'data-missing',
    message: `there is no data folder ${join(folder, 'gone')}`,
    hint: expect.stringContaining('--data'),
  });
  await put('readme.txt');
  await expect(findMaterial(folder)).rejects.toMatchObject({
    code: 'data-missing',
    message: expect.stringContaining(folder),
  });
});

test('a truth that can not be one is named', async () => {
  await put('song/audio.mp3');
  await put('song/truth.json', { notes: [[1, 'two', 60]] });
  await expect(findMaterial(folder)).rejects.toMatchObject({
    code: 'truth-unreadable',
    message: expect.stringContaining(join('song', 'truth.json')),
  });
});

test('lines are read without their headings, byte order mark and line ends', async () => {
  await put('ja.tsv', '\uFEFFtext\tpronunciation\r\n春\tハル\r\n秋\tアキ\r\n');
  expect(await readLineTable(join(folder, 'ja.tsv'))).toEqual([
    ['春', 'ハル'],
    ['秋', 'アキ'],
  ]);
});
