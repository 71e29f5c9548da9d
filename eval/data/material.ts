/**
 * What can be scored in a data folder, found by its contents; eval/README.md has the formats.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve } from 'node:path';
import { usageError } from '../../src/errors.ts';
import { type MidiTruth, readMidiTruth, readSungTruth, type SungTruth } from './truth.ts';

/** Languages whose lines can be scored. */
export const LANGUAGES = ['ja', 'yue', 'zh', 'ko'] as const;
export type LineLanguage = (typeof LANGUAGES)[number];

/** A recording of someone singing. */
export interface SungSong {
  readonly name: string;
  readonly audio: string;
  readonly truth: SungTruth;
}

/** A song to be rendered. */
export interface MidiSong {
  readonly name: string;
  readonly midi: string;
  readonly truth: MidiTruth;
}

/** A table of labelled lines of text. */
export interface LineTable {
  readonly language: LineLanguage;
  readonly path: string;
}

/** All of it in order of path. */
export interface Material {
  readonly folder: string;
  readonly sungSongs: readonly SungSong[];
  readonly midiSongs: readonly MidiSong[];
  readonly lineTables: readonly LineTable[];
  /** Every audio file, labelled or not. */
  readonly audioFiles: readonly string[];
}

// biome-ignore format: a list of words
const AUDIO_EXTENSIONS = new Set([
  '.mp3', '.ogg', '.oga', '.opus', '.flac', '.wav', '.m4a', '.mp4', '.aac', '.aif', '.aiff', '.wma', '.wv',
]);

/**
 * Looks through a folder and all below it, links followed, hidden folders left alone.
 * @throws BackfillError `data-missing` where there is no such folder or nothing in it can be scored;
 * `truth-unreadable`
 */
export async function findMaterial(folder: string): Promise<Material> {
  const root = resolve(folder);
  if (!(await isFolder(root))) {
    throw usageError('data-missing', `there is no data folder ${root}`, { hint: 'name one with --data DIR' });
  }
  const files = new Map<string, readonly string[]>();
  await listFolders(root, files, new Set());
  const sungSongs: SungSong[] = [];
  const midiSongs: MidiSong[] = [];
  const lineTables: LineTable[] = [];
  const audioFiles: string[] = [];
  for (const [path, names] of files) {
    const audio = names.find((name) => /^audio\.[^.]+$/.test(name));
    if (audio !== undefined && names.includes('truth.json')) {
      const truth = await readSungTruth(join(path, 'truth.json'));
      sungSongs.push({ name: path, audio: join(path, audio), truth });
    }
    for (const name of names) {
      const stem = name.slice(0, name.length - extname(name).length);
      const language = LANGUAGES.find((one) => name === `${one}.tsv`);
      if (language !== undefined) lineTables.push({ language, path: join(path, name) });
      if (name === audio || AUDIO_EXTENSIONS.has(extname(name).toLowerCase()))
        audioFiles.push(join(path, name));
      if (!/\.midi?$/i.test(name) || !names.includes(`${stem}.json`)) continue;
      const truth = await readMidiTruth(join(path, `${stem}.json`));
      if (truth !== undefined) midiSongs.push({ name: join(path, stem), midi: join(path, name), truth });
    }
  }
  if (sungSongs.length + midiSongs.length + lineTables.length + audioFiles.length === 0) {
    throw usageError(
      'data-missing',
      `nothing in ${root} can be scored: no audio, no MIDI with its truth, no ja.tsv, yue.tsv, zh.tsv or ko.tsv`,
      { hint: 'name another folder with --data DIR; eval/README.md has the formats' },
    );
  }
  return {
    folder: root,
    sungSongs: withShortNames(sungSongs, root),
    midiSongs: withShortNames(midiSongs, root),
    lineTables,
    audioFiles,
  };
}

/** Paths shortened to their last part; to the part below `root` where some of them are alike in that. */
export function shortNames(paths: readonly string[], root: string): string[] {
  const names = paths.map((path) => basename(path));
  return new Set(names).size === names.length
    ? names
    : paths.map((path) => relative(root, path) || basename(path));
}

function withShortNames<Song extends { readonly name: string }>(
  songs: readonly Song[],
  root: string,
): Song[] {
  const names = shortNames(
    songs.map(({ name }) => name),
    root,
  );
  return songs.map((song, index) => ({ ...song, name: names[index] ?? song.name }));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The names of the files of each folder, in order. Each folder is entered once, whatever links lead to it. */
async function listFolders(
  path: string,
  files: Map<string, readonly string[]>,
  entered: Set<string>,
): Promise<void> {
  const real = await realpath(path);
  if (entered.has(real)) return;
  entered.add(real);
  const names = (await readdir(path)).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const folders: string[] = [];
  const plain: string[] = [];
  for (const name of names.toSorted()) {
    ((await isFolder(join(path, name))) ? folders : plain).push(name);
  }
  files.set(path, plain);
  for (const name of folders) await listFolders(join(path, name), files, entered);
}
