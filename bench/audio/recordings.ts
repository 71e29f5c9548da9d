/** Real recordings that a user names, and manifests of them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { csvRecord } from '../../src/manifest/csv.ts';
import { Unavailable } from '../harness/benchmark.ts';

export interface Recording {
  readonly path: string;
  readonly durationSeconds: number;
}

/**
 * The recordings of a folder, by its manifest.csv.
 * @throws Unavailable where no folder was named, or there is nothing that can be measured in it
 */
export async function readRecordings(folder: string | undefined): Promise<readonly Recording[]> {
  const what = 'a folder of recordings with a manifest.csv, whose columns audio_uri and duration_s name them';
  if (folder === undefined) throw new Unavailable(`name recordings: --recordings DIR, ${what}`);
  const manifest = await readFile(join(folder, 'manifest.csv'), 'utf8').catch(() => {
    throw new Unavailable(`there is no manifest.csv in ${folder}: it has to be ${what}`);
  });
  const rows: Record<string, string>[] = parse(manifest, { columns: true });
  const recordings = rows.map(({ audio_uri = '', duration_s }) => ({
    path: resolve(folder, audio_uri),
    durationSeconds: Number(duration_s),
  }));
  if (recordings.length === 0 || !recordings.every(({ durationSeconds }) => durationSeconds > 0)) {
    throw new Unavailable(`${join(folder, 'manifest.csv')} has to tell the duration_s of every recording`);
  }
  return recordings;
}

/** The recordings so many times over. */
export function repeated(recordings: readonly Recording[], times: number): readonly Recording[] {
  return Array.from({ length: times }, () => recordings).flat();
}

/** Writes a manifest of them, each under an id of its own, and gives its path. */
export async function writeManifest(path: string, recordings: readonly Recording[]): Promise<string> {
  const rows = recordings.map(({ path: audio, durationSeconds }, index) =>
    csvRecord([`track-${index}`, audio, String(durationSeconds)]),
  );
  await writeFile(path, csvRecord(['track_id', 'audio_uri', 'duration_s']) + rows.join(''));
  return path;
}
